"""Rows and cells as a reader hands them over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

MAX_COLUMNS = 200
"""Columns looked at; what lies further right is no register of ours."""
LONGEST_SHEET_NAME = 60
"""Characters kept of a sheet's name; Excel allows 31, a .csv file is called as its maker pleases."""
MAX_ROWS = 100_000
"""Rows taken from one sheet."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that holds no value: an error such as #REF!, or a formula never calculated. `shown` as in the sheet."""

    shown: str
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` as Excel counts it; `values` by column from 0: text, number, bool, date, `Broken` or None."""

    number: int
    values: tuple[Any, ...]


@dataclass
class SheetTraits:
    """What was noticed about a sheet before its rows are read."""

    last_row: int = 0
    """The last row in which a cell holds something; Excel's formatting often reaches to row 1,048,576."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged areas as (first row, first column, last row, last column); rows from 1, columns from 0."""
    hidden_columns: list[str] = field(default_factory=list)


class Sheet(Protocol):
    """A sheet of any format."""

    name: str
    hidden: bool
    traits: SheetTraits
    cut_at: int | None
    """Row at which reading stopped before the sheet's end, or None."""

    def rows(self) -> Iterator[Row]:
        """Rows that are not empty, from the top; may be called again."""


def is_empty(value: Any) -> bool:
    """Nothing, or nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip())
