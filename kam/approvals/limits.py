"""What policies tell the people area: how far a role decides by itself."""

from kam.approvals import rules
from kam.approvals.models import PolicyStep
from kam.people.authority import OwnLimit
from kam.people.choices import Role


def policy_limits(role: str, authority: str) -> OwnLimit | None:
    """The limit of `role` in the policy of `authority`; None where there is no such policy.

    The executive decides without bound where a policy does not name the role: it stands in.
    """
    rows = PolicyStep.objects.for_system().filter(policy__kind=authority).order_by("position")
    steps = [rules.Step(row.step_kind, row.role, row.above_amount) for row in rows]
    if not steps:
        return None
    if role == Role.EXECUTIVE:
        return OwnLimit(decides=True)
    if not rules.decides(role, steps):
        return OwnLimit(decides=False)
    return OwnLimit(decides=True, amount=rules.limit_of(role, steps))
