"""Units: the department, branches, teams, partner departments."""

from typing import Any

from django.db import transaction

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
def unit_change(*, actor: Member | None, unit_pk: int, **changes: Any) -> Unit:
    """Change name, kind or parent of a unit; a circle of parents is refused."""
    must_reach(actor, Unit, "change")
    if unknown := set(changes) - {"name", "kind", "parent"}:
        raise TypeError(f"unit_change does not take {', '.join(sorted(unknown))}")
    unit = lock_row(Unit, unit_pk)
    fields = [name for name, value in changes.items() if getattr(unit, name) != value]
    for name in fields:
        setattr(unit, name, changes[name])
    must_be_clean(unit)
    must_not_circle(unit, "parent", "parent")
    record_save(unit, fields, actor=actor)
    return unit
