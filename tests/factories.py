"""Invented clients for tests: one call, one saved row, made by the services so that grants and search agree."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import Account, AccountGrant, Contact
from accounts.services import account_create, account_share, contact_create
from kam.catalogue.models import Product
from kam.catalogue.services import product_add
from kam.core.calendar import now, today
from kam.people.models import Member
from visits.models import VisitLog, VisitPlan, VisitPlanLine
from visits.services import plan_line_add, plan_open, visit_log_file

_numbers = count(1)


def account(*, owner: Member | None = None, deputy: Member | None = None, **fields: Any) -> Account:
    """A saved client; fields that the service does not take (limit, term, grade, status) are put in afterwards."""
    later = {name: fields.pop(name) for name in list(fields) if name in _SET_LATER}
    data = {"name": f"测试客户第{next(_numbers)}号", "kind": "enterprise", **fields}
    row = account_create(actor=None, data=data, owner=owner, deputy=deputy, similar_are_others=True)
    if later:
        Account.objects.filter(pk=row.pk).update(**later)
        row.refresh_from_db()
    return row


_SET_LATER = ("grade", "status", "credit_limit", "term_kind", "term_days", "credit_rating", "credit_ends_on")


def contact(*, account: Account, **fields: Any) -> Contact:
    """A saved person at a client."""
    data = {"name": f"联系人{next(_numbers)}", **fields}
    return contact_create(account_pk=account.pk, actor=None, data=data)


def share(*, account: Account, member: Member, permission: str = "view", **fields: Any) -> AccountGrant:
    """The client shared with a colleague, until today unless `ends_on` says otherwise."""
    return account_share(
        account_pk=account.pk, member=member, permission=permission, ends_on=fields.get("ends_on", today()), actor=None
    )


def expired_share(*, account: Account, member: Member) -> None:
    """A share that ended yesterday and has not been swept away yet."""
    share(account=account, member=member)
    AccountGrant.objects.filter(content_object=account, user=member, source="share").update(
        ends_on=today() - timedelta(days=1)
    )


def product(**fields: Any) -> Product:
    """A saved product, on sale since long ago."""
    number = next(_numbers)
    data = {
        "code": f"P-{number:04}",
        "name": f"测试产品{number}",
        "unit": "台",
        "price": Decimal("1888.00"),
        "floor_price": Decimal("1699.50"),
        "vat_rate": "13",
        "starts_on": date(2026, 1, 1),
        **fields,
    }
    return product_add(actor=None, data=data)


def visit_plan(*, member: Member, month: date | None = None) -> VisitPlan:
    """The member's plan of a month, next month's unless said otherwise."""
    following = (today().replace(day=1) + timedelta(days=32)).replace(day=1)
    return plan_open(actor=member, month=month or following, now=now())


def plan_line(*, plan: VisitPlan, account: Account, **fields: Any) -> VisitPlanLine:
    """A planned visit in the middle of the plan's month, with one person of the client."""
    if "contacts" not in fields:
        known = Contact.objects.for_system().filter(account=account).first()
        fields["contacts"] = {(known or contact(account=account)).pk}
    data = {"on": plan.month.replace(day=15), "matters": "年度框架", **fields}
    return plan_line_add(plan_pk=plan.pk, account_pk=account.pk, actor=plan.member, data=data, now=now())


def visit_log(*, account: Account, visitor: Member, **fields: Any) -> VisitLog:
    """A saved log of a visit that `visitor` made today, with one person of the client."""
    if "contacts" not in fields:
        known = Contact.objects.for_system().filter(account=account).first()
        fields["contacts"] = {(known or contact(account=account)).pk}
    photos = fields.pop("photos", ())
    at = fields.pop("at", None) or now()
    data = {"on": today(), "matters": "季度供货", "said": "希望提前到货", **fields}
    return visit_log_file(account_pk=account.pk, actor=visitor, data=data, photos=photos, now=at)
