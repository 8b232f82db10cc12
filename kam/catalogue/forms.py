"""The form of a product."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kam.catalogue.models import Product
from kam.catalogue.services import FIELDS
from kam.core.fields import PRICE_PLACES
from kam.core.forms import AmountField, DayField, ServiceModelForm


class ProductForm(ServiceModelForm):
    """What is sold, for how much, how long."""

    LAYOUT = (
        (_("The product"), ("code", "name", "series", "unit")),
        (_("Price"), ("price", "floor_price", "vat_rate")),
        (_("Validity"), ("starts_on", "ends_on", "note")),
    )
    WIDTHS: ClassVar = {"name": 3, "series": 3, "code": 3, "unit": 3, "note": 6, "starts_on": 3, "ends_on": 3}
    HINTS: ClassVar = {
        "price": _("For one unit of measure, tax included, up to six decimals. Below the floor an approval is needed."),
        "starts_on": _("Without a last day the price counts until it is changed."),
    }

    price = AmountField(label=_("Price (CNY)"), places=PRICE_PLACES)
    floor_price = AmountField(label=_("Floor price (CNY)"), places=PRICE_PLACES)
    starts_on = DayField(label=_("Valid from"))
    ends_on = DayField(label=_("Valid until"), required=False)

    class Meta:
        model = Product
        fields = FIELDS
