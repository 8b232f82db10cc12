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
from kam.core.history import Operation
from kam.core.money import format_money
from kam.core.scoping import Reach, reach

KEPT = (Account, Contact, BankAccount, Address, Warehouse)
ROWS_READ = 300
"""History rows read of each table; older ones are reached by asking for all."""
ALL_ROWS = 5000
_NOT_SHOWN = frozenset(
    {"id", "version", "name_key", "created_at", "updated_at", "account", "operation", "on_behalf_of"}
)


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

    One query a table, and one for the names of groups where the client changed its group.
    """
    found: list[Change] = []
    for model in tables:
        if reach(user, model, "view") is not Reach.NONE:
            found += _changes_of_table(model, account, user, limit)
    return sorted(found, key=lambda change: change.at, reverse=True)


def _changes_of_table(model: type[models.Model], account: Account, user: Any, limit: int) -> Iterator[Change]:
    key = {"id": account.pk} if model is Account else {"account_id": account.pk}
    people = ["history_user", "on_behalf_of"] + (["owner", "deputy"] if model is Account else [])
    rows = model.history.filter(**key).select_related("operation", *people)  # type: ignore[attr-defined]
    own = [column.name for column in rows.model._meta.concrete_fields]
    names = [f"{person}__full_name" for person in people]
    shown_rows = rows.only(*own, *names, "operation__kind", "operation__title")
    newest = list(shown_rows.order_by("-history_date", "-history_id")[:limit])
    groups = {row.parent_id for row in newest} if model is Account else set()
    parents = _visible_parents(user, groups) if len(groups) > 1 else {}
    before: dict[int, Any] = {}
    for row in reversed(newest):
        older = before.get(row.id)
        before[row.id] = row
        if older is None and row.history_type != "+":
            continue
        change = _change(model, row, older, parents, user)
        if change.changes or row.history_type != "~":
            yield change


def _change(model: type[models.Model], row: Any, older: Any, parents: dict[int, str], user: Any) -> Change:
    return Change(
        at=row.history_date,
        who=str(row.history_user or _("System")),
        behalf_of=str(row.on_behalf_of or ""),
        what=_what(model, row),
        operation=str(row.operation or ""),
        operation_url=_operation_url(row.operation, user),
        reason=row.history_change_reason or "",
        is_opening=row.history_type == "+" and model is Account,
        model=model,
        changes=_differences(model, row, older, parents) if row.history_type == "~" else [],
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


def _differences(model: type[models.Model], row: Any, older: Any, parents: dict[int, str]) -> list[FieldChange]:
    found = []
    for model_field in model._meta.concrete_fields:
        name, column = model_field.name, model_field.attname
        if name in _NOT_SHOWN or not hasattr(row, column) or getattr(row, column) == getattr(older, column):
            continue
        before, after = (_value(model_field, side, parents) for side in (older, row))
        found.append(FieldChange(str(model_field.verbose_name), before, after, name))
    return found


def _value(model_field: Any, row: Any, parents: dict[int, str]) -> str:
    if model_field.name == "parent":
        return parents.get(row.parent_id, _("another client")) if row.parent_id else ""
    value = getattr(row, model_field.name)
    if isinstance(model_field, MoneyField) and value is not None:
        return format_money(value)
    value = shown(model_field, value)
    return "" if value == "–" else value


def _visible_parents(user: Any, keys: set[int | None]) -> dict[int, str]:
    """Names of the groups that the client ever belonged to, as far as `user` may see them."""
    return dict(Account.objects.visible_to(user).filter(pk__in=keys - {None}).values_list("pk", "name"))
