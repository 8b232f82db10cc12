"""Filters of the product list."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kam.catalogue.models import Product
from kam.core.calendar import today
from kam.core.lists.filters import AnyOf, ListFilter
from kam.core.vat import VatRate


class ProductFilter(ListFilter):
    """Series, VAT rate, and whether the price counts today."""

    series = django_filters.CharFilter(label=_("Series"), lookup_expr="startswith", max_length=60)
    vat = AnyOf(field_name="vat_rate", label=_("VAT rate"), choices=VatRate.choices)
    validity = django_filters.ChoiceFilter(
        label=_("Validity"),
        choices=[("now", _("On sale")), ("later", _("To come")), ("ended", _("Ended"))],
        method="valid",
        empty_label=_("Any"),
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def valid(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Products on sale today, not yet, or no longer."""
        on = today()
        if value == "later":
            return rows.filter(starts_on__gt=on)
        if value == "ended":
            return rows.filter(ends_on__lt=on)
        return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)
