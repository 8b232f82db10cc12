"""The field history of one row in words: when, by whom, from what to what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kam.core.editing import shown
from kam.core.fields import MoneyField, PriceField
from kam.core.money import format_money, format_price

SHOWN = 20
REMOVED = "-"
BOOKKEEPING = frozenset({"id", "version", "created_at", "updated_at"})


@dataclass(frozen=True)
class Change:
    """One field of one saving, in words; empty for nothing."""

    field: Any
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One saving of a row, as `partials/_history.html` draws it."""

    at: datetime
    who: str
    what: Any
    changes: list[Change]
    behalf_of: str = ""
    reason: str = ""


def row_history(row: Any, *, without: Collection[str] = (), unseen: Any = "", limit: int = SHOWN) -> list[Entry]:
    """The newest savings of a row that keeps history, newest first; one query and the names of related rows in it.

    `without` names fields that are not shown; a saving that changed nothing else is called `unseen`, or left out.
    """
    fields = [
        field for field in row._meta.concrete_fields if field.name not in BOOKKEEPING and field.name not in without
    ]
    related = [field.name for field in fields if field.is_relation]
    rows = list(row.history.select_related("history_user", "on_behalf_of", *related)[: limit + 1])
    pairs = zip(rows, [*rows[1:], None], strict=True)
    entries = [_entry(new, old, fields, unseen) for new, old in pairs if old is not None or new.history_type == "+"]
    return [entry for entry in entries if entry.changes or entry.what][:limit]


def _entry(row: Any, older: Any, fields: list[Any], unseen: Any) -> Entry:
    changes = []
    if older is not None and row.history_type != REMOVED:
        kept = (field for field in fields if hasattr(row, field.attname))
        changes = [
            Change(capfirst(field.verbose_name), _words(field, older), _words(field, row))
            for field in kept
            if getattr(row, field.attname) != getattr(older, field.attname)
        ]
    return Entry(
        at=row.history_date,
        who=str(row.history_user or _("System")),
        what=_what(row, older, changes, unseen),
        changes=changes,
        behalf_of=str(row.on_behalf_of or ""),
        reason=row.history_change_reason or "",
    )


def _what(row: Any, older: Any, changes: list[Change], unseen: Any) -> Any:
    if older is None:
        return _("Added")
    if row.history_type == REMOVED:
        return _("Removed")
    return "" if changes else unseen


def _words(field: Any, row: Any) -> str:
    value = getattr(row, field.name)
    if value is not None and isinstance(field, MoneyField):
        return format_money(value)
    if value is not None and isinstance(field, PriceField):
        return format_price(value)
    return "" if value in (None, "") else shown(field, value)
