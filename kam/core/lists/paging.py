"""Paging that stays fast on large tables.

Counting stops after `COUNT_LIMIT` rows: up to there a count and the sums are exact, beyond it the page says
"more than 10,000" and shows no sums. Pages are numbered from the front (1, 2, …) or from the back (-1 is the last one),
so that the end of a long list is read in reverse order instead of being walked to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django.db.models import Count, QuerySet, Sum

from kam.core.lists.columns import flipped

COUNT_LIMIT = 10_000
SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Found:
    """How many rows there are: exact, or (`bounded`) more than `COUNT_LIMIT`. Sums by path, none when bounded."""

    total: int
    bounded: bool
    sums: dict[str, Decimal]


def count(rows: QuerySet[Any], totals: Sequence[str] = ()) -> Found:
    """Count the rows and add up the paths `totals` in one query over at most `COUNT_LIMIT` rows."""
    taken = rows.order_by().values("pk", *totals)[: COUNT_LIMIT + 1]
    sums = {f"sum_{number}": Sum(path) for number, path in enumerate(totals)}
    result = taken.aggregate(found=Count("pk"), **sums)
    if result["found"] > COUNT_LIMIT:
        return Found(COUNT_LIMIT, True, {})
    return Found(
        result["found"], False, {path: result[f"sum_{number}"] or Decimal(0) for number, path in enumerate(totals)}
    )


@dataclass(frozen=True)
class Window:
    """The page asked for, clamped to what exists. `number` is negative when counted from the back."""

    number: int
    size: int
    found: Found

    @classmethod
    def of(cls, asked: str, size: int, found: Found) -> "Window":
        """The page that the address asks for; nonsense means the first one."""
        try:
            number = int(asked)
        except ValueError:
            number = 1
        if not found.bounded:
            pages = max(1, ceil(found.total / size))
            number = max(1, min(pages, number if number > 0 else pages + 1 + number))
        return cls(number or 1, size, found)

    @property
    def offset(self) -> int:
        """Rows to pass over, from the front or from the back."""
        return (abs(self.number) - 1) * self.size

    def keys(self, rows: QuerySet[Any], order: Sequence[str]) -> QuerySet[Any, Any]:
        """Primary keys of the page and of one row more, which tells whether there is a further page."""
        turned = rows.order_by(*(order if self.number > 0 else flipped(order)))
        return turned.values("pk")[self.offset : self.offset + self.size + 1]

    @property
    def pages(self) -> int | None:
        """How many pages there are; None when that is not known."""
        return None if self.found.bounded else max(1, ceil(self.found.total / self.size))
