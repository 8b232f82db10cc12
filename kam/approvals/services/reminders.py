"""Reminding of what waits too long."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from kam.approvals import rules
from kam.approvals.choices import RequestStatus
from kam.approvals.deciders import current_step, deciders
from kam.approvals.flow import day_of
from kam.approvals.kinds import kind_of
from kam.approvals.models import LIVE, Policy, Request, RequestStep
from kam.approvals.telling import tell_waiting
from kam.core.locking import lock_row
from kam.people.models import Member


def requests_remind(*, actor: Member | None = None, now: datetime) -> int:
    """Remind everybody before whom a request has waited for the working days its policy says, once per that many.

    Each request in a transaction of its own; a second call on the same day finds nothing. Returns requests reminded.
    """
    after = dict(Policy.objects.for_system().values_list("kind", "remind_after_days"))
    live = Request.objects.for_system().filter(status__in=LIVE).order_by("pk")
    return sum(_remind(pk, after.get(kind, 0), now) for pk, kind in list(live.values_list("pk", "kind")))


@transaction.atomic
def _remind(request_pk: int, after_days: int, now: datetime) -> bool:
    request = lock_row(Request, request_pk)
    since = _waits_since(request)
    on = day_of(now)
    reminded = day_of(request.reminded_at) if request.reminded_at else None
    if since is None or not rules.is_reminder_due(day_of(since), reminded, on, after_days):
        return False
    request.reminded_at = now
    request.save(update_fields=["reminded_at"])
    tell_waiting(request, _asked(request, on), rules.waited_days(day_of(since), on), at=now, on=on)
    return True


def _waits_since(request: Request) -> datetime | None:
    if not request.is_live:
        return None
    steps = RequestStep.objects.for_system().filter(request=request, revision=request.revision)
    column = "decided_at" if request.status == RequestStatus.APPROVED else "current_since"
    since: datetime | None = steps.aggregate(since=Max(column))["since"]
    return since


def _asked(request: Request, on: date) -> list[Member]:
    if request.status == RequestStatus.APPROVED:
        role = kind_of(request.kind).carried_out_by
        return list(Member.objects.for_system().present(on).filter(role=role).exclude(pk=request.requester_id))
    step = current_step(request)
    return [member for member, _authority in deciders(request, step, on)] if step else []
