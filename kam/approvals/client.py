"""What the approvals hand to a client's page: every act on its requests, with the name of whoever it was done for."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from kam.approvals.choices import Outcome, RequestStatus, StepStatus
from kam.approvals.kinds import kind_of
from kam.approvals.models import Request, RequestStep
from kam.core.contributions import TimelineEvent, contribute

TONES = {Outcome.APPROVE: "ok", Outcome.AGREE: "ok", Outcome.RETURN: "bad", Outcome.OBJECT: "bad"}
ENDS = {
    RequestStatus.EFFECTED: "ok",
    RequestStatus.WITHDRAWN: "",
    RequestStatus.VOID: "bad",
}


@contribute("timeline")
def request_events(user: Any, account: Any, limit: int) -> Iterator[TimelineEvent]:
    """Submissions, opinions, decisions and what became of each request about the client."""
    rows = Request.objects.visible_to(user).filter(account_id=account.pk).select_related("requester")
    requests = {row.pk: row for row in rows.order_by("-submitted_at")[:limit]}
    for request in requests.values():
        yield _event(request, request.submitted_at, request.requester, _("Submitted"), tone="acc")
        if request.status in ENDS and request.closed_at is not None:
            yield _event(
                request, request.closed_at, "", request.get_status_display(), tone=ENDS[RequestStatus(request.status)]
            )
    steps = (
        RequestStep.objects.for_system()
        .filter(request__in=requests, progress=StepStatus.DONE)
        .select_related("decided_by", "on_behalf_of")
        .order_by("-decided_at")
    )
    for step in steps[:limit]:
        yield _event(
            requests[step.request_id],
            step.decided_at,
            step.decided_by,
            step.get_outcome_display(),
            behalf=step.on_behalf_of,
            quote=step.comment,
            tone=TONES.get(Outcome(step.outcome), ""),
        )


def _event(request: Request, at: Any, who: Any, what: Any, *, behalf: Any = None, **more: Any) -> TimelineEvent:
    kind = kind_of(request.kind)
    return TimelineEvent(
        at=at,
        who=str(who),
        on_behalf_of=str(behalf or ""),
        kind=str(what),
        text=f"{kind.title_of(request)} {kind.heading(request)} ({request.number})",
        url=request.get_absolute_url(),
        **more,
    )
