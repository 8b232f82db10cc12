"""Field history of a dossier: who changed what, from what to what, on whose behalf."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account, Address, BankAccount, Contact, Warehouse
from kam.core.editing import shown
from kam.core.fields import MoneyField
from kam.core.history import Operation, history_of
from kam.core.money import format_money
from kam.core.scoping import Reach, reach
from kam.people.selectors import names_of

KEPT = (Account, Contact, BankAccount, Address, Warehouse)
ROWS_READ = 300
"""History rows read of each table; older ones are reached by asking for all."""
ALL_ROWS = 5000
_NOT_SHOWN = frozenset(
    {"id", "version", "name_key", "name_stem", "created_at", "updated_at", "account", "operation", "on_behalf_of"}
)

_MEMBERS = ("history_user_id", "on_behalf_of_id", "owner_id", "deputy_id")
"""Columns of history rows that name a member."""


@dataclass(frozen=True)
class _Names:
    """Names of members, operations and groups that history rows speak of, by key."""

    members: dict[int, str]
    operations: dict[int, Operation]
    parents: dict[int, str]


@dataclass(frozen=True)
class FieldChange:
    """One field, as people read its values."""

    field: str
    before: str
    after: str
    name: str = ""


@dataclass(frozen=True)
class Change:
    """One saving of one row of the dossier."""

    at: datetime
    who: str
    behalf_of: str
    what: str
    operation: str
    reason: str
    is_opening: bool
    operation_url: str
    """Where a bulk act can be looked at and taken back; empty for whoever may not."""
    model: type[models.Model]
    changes: list[FieldChange] = field(default_factory=list)


def changes_of(
    account: Account, user: Any, *, tables: Sequence[type[models.Model]] = KEPT, limit: int = ROWS_READ
) -> list[Change]:
    """Changes of the client and of its parts that `user` may see, newest first, out of `limit` rows of each table.

    One query a table, and one for each sort of names in them.
    """
    newest = {
        model: _newest_rows(model, account, limit) for model in tables if reach(user, model, "view") is not Reach.NONE
    }
    names = _names(user, [row for rows in newest.values() for row in rows])
    found = [change for model, rows in newest.items() for change in _changes_of_table(model, rows, names, user)]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _newest_rows(model: type[models.Model], account: Account, limit: int) -> list[Any]:
    of_client = {"id": account.pk} if model is Account else {"account_id": account.pk}
    rows = history_of(model).objects.filter(**of_client)
    return list(rows.order_by("-history_date", "-history_id")[:limit])


def _names(user: Any, rows: list[Any]) -> _Names:
    """Joined to each table of forty columns they would cost several times as much."""
    keys = [[getattr(row, column, None) for column in _MEMBERS] for row in rows]
    operations = {row.operation_id for row in rows} - {None}
    groups = {row.parent_id for row in rows if hasattr(row, "parent_id")}
    return _Names(
        members=names_of({key for row in keys for key in row if key}),
        operations=Operation.objects.for_system().in_bulk(operations) if operations else {},
        parents=_visible_parents(user, groups) if len(groups) > 1 else {},
    )


def _changes_of_table(model: type[models.Model], newest: list[Any], names: _Names, user: Any) -> Iterator[Change]:
    before: dict[int, Any] = {}
    for row in reversed(newest):
        older = before.get(row.id)
        before[row.id] = row
        if older is None and row.history_type != "+":
            continue
        change = _change(model, row, older, names, user)
        if change.changes or row.history_type != "~":
            yield change


def _change(model: type[models.Model], row: Any, older: Any, names: _Names, user: Any) -> Change:
    operation = names.operations.get(row.operation_id)
    return Change(
        at=row.history_date,
        who=names.members.get(row.history_user_id, _("System")),
        behalf_of=names.members.get(row.on_behalf_of_id, ""),
        what=_what(model, row),
        operation=str(operation or ""),
        operation_url=_operation_url(operation, user),
        reason=row.history_change_reason or "",
        is_opening=row.history_type == "+" and model is Account,
        model=model,
        changes=_differences(model, row, older, names) if row.history_type == "~" else [],
    )


def _operation_url(operation: Operation | None, user: Any) -> str:
    if operation is None or operation.kind != Operation.Kind.BULK_ASSIGN:
        return ""
    return reverse("accounts:assignment", args=[operation.pk]) if reach(user, Operation, "change") is Reach.ALL else ""


def _what(model: type[models.Model], row: Any) -> str:
    if model is Account:
        return _("Dossier opened") if row.history_type == "+" else ""
    words = {"+": _("%(kind)s added: %(name)s"), "-": _("%(kind)s removed: %(name)s"), "~": _("%(kind)s: %(name)s")}
    name = getattr(row, "name", "") or getattr(row, "code", "") or getattr(row, "line", "") or row.bank_name
    return words[row.history_type] % {"kind": model._meta.verbose_name, "name": name}


def _differences(model: type[models.Model], row: Any, older: Any, names: _Names) -> list[FieldChange]:
    found = []
    for model_field in model._meta.concrete_fields:
        name, column = model_field.name, model_field.attname
        if name in _NOT_SHOWN or not hasattr(row, column) or getattr(row, column) == getattr(older, column):
            continue
        before, after = (_value(model_field, getattr(side, column), names) for side in (older, row))
        found.append(FieldChange(str(model_field.verbose_name), before, after, name))
    return found


def _value(model_field: Any, value: Any, names: _Names) -> str:
    if model_field.name == "parent":
        return names.parents.get(value, _("another client")) if value else ""
    if model_field.attname in _MEMBERS:
        return names.members.get(value, "")
    if isinstance(model_field, MoneyField) and value is not None:
        return format_money(value)
    value = shown(model_field, value)
    return "" if value == "–" else value


def _visible_parents(user: Any, keys: set[int | None]) -> dict[int, str]:
    """Names of the groups that the client ever belonged to, as far as `user` may see them."""
    return dict(Account.objects.visible_to(user).filter(pk__in=keys - {None}).values_list("pk", "name"))
