"""What the approvals hand to a client's page: every act on its requests, with the name of whoever it was done for."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from kam.approvals.choices import Outcome, RequestStatus, StepStatus
from kam.approvals.kinds import kind_of
from kam.approvals.models import Request, RequestStep
from kam.core.contributions import TimelineEvent
from kam.core.scoping import Reach, grants, reach

SHOWN = 50
"""Requests of one client that its page reads."""
TONES = {Outcome.APPROVE: "ok", Outcome.AGREE: "ok", Outcome.RETURN: "bad", Outcome.OBJECT: "bad"}
ENDS = {
    RequestStatus.EFFECTED: "ok",
    RequestStatus.WITHDRAWN: "",
    RequestStatus.VOID: "bad",
}


def requests_about(user: Any, account_pk: int) -> list[Request]:
    """Requests about a client that `user` sees: those still open, then the last closed; one query.

    A manager sees all of them by holding the client, so that no other of the ways of `put_before` is looked for.
    Each row has `requester_name`.
    """
    rows = Request.objects.for_system().filter(account_id=account_pk)
    by_client = reach(user, Request, "view") is Reach.PUT_BEFORE
    seen = rows.filter(account_id__in=grants(user, "view")) if by_client else rows.visible_to(user)
    open_first = F("closed_at").desc(nulls_first=True)
    return list(seen.annotate(requester_name=F("requester__full_name")).order_by(open_first, "-submitted_at")[:SHOWN])


def request_events(requests: Iterable[Any], limit: int) -> Iterator[TimelineEvent]:
    """Submissions, opinions, decisions and what became of each of the `requests_about` a client."""
    by_pk = {request.pk: request for request in requests}
    for request in by_pk.values():
        yield _event(request, request.submitted_at, request.requester_name, _("Submitted"), tone="acc")
        if request.status in ENDS and request.closed_at is not None:
            yield _event(
                request, request.closed_at, "", request.get_status_display(), tone=ENDS[RequestStatus(request.status)]
            )
    for pk, at, who, outcome, behalf, comment in _acts(by_pk)[:limit] if by_pk else ():
        found = Outcome(outcome)
        yield _event(by_pk[pk], at, who, found.label, behalf=behalf, quote=comment, tone=TONES.get(found, ""))


def _acts(request_pks: Iterable[int]) -> Any:
    """Request, time, who, outcome, on whose behalf, comment of every act taken, the latest first."""
    done = RequestStep.objects.for_system().filter(request__in=request_pks, progress=StepStatus.DONE)
    names = ("decided_by__full_name", "outcome", "on_behalf_of__full_name", "comment")
    return done.order_by("-decided_at").values_list("request", "decided_at", *names)


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
