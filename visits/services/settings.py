"""The rules of visiting are set by the director."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db import transaction

from kam.core.editing import Edited, apply_edit
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.people.guards import must_be_clean, must_reach
from kam.people.models import Member
from visits.models import VisitRules

FIELDS = (
    "cadence_a_days",
    "cadence_b_days",
    "cadence_c_days",
    "cadence_d_days",
    "person_days",
    "same_day",
    "late_after_days",
)


@transaction.atomic
def visit_rules_ensure(*, actor: Member | None) -> None:
    """Write the department's defaults where there are no rules yet; what the director has set stays."""
    if not VisitRules.objects.for_system().exists():
        record_save(VisitRules(), [], actor=actor)


@transaction.atomic
def visit_rules_change(
    *, rules_pk: int, actor: Member | None, data: Mapping[str, Any], version: int
) -> tuple[VisitRules, Edited]:
    """Set the rules from now on; logs that are filed keep their mark.

    Raises `NotAllowed` for anybody but the director, `FieldErrors`, `EditConflict`.
    """
    must_reach(actor, VisitRules, "change")
    if unknown := set(data) - set(FIELDS):
        raise TypeError(f"the rules of visiting have no {', '.join(sorted(unknown))}")
    rules = lock_row(VisitRules, rules_pk)
    tried = copy(rules)
    for name, value in data.items():
        setattr(tried, name, value)
    must_be_clean(tried)
    return rules, apply_edit(rules, data, version=version, actor=actor)
