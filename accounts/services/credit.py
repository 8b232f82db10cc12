"""Credit of a client: asked for by a request, opened by finance exactly as it was approved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import CreditRating, TermKind
from accounts.credit import COLUMNS, credit_of, documents_of, facts_of, frozen, thawed
from accounts.models import Account
from accounts.rules.credit import Credit, credit_faults
from accounts.services.asking import put_up, reason_faults
from accounts.services.checks import lock_account
from kam.approvals.models import Request
from kam.approvals.services import request_carry_out
from kam.core.exceptions import FieldErrors, Text
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.core.plain import clean_text
from kam.people.models import Member

KIND = "credit"
FAULTS: dict[str, Text] = {
    "out_of_bounds": _("Between 0 and 999,999,999,999.99."),
    "limit_without_term": _("A limit above 0 needs a payment term other than prepayment."),
    "days_without_term": _("Prepayment has no days: enter 0."),
    "days_out_of_bounds": _("Between 1 and 365 days."),
    "end_missing": _("Say until when it counts."),
    "end_in_past": _("Choose a day after today."),
    "end_too_far": _("At most three years from today."),
    "unchanged": _("This is what is open now: nothing would change."),
}


@transaction.atomic
def credit_request(
    *,
    account_pk: int,
    actor: Member,
    credit: Credit,
    reason: str,
    now: datetime,
    attachment_pks: Sequence[int] = (),
    resubmitted: Request | None = None,
    seen_revision: int = 0,
) -> Request:
    """Ask for a credit opening or change; with `resubmitted`, ask again after a return.

    Raises `FieldErrors` beside the fields, `NotAllowed`, `ChangedMeanwhile` when one is waiting already.
    """
    account = lock_account(account_pk, actor, "request_credit")
    reason = clean_text(reason)
    documents = documents_of(account.pk, list(attachment_pks))
    errors = _faults(account, credit, reason, now)
    if len(documents) != len(set(attachment_pks)):
        errors["attachments"] = _("A file was removed meanwhile. Choose again.")
    if errors:
        raise FieldErrors(errors)
    snapshot = {
        "asked": frozen(credit),
        "base": frozen(credit_of(account)),
        "facts": facts_of(account),
        "documents": documents,
    }
    return put_up(
        kind=KIND,
        account=account,
        actor=actor,
        snapshot=snapshot,
        reason=reason,
        now=now,
        amount=credit.limit,
        resubmitted=resubmitted,
        seen_revision=seen_revision,
    )


def credit_open(*, request_pk: int, seen_revision: int, actor: Member, now: datetime) -> Request:
    """Finance opens an approved credit: the client gets exactly what was approved, and the request takes effect.

    Raises what `request_carry_out` raises.
    """
    return request_carry_out(request_pk=request_pk, seen_revision=seen_revision, actor=actor, now=now)


@transaction.atomic
def credit_write(*, request: Request, actor: Member) -> Account:
    """Write the credit of an approved `request` on its client; history names the request. Part of carrying it out."""
    account = lock_row(Account, request.account_id or 0)
    credit = thawed(request.snapshot["asked"])
    for name, column in COLUMNS.items():
        setattr(account, column, getattr(credit, name))
    record_save(account, [*COLUMNS.values(), "updated_at"], actor=actor, reason=request.number)
    return account


def _faults(account: Account, credit: Credit, reason: str, now: datetime) -> dict[str, Any]:
    on = timezone.localtime(now).date()
    errors: dict[str, Any] = {
        name: FAULTS[code] for name, code in credit_faults(credit, credit_of(account), on).items()
    }
    if credit.term_kind not in TermKind.values:
        errors["term_kind"] = _("Choose a payment term from the list.")
    if credit.rating and credit.rating not in CreditRating.values:
        errors["rating"] = _("Choose a rating from the list.")
    return errors | reason_faults(reason)
