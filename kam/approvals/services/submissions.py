"""Submitting, withdrawing, submitting again, voiding."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kam.approvals import rules
from kam.approvals.choices import RequestStatus
from kam.approvals.deciders import current_step, deciders
from kam.approvals.flow import close_steps, day_of, has_changed, lay_steps, lock_request
from kam.approvals.kinds import kind_of
from kam.approvals.models import LIVE, Policy, Request
from kam.approvals.telling import tell_void, tell_withdrawn
from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.locking import lock_row
from kam.core.states import move, record_move
from kam.people.models import Member


@transaction.atomic
def request_submit(
    *,
    kind: str,
    actor: Member,
    live_key: str,
    snapshot: dict[str, Any],
    now: datetime,
    title: str,
    amount: Decimal | None = None,
    reason: str = "",
    account_id: int | None = None,
    account_name: str = "",
    subject_id: int | None = None,
) -> Request:
    """Put `snapshot` up for decision by the steps of today's policy; `amount` (CNY) chooses them.

    The caller has checked that `actor` may ask. The same form posted again gives the request that it made. Raises
    `ChangedMeanwhile` when another request on the same matter is live, `DomainError` when nobody could decide.
    """
    policy = _locked_policy(kind)
    digest = rules.snapshot_hash(snapshot)
    live = Request.objects.for_system().filter(kind=kind, live_key=live_key, status__in=LIVE).first()
    if live is not None:
        if live.requester_id == actor.pk and live.snapshot_hash == digest and live.reason == reason:
            return live
        raise ChangedMeanwhile(
            _("%(number)s by %(name)s on the same matter is not finished yet.")
            % {"number": live.number, "name": live.requester}
        )
    request = Request(
        number=_next_number(kind, now),
        kind=kind,
        live_key=live_key,
        account_id=account_id,
        account_name=account_name,
        subject_id=subject_id,
        title=title,
        amount=amount,
        reason=reason,
        snapshot=snapshot,
        snapshot_hash=digest,
        requester=actor,
        submitted_at=now,
    )
    request.save(force_insert=True)
    record_move(request, old="", new=request.status, actor=actor, reason=reason)
    lay_steps(request, policy, actor, now)
    return request


@transaction.atomic
def request_resubmit(
    *,
    request_pk: int,
    actor: Member,
    seen_revision: int,
    snapshot: dict[str, Any],
    now: datetime,
    amount: Decimal | None = None,
    reason: str = "",
) -> Request:
    """Submit again what was returned, withdrawn or voided: a new revision with new steps; the old one is kept.

    Only the requester may. The same form posted again changes nothing.
    """
    request = lock_request(request_pk)
    _must_be_requester(request, actor)
    digest = rules.snapshot_hash(snapshot)
    if request.revision == seen_revision + 1 and request.snapshot_hash == digest and request.is_live:
        return request
    _must_be_seen(request, seen_revision)
    policy = _locked_policy(request.kind)
    past = {
        "revision": request.revision,
        "snapshot": request.snapshot,
        "amount": str(request.amount) if request.amount is not None else None,
        "reason": request.reason,
        "submitted_at": request.submitted_at.isoformat(),
    }
    changes = {
        "past": [*request.past, past],
        "snapshot": snapshot,
        "snapshot_hash": digest,
        "amount": amount,
        "reason": reason,
        "revision": request.revision + 1,
        "submitted_at": now,
        "closed_at": None,
        "reminded_at": None,
    }
    try:
        with transaction.atomic():
            request = move(request, RequestStatus.PENDING, actor=actor, reason=reason, extra_fields=changes)
    except IntegrityError as error:
        raise ChangedMeanwhile(_("Another request on the same matter is not finished yet.")) from error
    lay_steps(request, policy, actor, now)
    return request


@transaction.atomic
def request_withdraw(*, request_pk: int, actor: Member, seen_revision: int, now: datetime, reason: str = "") -> Request:
    """The requester takes back what is not decided yet, or gives up what was returned. A repeated post changes nothing.

    Raises `ChangedMeanwhile` when it was decided or revised meanwhile, `NotAllowed` for anybody else.
    """
    request = lock_request(request_pk)
    _must_be_requester(request, actor)
    if request.status == RequestStatus.WITHDRAWN and request.revision == seen_revision:
        return request
    _must_be_seen(request, seen_revision)
    step = current_step(request)
    asked = [member for member, _authority in deciders(request, step, day_of(now))] if step else []
    request = move(request, RequestStatus.WITHDRAWN, actor=actor, reason=reason, extra_fields={"closed_at": now})
    close_steps(request)
    kind_of(request.kind).came_back(request, actor=actor, reason=reason)
    tell_withdrawn(request, asked, at=now)
    return request


@transaction.atomic
def request_void(*, request_pk: int, actor: Member | None, reason: str, now: datetime) -> Request:
    """Make a live request void, because what it rests on has changed. The requester is told and may submit again."""
    request = lock_row(Request, request_pk)
    if request.status == RequestStatus.VOID:
        return request
    request = move(request, RequestStatus.VOID, actor=actor, reason=str(reason), extra_fields={"closed_at": now})
    close_steps(request)
    kind_of(request.kind).came_back(request, actor=actor, reason=str(reason))
    tell_void(request, why=reason, at=now)
    return request


@transaction.atomic
def requests_recheck(*, account_id: int, actor: Member | None, now: datetime) -> list[Request]:
    """Void the live requests of a client whose facts are no longer those that were put up; returns them.

    Called by every service that changes what a decision may rest on, in the same transaction.
    """
    live = Request.objects.for_system().filter(account_id=account_id, status__in=LIVE).order_by("pk")
    changed = []
    for pk in list(live.values_list("pk", flat=True)):
        request = lock_row(Request, pk)
        if request.is_live and has_changed(request):
            changed.append(
                request_void(request_pk=pk, actor=actor, reason=_("changed since submission"), now=now)  # type: ignore[arg-type]
            )
    return changed


def _locked_policy(kind: str) -> Policy:
    policy = Policy.objects.for_system().filter(kind=kind).first()
    if policy is None:
        raise DomainError(_("No policy says who decides this. Ask the director to set it."))
    return lock_row(Policy, policy.pk)


def _next_number(kind: str, now: datetime) -> str:
    prefix, year = kind_of(kind).number_prefix, day_of(now).year
    latest = (
        Request.objects.for_system().filter(number__startswith=f"{prefix}-{year}-").order_by("-pk").values("number")
    ).first()
    return rules.number_after(latest["number"] if latest else "", prefix, year)


def _must_be_requester(request: Request, actor: Member) -> None:
    if request.requester_id != actor.pk:
        raise NotAllowed(_("Only %(name)s, who submitted this, may do that.") % {"name": request.requester})


def _must_be_seen(request: Request, seen_revision: int) -> None:
    if request.revision != seen_revision:
        raise ChangedMeanwhile(_("This was submitted again meanwhile. Look at the new version."))
