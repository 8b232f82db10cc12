"""Products with price, floor price, VAT rate and validity (D23)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kam.core.fields import PriceField
from kam.core.history import OperationBase
from kam.core.scoping import ScopedQuerySet
from kam.core.vat import VatRate


class ProductQuerySet(ScopedQuerySet["Product"]):
    """Products, and which of them are sold."""

    def on_sale(self, on: date) -> Self:
        """Products whose price counts on that day, both days included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class Product(models.Model):
    """One thing sold, known by its code. `price` and `floor_price` are CNY for one `unit`, tax included."""

    code = models.CharField(_("product code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    series = models.CharField(_("series"), max_length=60, blank=True)
    unit = models.CharField(_("unit of measure"), max_length=12)
    price = PriceField(_("price"))
    floor_price = PriceField(_("floor price"))
    vat_rate = models.CharField(_("VAT rate"), max_length=6, choices=VatRate)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = models.Manager.from_queryset(ProductQuerySet)()
    history = HistoricalRecords(bases=[OperationBase], excluded_fields=["updated_at"])

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(floor_price__lte=F("price")),
                name="product_floor_not_above_price",
                violation_error_message=_("The floor price cannot be above the price."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="product_validity_in_order",
                violation_error_message=_("The last day cannot come before the first."),
            ),
        ]
        indexes = [models.Index(fields=["series", "code"]), models.Index(fields=["name", "code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:product_detail", args=[self.pk])

    def is_on_sale(self, on: date) -> bool:
        """Whether its price counts on that day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
