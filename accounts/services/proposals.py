"""Asking for another grade of a client, and asking to hand a client over."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import Grade
from accounts.credit import facts_of
from accounts.models import Account
from accounts.services.asking import put_up, reason_faults
from accounts.services.checks import lock_account
from accounts.services.grants import wrong_people
from kam.approvals.models import Request
from kam.core.exceptions import FieldErrors, Text
from kam.core.plain import clean_text
from kam.people.models import Member

GRADE = "grade"
HANDOVER = "handover"


@transaction.atomic
def grade_request(
    *,
    account_pk: int,
    actor: Member,
    grade: str,
    reason: str,
    now: datetime,
    resubmitted: Request | None = None,
    seen_revision: int = 0,
) -> Request:
    """Ask that the client be graded A to D; with `resubmitted`, ask again after a return.

    Raises `FieldErrors` beside the fields, `NotAllowed`, `ChangedMeanwhile` when one is waiting already.
    """
    account = lock_account(account_pk, actor, "request_grade")
    reason = clean_text(reason)
    errors = reason_faults(reason)
    if grade not in Grade.values:
        errors["grade"] = _("Choose a grade from the list.")
    elif grade == account.grade:
        errors["grade"] = _("The client has this grade already.")
    if errors:
        raise FieldErrors(errors)
    return put_up(
        kind=GRADE,
        account=account,
        actor=actor,
        snapshot={"asked": {"grade": grade}, "base": grade_of(account), "facts": facts_of(account)},
        reason=reason,
        now=now,
        resubmitted=resubmitted,
        seen_revision=seen_revision,
    )


@transaction.atomic
def handover_request(
    *,
    account_pk: int,
    actor: Member,
    owner: Member | None,
    reason: str,
    now: datetime,
    resubmitted: Request | None = None,
    seen_revision: int = 0,
) -> Request:
    """Ask that `owner` become the account manager of the client; with `resubmitted`, ask again after a return.

    Raises `FieldErrors` beside the fields, `NotAllowed`, `ChangedMeanwhile` when one is waiting already.
    """
    account = lock_account(account_pk, actor, "request_handover")
    reason = clean_text(reason)
    errors: dict[str, Text] = reason_faults(reason) | wrong_people(owner, None)
    if owner is not None and owner.pk == account.owner_id:
        errors["owner"] = _("This colleague looks after the client already.")
    if errors or owner is None:
        raise FieldErrors(errors)
    asked = {
        "member": owner.pk,
        "name": owner.full_name,
        "from": account.owner.full_name if account.owner else "",
    }
    return put_up(
        kind=HANDOVER,
        account=account,
        actor=actor,
        snapshot={"asked": asked, "base": people_of(account), "facts": facts_of(account)},
        reason=reason,
        now=now,
        resubmitted=resubmitted,
        seen_revision=seen_revision,
    )


def grade_of(account: Account) -> dict[str, Any]:
    """The grade on which a request rests, as plain JSON values."""
    return {"grade": account.grade}


def people_of(account: Account) -> dict[str, Any]:
    """Who looks after the client, as plain JSON values: keys of members."""
    return {"owner": account.owner_id, "deputy": account.deputy_id}
