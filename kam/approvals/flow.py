"""The parts that the services of requests share: laying steps, starting the next, closing the rest.

All of them run inside the transaction of a service that has locked the request.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kam.approvals import rules
from kam.approvals.choices import StepStatus
from kam.approvals.deciders import deciders
from kam.approvals.kinds import kind_of
from kam.approvals.models import Policy, PolicyStep, Request, RequestStep
from kam.approvals.telling import tell_deciders
from kam.core.exceptions import DomainError
from kam.core.locking import lock_row
from kam.people.models import Member


def lock_request(request_pk: int) -> Request:
    """Lock the request, and before it what it rests on: the order in which the subject's own services lock."""
    seen = Request.objects.for_system().get(pk=request_pk)
    kind_of(seen.kind).lock_subject(seen)
    return lock_row(Request, request_pk)


def has_changed(request: Request) -> bool:
    """Whether the facts of today differ from those that were put up."""
    return rules.snapshot_hash(kind_of(request.kind).live_snapshot(request)) != request.snapshot_hash


def close_steps(request: Request) -> None:
    """Mark the steps that nobody needs to take any more."""
    open_steps = RequestStep.objects.for_system().filter(
        request=request, revision=request.revision, progress__in=[StepStatus.AHEAD, StepStatus.CURRENT]
    )
    open_steps.update(progress=StepStatus.SKIPPED)


def lay_steps(request: Request, policy: Policy, actor: Member, now: datetime) -> None:
    """Copy the steps that `policy` asks of this revision, and put the first before those who take it."""
    rows = PolicyStep.objects.for_system().filter(policy=policy).order_by("position")
    table = [rules.Step(row.step_kind, row.role, row.above_amount) for row in rows]
    taken = rules.steps_for(table, request.amount, actor.role)
    for position, step in enumerate(taken, 1):
        row = RequestStep(
            request=request,
            revision=request.revision,
            position=position,
            step_kind=step.step_kind,
            role=step.role,
            limit_amount=rules.limit_of(step.role, table),
        )
        row.save(force_insert=True)
        if step.step_kind == rules.DECISION and not deciders(request, row, day_of(now)):
            raise DomainError(
                _("Nobody can decide this: there is no other %(role)s.") % {"role": row.get_role_display()}
            )
    start_next_step(request, now)


def start_next_step(request: Request, now: datetime) -> RequestStep | None:
    """Put the next step before those who take it. An opinion that nobody can give is passed over."""
    ahead = RequestStep.objects.for_system().filter(
        request=request, revision=request.revision, progress=StepStatus.AHEAD
    )
    for step in ahead.order_by("position"):
        if step.step_kind != rules.DECISION and not deciders(request, step, day_of(now)):
            step.progress = StepStatus.SKIPPED
            step.save(update_fields=["progress"])
            continue
        step.progress = StepStatus.CURRENT
        step.current_since = now
        step.save(update_fields=["progress", "current_since"])
        tell_deciders(request, step, at=now, on=day_of(now))
        return step
    return None


def day_of(moment: datetime) -> date:
    """The department's day of a moment."""
    return timezone.localtime(moment).date()
