"""Asking to share a client with a colleague."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.credit import facts_of
from accounts.services.checks import lock_account
from accounts.services.cleaning import clean_text
from accounts.services.grants import share_errors
from kam.approvals.models import Request
from kam.approvals.services import request_resubmit, request_submit
from kam.core.exceptions import FieldErrors
from kam.people.models import Member

KIND = "share"
REASON_LENGTH = 1000


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
    if not reason:
        errors["reason"] = _("Say why, in a sentence.")
    elif len(reason) > REASON_LENGTH:
        errors["reason"] = _("At most %(length)s characters.") % {"length": REASON_LENGTH}
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
    if resubmitted is not None:
        return request_resubmit(
            request_pk=resubmitted.pk,
            actor=actor,
            seen_revision=seen_revision,
            snapshot=snapshot,
            reason=reason,
            now=now,
        )
    return request_submit(
        kind=KIND,
        actor=actor,
        live_key=f"{account.pk}:{member.pk}",
        account_id=account.pk,
        account_name=str(account),
        subject_id=account.pk,
        title=account.name,
        reason=reason,
        snapshot=snapshot,
        now=now,
    )
