"""Who decides what: policies, edited by the director."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kam.approvals import rules
from kam.approvals.choices import StepKind
from kam.approvals.kinds import all_kinds
from kam.approvals.models import Policy, PolicyStep
from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.core.scoping import allowed
from kam.people.choices import Role
from kam.people.models import Member

FAULTS = {
    "no_decision": _("At least one step must be a decision."),
    "never_sure": _("At least one decision must be taken whatever the amount: leave “only above” empty there."),
    "opinion_last": _("The last step must be a decision: an opinion after it would change nothing."),
    "repeated": _("The same role is asked the same thing twice."),
}


@dataclass(frozen=True)
class PolicyStepData:
    """One step as the director wants it: order, opinion or decision, role, only above an amount (CNY)."""

    position: int
    step_kind: str
    role: str
    above_amount: Decimal | None = None


@transaction.atomic
def policies_ensure(*, actor: Member | None = None) -> int:
    """Give every kind that has none its default policy; what the director has changed stays. Returns how many."""
    known = set(Policy.objects.for_system().values_list("kind", flat=True))
    missing = [kind for kind in all_kinds() if kind.code not in known]
    for kind in missing:
        policy = Policy(kind=kind.code, allows_bulk=kind.default_allows_bulk)
        record_save(policy, [], actor=actor)
        for position, step in enumerate(kind.default_steps, 1):
            row = PolicyStep(
                policy=policy,
                position=position,
                step_kind=step.step_kind,
                role=step.role,
                above_amount=step.above_amount,
            )
            record_save(row, [], actor=actor)
    return len(missing)


@transaction.atomic
def policy_change(
    *,
    policy_pk: int,
    actor: Member,
    seen_version: int,
    allows_bulk: bool,
    remind_after_days: int,
    steps: Sequence[PolicyStepData],
) -> Policy:
    """Set how requests of one kind are decided from now on; requests under way keep the steps they were given.

    Raises `NotAllowed` for anybody but the director, `ChangedMeanwhile` when somebody saved meanwhile, `DomainError`
    when the steps make no sense.
    """
    policy = lock_row(Policy, policy_pk)
    if not allowed(actor, policy, "change"):
        raise NotAllowed(_("Only the director changes who decides."))
    if policy.version != seen_version:
        raise ChangedMeanwhile(_("Somebody saved this policy meanwhile. Look at it again."))
    wanted = sorted(steps, key=lambda step: step.position)
    _must_make_sense(wanted)
    changed = _write_steps(policy, wanted, actor)
    fields = [
        name
        for name, value in (("allows_bulk", allows_bulk), ("remind_after_days", remind_after_days))
        if getattr(policy, name) != value
    ]
    if not fields and not changed:
        return policy
    policy.allows_bulk, policy.remind_after_days = allows_bulk, remind_after_days
    policy.version += 1
    record_save(policy, [*fields, "version"], actor=actor)
    return policy


def _must_make_sense(steps: Sequence[PolicyStepData]) -> None:
    if len({step.position for step in steps}) < len(steps):
        raise DomainError(_("Two steps have the same order."))
    for step in steps:
        if step.step_kind not in StepKind.values or step.role not in Role.values:
            raise DomainError(_("Choose step and role from the lists."))
        if step.above_amount is not None and step.above_amount < 0:
            raise DomainError(_("An amount cannot be negative."))
    fault = rules.policy_faults([rules.Step(step.step_kind, step.role, step.above_amount) for step in steps])
    if fault:
        raise DomainError(FAULTS[fault])


def _write_steps(policy: Policy, wanted: Sequence[PolicyStepData], actor: Member) -> bool:
    """Write the steps position by position, so that history shows what became of each; True when any changed."""
    present = {row.position: row for row in PolicyStep.objects.for_system().filter(policy=policy).select_for_update()}
    changed = False
    for step in wanted:
        row = present.pop(step.position, None) or PolicyStep(policy=policy, position=step.position)
        fields = [name for name in ("step_kind", "role", "above_amount") if getattr(row, name) != getattr(step, name)]
        if not fields and not row._state.adding:
            continue
        for name in fields:
            setattr(row, name, getattr(step, name))
        record_save(row, fields, actor=actor)
        changed = True
    for row in present.values():
        row._history_user = actor
        row.delete()
        changed = True
    return changed
