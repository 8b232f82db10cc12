"""What members are told about requests: the next deciders, the requester, whoever carries out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kam.approvals.choices import Outcome, StepKind
from kam.approvals.deciders import Authority, deciders
from kam.approvals.kinds import ApprovalKind, kind_of
from kam.approvals.messages import ASKED, DECIDED, RETURNED, WAITING
from kam.approvals.models import Request, RequestStep
from kam.outbox.kinds import MessageKind
from kam.outbox.services import message_send
from kam.people.models import Member


def words_of(request: Request) -> dict[str, Any]:
    """The places of every notice about a request; lazy, so that both languages come out right."""
    kind = kind_of(request.kind)
    return {
        "number": request.number,
        "kind": kind.title_of(request),
        "client": request.account_name,
        "what": _Heading(kind, request),
    }


class _Heading:
    """The heading of a request, drawn only when the language is known."""

    def __init__(self, kind: ApprovalKind, request: Request) -> None:
        self.kind, self.request = kind, request

    def __str__(self) -> str:
        return str(self.kind.heading(self.request))


def tell_deciders(request: Request, step: RequestStep, *, at: datetime, on: date) -> None:
    """Put the step before everybody who may take it."""
    text = (
        _("%(kind)s %(client)s, %(what)s: your decision is asked (%(number)s)")
        if step.step_kind == StepKind.DECISION
        else _("%(kind)s %(client)s, %(what)s: your opinion is asked (%(number)s)")
    )
    delegated = _("On behalf of %(behalf)s: %(kind)s %(client)s, %(what)s needs your decision (%(number)s)")
    event = f"step:{step.pk}"
    for member, authority in deciders(request, step, on):
        if authority.on_behalf_of is None:
            _send(request, member, ASKED, event, text, {}, at)
        else:
            _send(request, member, ASKED, event, delegated, {"behalf": authority.on_behalf_of.full_name}, at)


def tell_outcome(request: Request, step: RequestStep, *, actor: Member, authority: Authority, is_last: bool) -> None:
    """Tell the requester what was said; the name of whoever it was said for stands beside it."""
    match step.outcome:
        case Outcome.RETURN:
            text = _("%(who)s returned %(kind)s %(client)s, %(what)s (%(number)s)")
        case Outcome.APPROVE if is_last:
            text = _("%(who)s approved %(kind)s %(client)s, %(what)s (%(number)s)")
        case Outcome.APPROVE:
            text = _("%(who)s approved %(kind)s %(client)s, %(what)s; the next step is asked (%(number)s)")
        case _:
            text = _("%(who)s gave an opinion on %(kind)s %(client)s, %(what)s (%(number)s)")
    kind = RETURNED if step.outcome == Outcome.RETURN else DECIDED
    more = {"who": who(actor, authority.on_behalf_of)}
    _send(request, request.requester, kind, f"step:{step.pk}", text, more, step.decided_at or request.submitted_at)


def tell_void(request: Request, *, why: Any, at: datetime) -> None:
    """Tell the requester that the request no longer counts."""
    _send(
        request,
        request.requester,
        RETURNED,
        f"void:{request.pk}:{request.revision}",
        _("%(kind)s %(client)s, %(what)s is void: %(why)s (%(number)s)"),
        {"why": why},
        at,
    )


def tell_withdrawn(request: Request, asked: Iterable[Member], *, at: datetime) -> None:
    """Tell those who had it before them that nothing is left to decide."""
    text = _("%(who)s withdrew %(kind)s %(client)s, %(what)s (%(number)s)")
    for member in asked:
        event = f"withdrawn:{request.pk}:{request.revision}"
        _send(request, member, DECIDED, event, text, {"who": request.requester.full_name}, at)


def tell_carrier(request: Request, *, at: datetime, on: date) -> None:
    """Ask the role that carries the decision out."""
    role = kind_of(request.kind).carried_out_by
    for member in Member.objects.for_system().present(on).filter(role=role).exclude(pk=request.requester_id):
        _send(
            request,
            member,
            ASKED,
            f"carry_out:{request.pk}:{request.revision}",
            _("Approved, to be carried out by you: %(kind)s %(client)s, %(what)s (%(number)s)"),
            {},
            at,
        )


def tell_effected(request: Request, *, actor: Member | None, at: datetime) -> None:
    """Tell the requester that it is in effect."""
    if actor is not None and actor.pk == request.requester_id:
        return
    text = _("In effect: %(kind)s %(client)s, %(what)s (%(number)s)")
    _send(request, request.requester, DECIDED, f"effected:{request.pk}:{request.revision}", text, {}, at)


def tell_waiting(request: Request, members: Iterable[Member], days: int, *, at: datetime, on: date) -> int:
    """Remind everybody before whom it waits; returns how many were told."""
    text = _("Waiting for %(days)s days: %(kind)s %(client)s, %(what)s (%(number)s)")
    event = f"waiting:{request.pk}:{on}"
    return sum(_send(request, member, WAITING, event, text, {"days": days}, at) for member in members)


def who(actor: Any, on_behalf_of: Any) -> Any:
    """A name, with the name of whoever it was done for: 陆以宁（代沈砚清）; lazy."""
    if on_behalf_of is None:
        return actor.full_name
    return _OnBehalf(actor.full_name, on_behalf_of.full_name)


class _OnBehalf:
    def __init__(self, name: str, behalf: str) -> None:
        self.name, self.behalf = name, behalf

    def __str__(self) -> str:
        return str(_("%(name)s (on behalf of %(behalf)s)") % {"name": self.name, "behalf": self.behalf})


def _send(
    request: Request,
    recipient: Member,
    kind: MessageKind,
    event: str,
    text: Promise,
    more: dict[str, Any],
    at: datetime,
) -> bool:
    """Send under a key that names the event: a step, or what became of a revision."""
    return message_send(
        kind=kind,
        recipient=recipient,
        key=f"{kind.code}:{event}",
        text=text,
        params={**words_of(request), **more},
        url=request.get_absolute_url(),
        subject=request,
        at=at,
    )
