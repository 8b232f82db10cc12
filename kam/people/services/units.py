"""Units: the department, branches, teams, partner departments."""

from copy import copy
from typing import Any

from django.db import transaction

from kam.core.editing import apply_edit, version_of
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.people.guards import must_be_clean, must_not_circle, must_reach
from kam.people.models import Member, Unit


@transaction.atomic
def unit_add(*, actor: Member | None, name: str, kind: str, parent: Unit | None = None) -> Unit:
    """Add a unit. Raises `FieldErrors`, for example on a name that exists."""
    must_reach(actor, Unit, "add")
    unit = Unit(name=name.strip(), kind=kind, parent=parent)
    must_be_clean(unit)
    record_save(unit, [], actor=actor)
    return unit


@transaction.atomic
def unit_change(*, actor: Member | None, unit_pk: int, version: int | None = None, **changes: Any) -> Unit:
    """Change name, kind or parent of a unit; a circle of parents is refused.

    `version` is what the person had before him (`version_of`). Raises `EditConflict`, `FieldErrors`, `DomainError`.
    """
    must_reach(actor, Unit, "change")
    if unknown := set(changes) - {"name", "kind", "parent"}:
        raise TypeError(f"unit_change does not take {', '.join(sorted(unknown))}")
    unit = lock_row(Unit, unit_pk)
    tried = copy(unit)
    for name, value in changes.items():
        setattr(tried, name, value)
    must_be_clean(tried)
    must_not_circle(tried, "parent", "parent")
    apply_edit(unit, changes, version=version if version is not None else version_of(unit), actor=actor)
    return unit
