"""Asking to share a client with a colleague."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.credit import facts_of
from accounts.services.asking import put_up, reason_faults
from accounts.services.checks import lock_account
from accounts.services.grants import share_errors
from kam.approvals.models import Request
from kam.core.exceptions import FieldErrors
from kam.core.plain import clean_text
from kam.people.models import Member

KIND = "share"


@transaction.atomic
def share_request(
    *,
    account_pk: int,
    actor: Member,
    member: Member | None,
    permission: str,
    ends_on: date | None,
    reason: str,
    now: datetime,
    resubmitted: Request | None = None,
    seen_revision: int = 0,
) -> Request:
    """Ask that `member` may see ("view") or also work on ("change") the client until `ends_on`, one year at most.

    Raises `FieldErrors` beside the fields, `NotAllowed`, `ChangedMeanwhile` when the same is waiting already.
    """
    account = lock_account(account_pk, actor, "share")
    reason = clean_text(reason)
    errors = share_errors(account, member, permission, ends_on, on=timezone.localtime(now).date())
    if member is not None and member.pk == actor.pk:
        errors["member"] = _("You see this client already.")
    errors |= reason_faults(reason)
    if errors or member is None or ends_on is None:
        raise FieldErrors(errors)
    snapshot = {
        "asked": {
            "member": member.pk,
            "name": member.full_name,
            "permission": permission,
            "ends_on": ends_on.isoformat(),
        },
        "facts": facts_of(account),
    }
    return put_up(
        kind=KIND,
        account=account,
        actor=actor,
        snapshot=snapshot,
        reason=reason,
        now=now,
        live_key=f"{account.pk}:{member.pk}",
        resubmitted=resubmitted,
        seen_revision=seen_revision,
    )
