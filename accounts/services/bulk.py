"""One act on many clients, and taking it back."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.assignments import Handed, handed_over, touched_by
from accounts.messages import ASSIGNED
from accounts.models import Account
from accounts.services.grants import account_assign, shares_restore, shares_with, write_grants
from kam.core.exceptions import DomainError, NotAllowed
from kam.core.history import Operation, must_be_undoable, record_save
from kam.core.locking import lock_row
from kam.core.scoping import allowed
from kam.core.words import listed
from kam.outbox.services import message_send
from kam.people.models import Member

MOST = 500
"""The most clients that change hands in one act."""
NAMED = 10
"""Clashes named at most."""


@transaction.atomic
def accounts_assign(
    *, account_pks: Collection[int], owner: Member, actor: Member, reason: str = ""
) -> tuple[Operation, list[Account]]:
    """Give many clients to `owner` as one operation: all of them or none.

    Deputies stay, unless the deputy becomes the owner.
    Returns the operation and the clients that changed hands. Raises `DomainError` for none or too many, and what
    `account_assign` raises.
    """
    if not account_pks:
        raise DomainError(_("Tick the clients first."))
    if len(account_pks) > MOST:
        raise DomainError(_("At most %(n)s clients at once.") % {"n": MOST})
    kept = {"shares": shares_with(owner, account_pks)}
    operation = Operation.objects.create(kind=Operation.Kind.BULK_ASSIGN, actor=actor, kept=kept)
    changed = []
    for row in Account.objects.for_system().filter(pk__in=account_pks).order_by("pk").select_related("deputy"):
        if row.owner_id == owner.pk:
            continue
        deputy = None if row.deputy_id == owner.pk else row.deputy
        changed.append(
            account_assign(
                account_pk=row.pk, owner=owner, deputy=deputy, actor=actor, reason=reason, operation=operation
            )
        )
    if changed and owner != actor:
        _tell_owner(owner, len(changed), operation)
    return operation, changed


@transaction.atomic
def assignment_undo(*, operation_pk: int, actor: Member, now: datetime) -> list[Account]:
    """Give every client of a bulk assignment back to whom it was taken from: owner, deputy, grants and dropped shares.

    All or none. Raises `Operation.DoesNotExist`, `NotAllowed`, `ChangedMeanwhile` when it is taken back already, and
    `DomainError` after thirty days or naming the clients that were assigned again since.
    """
    operation = lock_row(Operation, operation_pk)
    if operation.kind != Operation.Kind.BULK_ASSIGN:
        raise Operation.DoesNotExist
    if not allowed(actor, operation, "change"):
        raise NotAllowed(_("Your role may not do this."))
    must_be_undoable(operation, now)
    accounts = Account.objects.visible_to(actor, "assign").filter(pk__in=touched_by(operation))
    rows = handed_over(operation, accounts.select_for_update(of=("self",)).order_by("pk"))
    clashes = [f"{row.account.name} ({row.clash})" for row in rows if row.clash]
    if clashes:
        raise DomainError(format_lazy(_("Cannot be taken back: {rows}."), rows=listed(clashes[:NAMED])))
    undo = Operation.objects.create(kind=Operation.Kind.UNDO, actor=actor)
    for row in rows:
        _give_back(row, actor, undo)
    given_back = {row.account.pk for row in rows}
    shares_restore(operation.kept.get("shares", []), account_pks=given_back, on=timezone.localtime(now).date())
    operation.undone_at = now
    operation.save(update_fields=["undone_at"])
    for owner, count in Counter(row.owner_before for row in rows).items():
        if owner is not None and owner != actor:
            _tell_owner(owner, count, undo)
    return [row.account for row in rows]


def _give_back(row: Handed, actor: Member, undo: Operation) -> None:
    row.account.owner, row.account.deputy = row.owner_before, row.deputy_before
    record_save(row.account, ["owner", "deputy", "updated_at"], actor=actor, operation=undo)
    write_grants(row.account, actor=actor)


def _tell_owner(owner: Member, count: int, operation: Operation) -> None:
    message_send(
        kind=ASSIGNED,
        recipient=owner,
        key=f"accounts.assigned:operation:{operation.pk}",
        at=operation.created_at,
        text=_("%(n)s clients are yours to look after now."),
        params={"n": count},
        url=f"{reverse('accounts:account_list')}?owner=me&sort=-changed",
    )
