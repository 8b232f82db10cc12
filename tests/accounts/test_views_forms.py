"""Form pages of the client dossier: what is saved, what is refused and how, and to whom the page exists at all."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Account, Address, Attachment, BankAccount, Contact, Warehouse
from accounts.services import part_create
from kam.approvals.models import Request
from kam.core.calendar import today
from tests.factories import account, contact
from tests.support.forms import FormContract, opened, signed_in
from tests.support.people import member

pytestmark = pytest.mark.django_db


class TestAccountCreate(FormContract):
    """Opening a client."""

    page = "accounts:account_create"
    model = Account
    good: ClassVar = {"name": "恒泽连锁商业有限公司", "kind": "chain_retailer"}
    texts = ("name", "short_name", "industry", "invoice_note")
    refused = ("finance", "executive", "legal", "partner")
    unseeing = ()

    def url(self) -> str:
        return reverse("accounts:account_create")


class TestAccountEdit(FormContract):
    """Changing a client."""

    page = "accounts:account_edit"
    model = Account
    good: ClassVar = {"industry": "家电零售", "note": "第一行\n第二行"}
    texts = ("name", "industry", "city", "note", "invoice_title")

    def url(self) -> str:
        return reverse("accounts:account_edit", args=[self.account.pk])


class TestAccountAssign(FormContract):
    """Giving a client to somebody else."""

    page = "accounts:account_assign"
    model = Account
    actor_role = "director"
    refused = ("clerk", "finance")
    texts = ("reason",)

    def prepare(self) -> None:
        self.successor = member("manager")

    @property
    def good(self) -> dict[str, Any]:  # type: ignore[override]
        return {"owner": str(self.successor.pk)}

    def test_odd_text_is_kept_as_text(self) -> None:
        """The reason is kept in the history."""
        client = signed_in(self.actor)
        client.post(self.url(), self.typed(client, reason="<b>😀</b>\x00"))
        assert self.account.history.first().history_change_reason == "<b>😀</b>"

    def url(self) -> str:
        return reverse("accounts:account_assign", args=[self.account.pk])


class TestAccountGrade(FormContract):
    """The director's grade."""

    page = "accounts:account_grade"
    model = Account
    actor_role = "director"
    good: ClassVar = {"grade": "A"}
    refused = ("clerk", "finance")

    def url(self) -> str:
        return reverse("accounts:account_grade", args=[self.account.pk])


class TestAccountStatus(FormContract):
    """Moving the relation on."""

    page = "accounts:account_status"
    model = Account
    good: ClassVar = {"to": "active"}

    def url(self) -> str:
        return reverse("accounts:account_status", args=[self.account.pk])


class TestContactCreate(FormContract):
    """A person is added."""

    page = "accounts:contact_create"
    model = Contact
    good: ClassVar = {"name": "曹敏", "mobile": "139 0555 2741", "birthday_words": "农历八月十五"}
    texts = ("name", "post", "address", "preferences", "note")

    def url(self) -> str:
        return reverse("accounts:contact_create", args=[self.account.pk])


class TestContactEdit(FormContract):
    """A person's data change."""

    page = "accounts:contact_edit"
    model = Contact
    good: ClassVar = {"post": "采购中心总监"}
    texts = ("name", "post", "unit_name", "wechat", "note")
    refused = ()
    unseeing = ("executive", "legal", "partner", "manager", "finance")

    def prepare(self) -> None:
        self.contact = contact(account=self.account)

    def url(self) -> str:
        return reverse("accounts:contact_edit", args=[self.account.pk, self.contact.pk])


class TestContactLeave(TestContactEdit):
    """A person leaves the client."""

    page = "accounts:contact_leave"
    good: ClassVar = {"left_on": "2026-11-20"}
    texts = ()

    def url(self) -> str:
        return reverse("accounts:contact_leave", args=[self.account.pk, self.contact.pk])


class TestBankAccount(FormContract):
    """A bank account is added."""

    page = "accounts:part_create"
    model = BankAccount
    good: ClassVar = {"bank_name": "农业银行江州支行", "account_number": "5750 0407 9337 9156", "is_default": "on"}
    texts = ("bank_name", "holder")

    def url(self) -> str:
        return reverse("accounts:part_create", args=[self.account.pk, "bankaccount"])


class TestAddress(FormContract):
    """An address is added."""

    page = "accounts:part_create"
    model = Address
    good: ClassVar = {"kind": "delivery", "line": "江州市东湖路 18 号", "phone": "0555-1234567"}
    texts = ("line", "recipient", "city")

    def url(self) -> str:
        return reverse("accounts:part_create", args=[self.account.pk, "address"])


class TestWarehouse(FormContract):
    """A warehouse is added."""

    page = "accounts:part_create"
    model = Warehouse
    good: ClassVar = {"code": "DC-0719", "name": "华东仓"}
    texts = ("code", "name", "line")

    def url(self) -> str:
        return reverse("accounts:part_create", args=[self.account.pk, "warehouse"])


class TestPartEdit(FormContract):
    """A bank account changes."""

    page = "accounts:part_edit"
    model = BankAccount
    good: ClassVar = {"bank_name": "工商银行江州支行"}
    texts = ("bank_name", "holder")

    def prepare(self) -> None:
        data = {"bank_name": "农业银行", "account_number": "5750040793379156"}
        self.part = part_create(model=BankAccount, account_pk=self.account.pk, actor=None, data=data)

    def url(self) -> str:
        return reverse("accounts:part_edit", args=[self.account.pk, "bankaccount", self.part.pk])


class TestAttachmentAdd(FormContract):
    """A file is added."""

    page = "accounts:attachment_add"
    model = Attachment
    texts = ("note",)

    @property
    def good(self) -> dict[str, Any]:  # type: ignore[override]
        return {"file": SimpleUploadedFile("营业执照.pdf", f"%PDF-1.7 {uuid4()}".encode())}

    def url(self) -> str:
        return reverse("accounts:attachment_add", args=[self.account.pk])


class TestCreditRequest(FormContract):
    """Credit is asked for."""

    page = "accounts:credit_request"
    model = Request
    texts = ("reason",)

    @property
    def good(self) -> dict[str, Any]:  # type: ignore[override]
        ends_on = today() + timedelta(days=90)
        return {"limit": "28万", "term_kind": "days", "term_days": "45", "ends_on": ends_on, "reason": "年前备货"}

    def prepare(self) -> None:
        for role in ("director", "executive", "finance"):
            member(role)

    def url(self) -> str:
        return reverse("accounts:credit_request", args=[self.account.pk])


class TestShareRequest(FormContract):
    """A share is asked for."""

    page = "accounts:account_share"
    model = Request
    texts = ("reason",)

    @property
    def good(self) -> dict[str, Any]:  # type: ignore[override]
        ends_on = today() + timedelta(days=90)
        return {"member": self.colleague.pk, "permission": "view", "ends_on": ends_on, "reason": "一起跟进"}

    def prepare(self) -> None:
        self.colleague = member("manager")
        member("director")

    def url(self) -> str:
        return reverse("accounts:account_share", args=[self.account.pk])


class TestGradeRequest(FormContract):
    """Another grade is asked for."""

    page = "accounts:grade_request"
    model = Request
    texts = ("reason",)
    good: ClassVar = {"grade": "A", "reason": "采购量上升"}

    def prepare(self) -> None:
        member("director")

    def url(self) -> str:
        return reverse("accounts:grade_request", args=[self.account.pk])


class TestHandoverRequest(FormContract):
    """Another owner is asked for."""

    page = "accounts:handover_request"
    model = Request
    texts = ("reason",)

    @property
    def good(self) -> dict[str, Any]:  # type: ignore[override]
        return {"owner": self.colleague.pk, "reason": "调整片区"}

    def prepare(self) -> None:
        self.colleague = member("manager")
        member("director")

    def url(self) -> str:
        return reverse("accounts:handover_request", args=[self.account.pk])


def test_an_untouched_form_changes_nothing() -> None:
    owner = member("manager")
    row = account(owner=owner, credit_code="914403001922038216", invoice_phone="0555-1234567", note="一\n二")
    client = signed_in(owner)
    url = reverse("accounts:account_edit", args=[row.pk])
    assert client.post(url, opened(client, url)).status_code == 302
    assert row.history.count() == 1
    assert Attachment.objects.for_system().count() == 0
