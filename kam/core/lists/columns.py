"""Columns of a list page: what they read, show, add up and export."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Expression, QuerySet

from kam.core.exceptions import Text
from kam.core.lists.cells import Cell

Row = dict[str, Any]
"""One row as the database hands it over: the paths that the shown columns read, `pk`, and what `load` added."""

Loader = Callable[[Any, Sequence[int]], Mapping[int, Any]]
"""A fact that a join cannot give: member and primary keys of a page in, primary key → value out, in one query."""


@dataclass(frozen=True)
class Column:
    """One column. Joins and annotations follow the shown columns: nothing is read for a hidden one.

    `reads` are ORM paths; `sort` are the expressions of the ascending order, the last of them unique; `sheet` maps
    headings of an export to values (default: the label and the first path). `total` is a path to add up over all rows
    found. `needs` names a model ("app.model") that the member's role must be able to see.
    """

    key: str
    label: Text
    cell: Callable[[Row], Cell]
    reads: tuple[str, ...] = ()
    annotations: Mapping[str, Expression] = field(default_factory=dict)
    load: Loader | None = None
    sort: tuple[str, ...] = ()
    descending_first: bool = False
    total: str = ""
    numeric: bool = False
    hidden: bool = False
    fixed: bool = False
    needs: str = ""
    sheet: Mapping[Text, Callable[[Row], Any]] | None = None

    def sheet_columns(self) -> Mapping[Text, Callable[[Row], Any]]:
        """Headings and values of this column in an export."""
        if self.sheet is not None:
            return self.sheet
        source = self.reads[0] if self.reads else self.key
        return {self.label: lambda row: row.get(source)}


def read(rows: QuerySet[Any], columns: Iterable[Column], extra: Iterable[str] = ()) -> QuerySet[Any, Row]:
    """The queryset as plain rows that hold what `columns` read and nothing else."""
    annotations: dict[str, Expression] = {}
    paths = dict.fromkeys(["pk", *extra])
    for column in columns:
        annotations.update(column.annotations)
        paths.update(dict.fromkeys(column.reads))
    return (rows.annotate(**annotations) if annotations else rows).values(*paths)


def add_loaded(rows: list[Row], columns: Iterable[Column], user: Any) -> list[Row]:
    """Put the facts of each column's `load` under its key: one call a column, however many rows."""
    for column in columns:
        if column.load and rows:
            facts = column.load(user, [row["pk"] for row in rows])
            for row in rows:
                row[column.key] = facts.get(row["pk"])
    return rows


def flipped(order: Iterable[str]) -> tuple[str, ...]:
    """The opposite order."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
