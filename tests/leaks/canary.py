"""One client full of words that occur nowhere else: wherever one of them shows, something leaks."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Address, Attachment, BankAccount, Contact, Warehouse
from accounts.services import account_change
from kam.approvals.models import Request
from kam.core.calendar import now, today
from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.support.messages import tell as told
from tests.support.people import member
from tests.support.requests import asked_credit
from visits.services import plan_submit

PEOPLE = ("柳莺莺", "13912340987", "139 1234 0987", "zhenniao@example.cn")
"""What only those who see the people of a client may find: also hidden from finance."""


@dataclass
class Canary:
    """The client, its parts, and every text that gives it away."""

    account: Account
    owner: Member
    contact: Contact
    attachment: Attachment
    request: Request

    @property
    def words(self) -> tuple[str, ...]:
        """Texts that must not occur."""
        return (
            "金丝雀",
            "jinsique",
            "91110000802100433B",
            self.account.number,
            "6222029876543210",
            "秘密巷7号",
            "WH-CANARY",
            "绝密",
            "只告诉主人",
            "7654321",
            "7,654,321",
            self.request.number,
            f"/clients/{self.account.pk}/",
            f"/approvals/{self.request.pk}/",
            *PEOPLE,
        )


def hatch() -> Canary:
    """The client of a stranger, with everything that a client has; a director to decide on it is there too."""
    owner = member(Role.MANAGER, full_name="主人")
    if not Member.objects.filter(role=Role.DIRECTOR).exists():
        member(Role.DIRECTOR)
    account = factories.account(
        owner=owner,
        name="金丝雀秘密贸易有限公司",
        short_name="金丝雀",
        credit_code="91110000802100433B",
        credit_limit=7654321,
        grade="A",
    )
    contact = factories.contact(
        account=account,
        name="柳莺莺",
        mobile="13912340987",
        email="zhenniao@example.cn",
        birthday_calendar="solar",
        birthday_month=today().month,
        birthday_day=today().day if (today().month, today().day) != (2, 29) else 28,
    )
    BankAccount.objects.create(account=account, bank_name="工商银行", account_number="6222029876543210")
    Address.objects.create(account=account, kind="delivery", line="秘密巷7号")
    Warehouse.objects.create(account=account, code="WH-CANARY")
    attachment = Attachment(
        account=account, name="绝密合同.txt", content_type="text/plain", size=4, sha256="0" * 64, uploaded_by=owner
    )
    attachment.file.save("x", ContentFile(b"text"), save=False)
    attachment.save()
    account.refresh_from_db()
    account_change(account_pk=account.pk, actor=owner, data={"industry": "金丝雀业"}, version=account.version)
    account.refresh_from_db()
    factories.visit_log(
        account=account,
        visitor=owner,
        contacts={contact.pk},
        matters="绝密扩产计划",
        said="只告诉主人",
        next_step="绝密报价",
    )
    plan = factories.visit_plan(member=owner)
    factories.plan_line(plan=plan, account=account, contacts={contact.pk}, matters="绝密谈判", opportunity="绝密项目")
    plan_submit(plan_pk=plan.pk, actor=owner, now=now())
    request = asked_credit(owner, account, now=now(), attachment_pks=[attachment.pk])
    return Canary(account, owner, contact, attachment, request)


def tell(recipient: Member, canary: Canary) -> None:
    """A notice that speaks of the client, written while the member could still see it."""
    with transaction.atomic():
        told(
            recipient,
            text=_("%(client)s is shared with you until %(day)s."),
            params={"client": canary.account.name, "day": "2026-12-31"},
            url=canary.account.get_absolute_url(),
            account_id=canary.account.pk,
        )


def text_of(response: Any) -> str:
    """All text of an answer: of a page, of a file, of a workbook's inside, and its headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with ZipFile(BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return body.decode("utf-8", "replace") + repr(dict(response.headers))
