"""One act on many clients."""

from collections.abc import Collection

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.messages import ASSIGNED
from accounts.models import Account
from accounts.services.grants import account_assign
from kam.core.exceptions import DomainError
from kam.core.history import Operation
from kam.outbox.services import message_send
from kam.people.models import Member

MOST = 500
"""The most clients that change hands in one act."""


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
    operation = Operation.objects.create(kind=Operation.Kind.BULK_ASSIGN, actor=actor)
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
        message_send(
            kind=ASSIGNED,
            recipient=owner,
            key=f"accounts.assigned:operation:{operation.pk}",
            at=operation.created_at,
            text=_("%(n)s clients are yours to look after now."),
            params={"n": len(changed)},
            url=f"{reverse('accounts:account_list')}?owner=me&sort=-changed",
        )
    return operation, changed
