"""Amounts of money in CNY: rounding and the ways in which they are written."""

import re
from decimal import ROUND_HALF_UP, Decimal

from cn2an import an2cn

CENT = Decimal("0.01")
TEN_THOUSAND = Decimal(10_000)
LARGEST_AMOUNT = Decimal("999999999999.99")

_THOUSANDS_AFTER_EMPTY_MYRIADS = re.compile("亿(?=[壹贰叁肆伍陆柒捌玖]仟[^万]*元)")


def round_money(amount: Decimal) -> Decimal:
    """The amount in whole cents, half a cent away from zero."""
    return _rounded(amount, CENT)


def format_money(amount: Decimal) -> str:
    """The amount as lists and papers show it: 1,234,567.89."""
    return f"{round_money(amount):,.2f}"


def format_price(price: Decimal) -> str:
    """A price of one unit of measure: at least two decimals, further ones as far as they say something."""
    whole, _point, decimals = f"{price:,f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def in_wan(amount: Decimal) -> str:
    """The amount in units of 10,000 with at most one decimal, where space is tight: 28, 18.6."""
    return f"{_rounded(amount / TEN_THOUSAND, Decimal('0.1')):,.1f}".removesuffix(".0")


def capital_amount(amount: Decimal) -> str:
    """The amount in capital characters, as papers that move money carry it: 20005.08 → 贰万零伍元零捌分."""
    written: str = an2cn(format(round_money(amount), "f"), "rmb")
    # Where all four places of 万 are empty, the library leaves out the 零 that a reader needs there.
    return _THOUSANDS_AFTER_EMPTY_MYRIADS.sub("亿零", written)


def _rounded(amount: Decimal, unit: Decimal) -> Decimal:
    """The amount in whole units, half up; never a negative zero."""
    return amount.quantize(unit, rounding=ROUND_HALF_UP) + 0
