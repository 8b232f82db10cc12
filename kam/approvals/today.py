"""What approvals put on the workbench: what waits for the member, what came back, what was decided today."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kam.approvals.acting import seen
from kam.approvals.choices import Outcome, RequestStatus, StepStatus
from kam.approvals.deciders import authority_of
from kam.approvals.kinds import kind_of
from kam.approvals.models import Policy, Request, RequestStep
from kam.approvals.page import decision_labels, step_words
from kam.approvals.rules import waited_days
from kam.approvals.scopes import roles_answered_by
from kam.approvals.selectors import headings, steps_of, waiting_for
from kam.core.contributions import Action, Choice, HeaderFact, TodayRow, contribute
from kam.core.templatetags.kam import wan
from kam.people.authority import own_limit

MOST = 60
"""Rows at most: whoever has more waiting works down the list of requests."""
COUNTED = 100
FIGURES = 4


@contribute("waiting")
def decisions_waiting(user: Any, on: date) -> list[int]:
    """How many requests the member may decide or carry out now, counted to a bound."""
    return [waiting_for(user, on=on).order_by()[:COUNTED].count()]


@contribute("today")
def requests_waiting(user: Any, on: date) -> Iterator[TodayRow]:
    """Requests that the member may decide or carry out, with the standing of the longest waiting one."""
    found = list(waiting_for(user, on=on).annotate(requester_name=F("requester__full_name"))[:MOST])
    patience = dict(Policy.objects.for_system().values_list("kind", "remind_after_days")) if found else {}
    for number, request in enumerate(found):
        row = _waiting_row(request, on, patience.get(request.kind, 0))
        yield row if number else _opened(row, request, user, on)


def _opened(row: TodayRow, request: Request, user: Any, on: date) -> TodayRow:
    """The first row, with all that is needed to act on it in place."""
    row = replace(row, figures=_figures(request, user, on))
    steps = [step for step in steps_of(request) if step.revision == request.revision]
    current = next((step for step in steps if step.progress == StepStatus.CURRENT), None)
    if request.status != RequestStatus.PENDING or current is None:
        return row
    spoken = [step_words(step) for step in steps if step.progress == StepStatus.DONE]
    actions = (Action(_("Full text"), request.get_absolute_url(), icon="arrow-right"),)
    return replace(row, meta=(*row.meta, *spoken), choice=_choice(request, current, user, on), actions=actions)


def _choice(request: Request, step: RequestStep, user: Any, on: date) -> Choice:
    """Approve or return."""
    labels = decision_labels(request, step)
    by_role = step.role in roles_answered_by(user)
    behalf = None if by_role else authority_of(request, step, user, on).on_behalf_of
    return Choice(
        url=reverse("approvals:request_decide", args=[request.pk]),
        approve_label=labels[0],
        return_label=labels[1],
        hidden=seen(request, step),
        behalf_of=behalf.full_name if behalf else "",
    )


def _waiting_row(request: Any, on: date, patience: int) -> TodayRow:
    days = waited_days(_day(request.since), on) if request.since else 0
    is_late = bool(patience) and days >= patience
    kind = kind_of(request.kind)
    to_carry = request.status == RequestStatus.APPROVED
    label = kind.carry_out_label(request) if to_carry else _("Decide")
    return TodayRow(
        kind="carry_out" if to_carry else "approval",
        kind_label=_("To carry out") if to_carry else _("For my decision"),
        icon="file-check",
        title=_titled(request),
        url=request.get_absolute_url(),
        meta=(kind.heading(request), gettext("submitted by %(name)s") % {"name": request.requester_name}),
        status_tone="bad" if is_late else "info",
        status_text=_waited_words(days),
        status_icon="clock",
        late=is_late,
        actions=(Action(label, request.get_absolute_url(), icon="arrow-right"),),
        account_id=request.account_id,
        waits_for_me=True,
    )


def _titled(request: Request) -> str:
    title = kind_of(request.kind).title_of(request)
    if not request.account_name:
        return str(title)
    return gettext("%(kind)s: %(client)s") % {"kind": title, "client": request.account_name}


def _waited_words(days: int) -> str:
    if not days:
        return gettext("since today")
    return ngettext("waited %(n)s day", "waited %(n)s days", days) % {"n": days}


def _figures(request: Request, user: Any, on: date) -> tuple[HeaderFact, ...]:
    facts = [HeaderFact(fact.label, fact.value, fact.measure, fact.tone) for fact in _standing(request, on)]
    limit = own_limit(user.role, request.kind)
    if request.amount is not None and limit.decides and limit.amount is not None:
        facts.insert(0, HeaderFact(_("Your limit"), wan(limit.amount), gettext("at most")))
    return tuple(facts[:FIGURES])


def _standing(request: Request, on: date) -> Iterable[Any]:
    return kind_of(request.kind).standing(request, on)


@contribute("today")
def requests_returned(user: Any, _on: date) -> list[TodayRow]:
    """The member's own requests that came back and wait to be changed or withdrawn."""
    rows = Request.objects.for_system().filter(requester=user, status=RequestStatus.RETURNED)
    return [
        TodayRow(
            kind="returned",
            kind_label=_("Returned"),
            icon="corner-up-left",
            title=_titled(request),
            url=request.get_absolute_url(),
            meta=(kind_of(request.kind).heading(request), request.number),
            status_tone="bad",
            status_text=_("Returned"),
            status_icon="corner-up-left",
            actions=(Action(_("Look at it"), request.get_absolute_url(), icon="arrow-right"),),
            account_id=request.account_id,
        )
        for request in rows.order_by("-closed_at", "-pk")[:MOST]
    ]


@contribute("today")
def decided_today(user: Any, on: date) -> list[TodayRow]:
    """What the member has decided since midnight; a decision is not undone, so there is no button."""
    start = timezone.make_aware(datetime.combine(on, time.min))
    steps = RequestStep.objects.for_system().filter(decided_by=user, decided_at__gte=start).order_by("-decided_at")
    acts = list(steps.values_list("request", "decided_at", "outcome", "on_behalf_of__full_name")[:MOST])
    requests = headings([pk for pk, *_act in acts]) if acts else {}
    return [_done_row(requests[pk], at, Outcome(outcome), behalf) for pk, at, outcome, behalf in acts if at]


def _done_row(request: Request, at: datetime, outcome: Outcome, behalf: str | None) -> TodayRow:
    on_behalf = gettext("on behalf of %(name)s") % {"name": behalf} if behalf else ""
    return TodayRow(
        kind="approval",
        icon="check",
        title=_titled(request),
        url=request.get_absolute_url(),
        meta=(f"{timezone.localtime(at):%H:%M} {outcome.label}", on_behalf),
        account_id=request.account_id,
        done_at=at,
    )


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
