"""What all requests about a client have in common: the sentence why, and putting them up for decision."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.approvals.models import Request
from kam.approvals.services import request_resubmit, request_submit
from kam.core.exceptions import Text
from kam.people.models import Member

REASON_LENGTH = 1000


def reason_faults(reason: str) -> dict[str, Text]:
    """What is wrong with the sentence why, by form field; empty when nothing is."""
    if not reason:
        return {"reason": _("Say why, in a sentence.")}
    if len(reason) > REASON_LENGTH:
        return {"reason": _("At most %(length)s characters.") % {"length": REASON_LENGTH}}
    return {}


def put_up(
    *,
    kind: str,
    account: Account,
    actor: Member,
    snapshot: dict[str, Any],
    reason: str,
    now: datetime,
    live_key: str = "",
    amount: Decimal | None = None,
    resubmitted: Request | None = None,
    seen_revision: int = 0,
) -> Request:
    """Submit a request about `account`; with `resubmitted`, that one again after it came back.

    `live_key` names the matter on which one request at a time may wait: the client, unless said otherwise.
    Raises `ChangedMeanwhile` when one is waiting already, and what `request_submit` raises.
    """
    if resubmitted is not None:
        return request_resubmit(
            request_pk=resubmitted.pk,
            actor=actor,
            seen_revision=seen_revision,
            snapshot=snapshot,
            amount=amount,
            reason=reason,
            now=now,
        )
    return request_submit(
        kind=kind,
        actor=actor,
        live_key=live_key or str(account.pk),
        account_id=account.pk,
        account_name=str(account),
        subject_id=account.pk,
        title=account.name,
        amount=amount,
        reason=reason,
        snapshot=snapshot,
        now=now,
    )
