"""Value-added tax on prices that include it (domain rules §3)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kam.core.money import round_money


class VatRate(models.TextChoices):
    """The rates in force. Exempt is not 0 %: nothing is taxed, and the invoice says so."""

    RATE_13 = "13", "13%"
    RATE_9 = "9", "9%"
    RATE_6 = "6", "6%"
    RATE_3 = "3", "3%"
    RATE_1 = "1", "1%"
    RATE_0 = "0", "0%"
    EXEMPT = "exempt", _("exempt")

    @property
    def fraction(self) -> Decimal:
        """The tax on a net amount of 1."""
        return Decimal(0) if self is VatRate.EXEMPT else Decimal(self.value) / 100


class VatAmounts(NamedTuple):
    """Amounts of a line or a document in CNY; gross = net + tax."""

    gross: Decimal
    net: Decimal
    tax: Decimal

    @classmethod
    def of_gross(cls, gross: Decimal, rate: VatRate) -> Self:
        """Take the tax out of an amount that includes it; the tax is what the rounded net leaves."""
        net = round_money(gross / (1 + rate.fraction))
        return cls(gross=gross, net=net, tax=gross - net)

    @classmethod
    def of_line(cls, quantity: Decimal, unit_price: Decimal, rate: VatRate) -> Self:
        """A line of quantity times price with tax; discounts are lines of their own with a negative price."""
        return cls.of_gross(round_money(quantity * unit_price), rate)

    @classmethod
    def of_document(cls, lines: Iterable[Self]) -> Self:
        """A document is the sum of its lines, never computed anew from its gross."""
        rows = list(lines)
        zero = Decimal("0.00")
        return cls(*(sum((getattr(row, name) for row in rows), zero) for name in cls._fields))
