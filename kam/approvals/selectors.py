"""Reads of the approvals: what waits for a member, in one query, and what a request's pages show."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kam.approvals.choices import RequestStatus, StepKind, StepStatus
from kam.approvals.kinds import all_kinds
from kam.approvals.models import Policy, PolicyStep, Request, RequestStep
from kam.approvals.scopes import roles_answered_by
from kam.core.row_history import Entry, row_history
from kam.people.authority import own_limit
from kam.people.models import Delegation, Member

EARLIER_SHOWN = 5


def waiting_for(user: Member, *, on: date) -> QuerySet[Request]:
    """Requests that `user` may decide or carry out on that day, the longest waiting first.

    Says in one query what `deciders.authority_of` says for one request. Each row has `since` (waiting since when).
    """
    steps = RequestStep.objects.for_system().filter(request=OuterRef("pk"), revision=OuterRef("revision"))
    current = steps.filter(progress=StepStatus.CURRENT)
    mine = Q(Exists(current.filter(role__in=roles_answered_by(user))))
    for handed in _handed_to(user, on):
        mine |= _covered_by(handed, current)
    waiting = Q(status=RequestStatus.PENDING) & mine & ~Q(Exists(steps.filter(decided_by=user)))
    since: Any = Subquery(current.order_by().values("current_since")[:1])
    if kinds := kinds_carried_by(user):
        waiting |= Q(status=RequestStatus.APPROVED, kind__in=kinds)
        decided = steps.order_by().values("request").annotate(last=Max("decided_at")).values("last")[:1]
        since = Coalesce(since, Subquery(decided))
    rows = Request.objects.for_system().filter(waiting).exclude(requester=user)
    return rows.annotate(since=since).order_by("since", "pk")


def kinds_carried_by(user: Member) -> list[str]:
    """Kinds whose approved requests the member's role carries out."""
    return [kind.code for kind in all_kinds() if kind.carried_out_by == user.role]


def _handed_to(user: Member, on: date) -> list[Any]:
    """Delegations in force that the member holds, each with `grantor_role`."""
    rows = Delegation.objects.for_system().in_force(on).filter(delegate=user)
    return list(rows.annotate(grantor_role=F("grantor__role")))


def _covered_by(handed: Any, current: QuerySet[RequestStep]) -> Q:
    limit = own_limit(handed.grantor_role, handed.authority)
    if not limit.decides:
        return Q(pk__in=[])
    bounds = [bound for bound in (handed.ceiling_amount, limit.amount) if bound is not None]
    covered = Q(kind=handed.authority) & ~Q(requester=handed.grantor_id)
    covered &= Q(Exists(current.filter(role=handed.grantor_role, step_kind=StepKind.DECISION)))
    if bounds:
        covered &= Q(amount__isnull=True) | Q(amount__lte=min(bounds, default=Decimal(0)))
    return covered


def policy_history(policy: Policy) -> list[Entry]:
    """The newest changes of a policy and of its steps, those struck off too, newest first."""
    found = row_history(policy)
    for pk in PolicyStep.history.filter(policy=policy).order_by().values_list("id", flat=True).distinct():
        step = PolicyStep(pk=pk, policy=policy)
        found += [replace(entry, what=_step_words(step, entry)) for entry in row_history(step)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _step_words(step: PolicyStep, entry: Entry) -> str:
    latest = step.history.first()
    return f"{latest.get_role_display()} · {latest.get_step_kind_display()} {entry.what}".strip()


def steps_of(request: Request) -> list[RequestStep]:
    """All steps of all revisions with the people in them, oldest first; one query."""
    rows = RequestStep.objects.for_system().filter(request=request)
    return list(rows.select_related("decided_by", "on_behalf_of").order_by("revision", "position"))


def earlier_requests(request: Request) -> list[Request]:
    """Finished requests of the same kind on the same subject, the latest first; one query each for them and steps."""
    rows = (
        Request.objects.for_system()
        .filter(kind=request.kind, subject_id=request.subject_id, submitted_at__lte=request.submitted_at)
        .exclude(pk=request.pk)
        .exclude(status__in=[RequestStatus.PENDING, RequestStatus.WITHDRAWN, RequestStatus.VOID])
        .select_related("requester")
        .order_by("-submitted_at", "-pk")
    )
    return list(rows[:EARLIER_SHOWN])


def last_words(requests: list[Request]) -> dict[int, RequestStep]:
    """The last decision taken in each request, by request; one query."""
    rows = (
        RequestStep.objects.for_system()
        .filter(request__in=requests, progress=StepStatus.DONE, step_kind=StepKind.DECISION)
        .select_related("decided_by", "on_behalf_of")
        .order_by("decided_at")
    )
    return {row.request_id: row for row in rows}


def last_approved(request: Request) -> Request | None:
    """The request of the same kind on the same subject that took effect last before this one."""
    return (
        Request.objects.for_system()
        .filter(
            kind=request.kind,
            subject_id=request.subject_id,
            status=RequestStatus.EFFECTED,
            closed_at__lte=request.submitted_at,
        )
        .exclude(pk=request.pk)
        .order_by("-closed_at")
        .first()
    )


def policy_of(kind: str) -> Policy | None:
    """The policy of a kind."""
    return Policy.objects.for_system().filter(kind=kind).first()


def waits_since(request: Request, steps: list[RequestStep]) -> datetime | None:
    """Since when the next act is waited for; None when nothing is."""
    if not request.is_live:
        return None
    mine = [step for step in steps if step.revision == request.revision]
    if request.status == RequestStatus.APPROVED:
        return max((step.decided_at for step in mine if step.decided_at), default=None)
    return next((step.current_since for step in mine if step.progress == StepStatus.CURRENT), None)


def returned_lines_of(request: Request) -> dict[str, str]:
    """Lines that were returned at any step of the present revision, and why; one query."""
    rows = RequestStep.objects.for_system().filter(request=request, revision=request.revision)
    found: dict[str, str] = {}
    for lines in rows.values_list("returned_lines", flat=True):
        found |= lines
    return found


def headings(keys: list[int]) -> dict[int, Any]:
    """Requests by key, for rows that show their heading; one query."""
    return {row.pk: row for row in Request.objects.for_system().filter(pk__in=keys)}
