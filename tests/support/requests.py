"""Invented clients and requests for tests: a director, a manager with a client, a credit request that waits."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.choices import AccountKind, AccountStatus
from accounts.credit import credit_of
from accounts.models import Account
from accounts.rules.credit import Credit
from accounts.services import account_create, credit_request, share_request
from kam.approvals.choices import StepStatus
from kam.approvals.models import Request, RequestStep
from kam.approvals.services import request_decide
from kam.people.models import Delegation, Member
from kam.people.services import delegation_grant

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()


def client_of(owner: Member, name: str = "恒泽连锁商业有限公司", **credit: Any) -> Account:
    """A saved client of `owner`; `credit` columns are set as if opened long ago."""
    account = account_create(
        actor=None, data={"name": name, "kind": AccountKind.CHAIN_RETAILER, "status": AccountStatus.ACTIVE}, owner=owner
    )
    for column, value in credit.items():
        setattr(account, column, value)
    account.save()
    return account


def credit(limit: int | str = 280_000, **fields: Any) -> Credit:
    """A credit to ask for."""
    return Credit(
        **{
            "limit": Decimal(limit),
            "term_kind": "days",
            "term_days": 45,
            "rating": "AA",
            "monthly": Decimal("158700.00"),
            "ends_on": date(2027, 3, 31),
            **fields,
        }
    )


def asked_credit(actor: Member, account: Account, limit: int | str = 280_000, **more: Any) -> Request:
    """A credit request that waits."""
    fields = {"reason": "12 月年货备货", "now": NOW, **more}
    return credit_request(account_pk=account.pk, actor=actor, credit=credit(limit), **fields)


def asked_share(actor: Member, account: Account, member: Member, **more: Any) -> Request:
    """A share request that waits."""
    fields = {
        "permission": "view",
        "ends_on": TODAY + timedelta(days=30),
        "reason": "跨区联合走访",
        "now": NOW,
        **more,
    }
    return share_request(account_pk=account.pk, actor=actor, member=member, **fields)


def waiting_step(request: Request) -> RequestStep:
    """The step that waits now."""
    return RequestStep.objects.get(request=request, progress=StepStatus.CURRENT)


def decide(request: Request, actor: Member, outcome: str = "approve", **more: Any) -> Request:
    """Take the waiting step as seen now."""
    fields = {"step_pk": None, "seen_revision": request.revision, "comment": "", "now": NOW, **more}
    if fields["step_pk"] is None:
        fields["step_pk"] = waiting_step(request).pk
    return request_decide(request_pk=request.pk, actor=actor, outcome=outcome, **fields)


def delegated(grantor: Member, delegate: Member, authority: str = "credit", **more: Any) -> Delegation:
    """A delegation in force today."""
    fields = {
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=10),
        "on": TODAY,
        "ceiling_amount": None,
        **more,
    }
    return delegation_grant(actor=grantor, delegate_pk=delegate.pk, authority=authority, **fields)


__all__ = [
    "NOW",
    "TODAY",
    "asked_credit",
    "asked_share",
    "client_of",
    "credit",
    "credit_of",
    "decide",
    "delegated",
    "waiting_step",
]
