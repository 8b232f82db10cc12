"""Products in the panel: to look at. They are changed on the intranet's own pages."""

from django.contrib import admin

from kam.catalogue.models import Product
from kam.core.scoped_admin import ScopedModelAdmin


@admin.register(Product)
class ProductAdmin(ScopedModelAdmin):
    """Products."""

    list_display = ("code", "name", "series", "unit", "price", "floor_price", "vat_rate", "starts_on", "ends_on")
    list_filter = ("vat_rate",)
    search_fields = ("code", "name", "series")
    fields = list_display
