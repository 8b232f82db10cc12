"""Approving several requests at once: only kinds whose policy allows it, each by the same service as one alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kam.approvals.acting import approve_as_seen
from kam.approvals.choices import StepKind
from kam.approvals.deciders import authority_of, current_step
from kam.approvals.kinds import kind_of
from kam.approvals.models import Policy, Request
from kam.core.exceptions import DomainError, NotAllowed
from kam.people.models import Member

MOST = 50


@dataclass(frozen=True)
class BulkRow:
    """One of several requests: what is asked, and `seen` to approve exactly this, or why it is not approved here."""

    request: Request
    heading: str
    title: str
    seen: str = ""
    why_not: str = ""
    behalf_of: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one of several requests."""

    done: bool
    words: str


def bulk_rows(member: Member, requests: Iterable[Request], on: date) -> list[BulkRow]:
    """The requests as the confirmation shows them; those that cannot be approved here say why."""
    allowed = _kinds_in_bulk()
    return [_row(member, request, allowed, on) for request in list(requests)[:MOST]]


def _row(member: Member, request: Request, allowed: set[str], on: date) -> BulkRow:
    kind = kind_of(request.kind)
    heading, title = kind.heading(request), str(kind.title_of(request))
    step = current_step(request)
    if request.kind not in allowed:
        return BulkRow(request, heading, title, why_not=_("This kind is decided one by one."))
    if step is None or step.step_kind != StepKind.DECISION:
        return BulkRow(request, heading, title, why_not=str(request.get_status_display()))
    try:
        authority = authority_of(request, step, member, on)
    except NotAllowed as refusal:
        return BulkRow(request, heading, title, why_not=str(refusal))
    behalf = authority.on_behalf_of
    seen = f"{request.pk}.{step.pk}.{request.revision}"
    return BulkRow(request, heading, title, seen, behalf_of=behalf.full_name if behalf else "")


def approve_many(member: Member, visible: QuerySet[Any], chosen: Iterable[str], now: datetime) -> Iterator[Result]:
    """Approve each of the `chosen` ("request.step.revision" as it was seen), one transaction each; tell each result."""
    allowed = _kinds_in_bulk()
    for seen in list(dict.fromkeys(chosen))[:MOST]:
        numbers = [int(part) for part in seen.split(".") if part.isdecimal() and len(part) < 19]
        request = visible.filter(pk=numbers[0]).first() if len(numbers) == 3 else None
        if request is not None:
            yield _approve(member, request, allowed, numbers, now)


def _approve(member: Member, request: Request, allowed: set[str], numbers: list[int], now: datetime) -> Result:
    names: dict[str, Any] = {"number": request.number, "client": request.account_name}
    try:
        if request.kind not in allowed:
            raise NotAllowed(_("This kind is decided one by one."))
        approve_as_seen(request, numbers[1], numbers[2], member, now)
    except DomainError as error:
        return Result(done=False, words=_("%(number)s %(client)s: %(why)s") % {**names, "why": str(error)})
    return Result(done=True, words=_("Approved: %(client)s (%(number)s).") % names)


def _kinds_in_bulk() -> set[str]:
    return set(Policy.objects.for_system().filter(allows_bulk=True).values_list("kind", flat=True))
