"""Authorities handed from one member to another (授权)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.people.authority import own_limit
from kam.people.choices import AUTHORITIES_WITH_AMOUNT
from kam.people.guards import may_revoke, must_be_clean, must_reach
from kam.people.models import Delegation, Member
from kam.people.telling import Event, tell_of_delegation


@transaction.atomic
def delegation_grant(
    *,
    actor: Member,
    delegate_pk: int,
    authority: str,
    starts_on: date,
    ends_on: date,
    on: date,
    ceiling_amount: Decimal | None = None,
    note: str = "",
) -> Delegation:
    """Hand an own authority to a member, up to `ceiling_amount` (CNY; None: the own limit), both days included.

    Refused, beside the field: to oneself or somebody who has left, what the grantor does not have, above the own
    limit, dates in the past or out of order, and a second delegation of the same authority at the same time.
    """
    must_reach(actor, Delegation, "add")
    delegate = lock_row(Member, delegate_pk)
    if delegate.pk == actor.pk:
        raise DomainError(_("Nobody hands an authority to himself."), "delegate")
    if not delegate.may_sign_in(max(on, starts_on)):
        raise DomainError(_("%(name)s has left by then.") % {"name": delegate.full_name}, "delegate")
    if starts_on < on:
        raise DomainError(_("A delegation cannot start in the past."), "starts_on")
    if ends_on < starts_on:
        raise DomainError(_("The last day lies before the first."), "ends_on")
    _must_have(actor, authority, ceiling_amount)
    delegation = Delegation(
        grantor=actor,
        delegate=delegate,
        authority=authority,
        ceiling_amount=ceiling_amount,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note.strip(),
    )
    must_be_clean(delegation)
    _must_not_overlap(delegation)
    record_save(delegation, [], actor=actor)
    tell_of_delegation(delegation, Event.GRANTED, actor)
    return delegation


@transaction.atomic
def delegation_revoke(*, actor: Member, delegation_pk: int, at: datetime, on: date) -> Delegation:
    """Take a delegation back; from this moment on nothing is done under it.

    The grantor may, and the executive for anybody's. Raises `ChangedMeanwhile` when it has ended already.
    """
    must_reach(actor, Delegation, "change")
    delegation = lock_row(Delegation, delegation_pk)
    if not may_revoke(actor, delegation):
        raise NotAllowed(_("Only who granted it, or the executive, takes it back."))
    if delegation.revoked_at is not None or delegation.ends_on < on:
        raise ChangedMeanwhile(_("This delegation has already ended."))
    delegation.revoked_at = at
    delegation.revoked_by = actor
    record_save(delegation, ["revoked_at", "revoked_by"], actor=actor)
    tell_of_delegation(delegation, Event.REVOKED, actor)
    return delegation


def _must_have(actor: Member, authority: str, ceiling_amount: Decimal | None) -> None:
    limit = own_limit(actor.role, authority)
    if not limit.decides:
        raise DomainError(_("You do not have this authority yourself."), "authority")
    if ceiling_amount is None:
        return
    if authority not in AUTHORITIES_WITH_AMOUNT:
        raise DomainError(_("This authority is not about an amount: leave the ceiling empty."), "ceiling_amount")
    if ceiling_amount <= 0:
        raise DomainError(_("The ceiling must be above zero."), "ceiling_amount")
    if not limit.covers(ceiling_amount):
        raise DomainError(
            _("Your own limit is %(limit)s: the ceiling cannot be higher.") % {"limit": f"{limit.amount:,.2f}"},
            "ceiling_amount",
        )


def _must_not_overlap(delegation: Delegation) -> None:
    same = (
        Delegation.objects.for_system()
        .filter(
            grantor=delegation.grantor,
            delegate=delegation.delegate,
            authority=delegation.authority,
            revoked_at__isnull=True,
            starts_on__lte=delegation.ends_on,
            ends_on__gte=delegation.starts_on,
        )
        .first()
    )
    if same is not None:
        raise DomainError(
            _("%(name)s already holds this from %(start)s until %(end)s: revoke that first.")
            % {"name": delegation.delegate.full_name, "start": same.starts_on, "end": same.ends_on},
            "starts_on",
        )
