"""Saving a form on a row that somebody else may have saved meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import Conflict, EditConflict
from kam.core.history import Operation, record_save


@dataclass(frozen=True)
class Edited:
    """What became of an edit: fields written, and fields that somebody else changed meanwhile and that stayed."""

    written: list[str] = field(default_factory=list)
    kept_from_others: list[str] = field(default_factory=list)


def changed_fields(row: Any, data: Mapping[str, Any]) -> list[str]:
    """Names in `data` whose value differs from that of `row` (a model row or a history row)."""
    return [name for name, value in data.items() if _stored(row, name) != _plain(value)]


def apply_edit(
    row: Any,
    data: Mapping[str, Any],
    *,
    version: int,
    actor: Any,
    derived: Mapping[str, Mapping[str, Any]] | None = None,
    operation: Operation | None = None,
) -> Edited:
    """Write what the person changed since `version` to the locked `row`, and raise its version.

    Fields that only somebody else changed meanwhile keep the other's value. A field that both changed to different
    values raises `EditConflict` with both values; nothing is written then. `row` must keep history, with its version
    if it has one; see `version_of`.
    `derived` names, by field, the values computed from it (`{"name": {"name_key": …}}`): written when that field is.
    """
    base = _row_at(row, version)
    mine = changed_fields(base, data)
    theirs = [name for name in data if _stored(base, name) != _stored(row, name)]
    clashing = [name for name in mine if name in theirs and _stored(row, name) != _plain(data[name])]
    if clashing:
        raise EditConflict(
            _("Somebody saved this meanwhile. Choose which value counts."),
            [_conflict(row, base, name, data[name]) for name in clashing],
            version_of(row),
            theirs_alone=tuple(name for name in theirs if name not in mine),
            **_last_save(row),
        )
    written = changed_fields(row, {name: data[name] for name in mine})
    if written:
        values = {name: data[name] for name in written}
        for name in written:
            values |= (derived or {}).get(name, {})
        for name, value in values.items():
            setattr(row, name, value)
        if hasattr(row, "version"):
            row.version += 1
        kept_up = [name for name in ("version", "updated_at") if hasattr(row, name)]
        record_save(row, [*values, *kept_up], actor=actor, operation=operation)
    return Edited(written, [name for name in theirs if name not in written])


def version_of(row: Any) -> int:
    """What a form carries to tell later what others saved: the row's version, else its newest history row's key."""
    if hasattr(row, "version"):
        return int(row.version)
    return int(row.history.order_by("history_date", "history_id").values_list("history_id", flat=True).last() or 0)


def _last_save(row: Any) -> dict[str, Any]:
    """Who saved the row last, and when."""
    newest = row.history.select_related("history_user").order_by("history_date", "history_id").last()
    return {"who": str(newest.history_user or ""), "at": newest.history_date} if newest else {}


def _row_at(row: Any, version: int) -> Any:
    """The row as it stood at `version`; the present row when nothing was saved since."""
    if version == version_of(row):
        return row
    at = {"version": version} if hasattr(row, "version") else {"history_id": version}
    return row.history.filter(**at).order_by("history_date", "history_id").last() or row


def _stored(row: Any, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _conflict(row: Any, base: Any, name: str, mine: Any) -> Conflict:
    model_field = row._meta.get_field(name)
    return Conflict(
        field=name,
        label=model_field.verbose_name,
        base=shown(model_field, getattr(base, name)),
        theirs=shown(model_field, getattr(row, name)),
        mine=shown(model_field, mine),
    )


def shown(model_field: Any, value: Any) -> str:
    """A field's value as a person reads it: the word of a choice, the name of a related row, – for nothing."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    choices = dict(model_field.flatchoices) if hasattr(model_field, "flatchoices") else {}
    return str(choices.get(value, value))
