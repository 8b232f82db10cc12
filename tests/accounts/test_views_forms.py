"""Form pages of the client dossier: what is saved, what is refused and how, and to whom the page exists at all."""

from typing import Any, ClassVar

import pytest
from django.urls import reverse

from accounts.models import Account, Address, Attachment, BankAccount, Contact, Warehouse
from tests.factories import account, contact
from tests.support.forms import FormContract, opened, signed_in
from tests.support.people import member

pytestmark = pytest.mark.django_db


class TestAccountCreate(FormContract):
    """Opening a client."""

    model = Account
    good: ClassVar = {"name": "恒泽连锁商业有限公司", "kind": "chain_retailer"}
    texts = ("name", "short_name", "industry", "invoice_note")
    refused = ("finance", "executive", "legal", "partner")
    unseeing = ()

    def url(self) -> str:
        return reverse("accounts:account_create")


class TestAccountEdit(FormContract):
    """Changing a client."""

    model = Account
    good: ClassVar = {"industry": "家电零售", "note": "第一行\n第二行"}
    texts = ("name", "industry", "city", "note", "invoice_title")

    def url(self) -> str:
        return reverse("accounts:account_edit", args=[self.account.pk])


class TestAccountAssign(FormContract):
    """Giving a client to somebody else."""

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

    model = Account
    actor_role = "director"
    good: ClassVar = {"grade": "A"}
    refused = ("clerk", "finance")

    def url(self) -> str:
        return reverse("accounts:account_grade", args=[self.account.pk])


class TestAccountStatus(FormContract):
    """Moving the relation on."""

    model = Account
    good: ClassVar = {"to": "active"}

    def url(self) -> str:
        return reverse("accounts:account_status", args=[self.account.pk])


class TestContactCreate(FormContract):
    """A person is added."""

    model = Contact
    good: ClassVar = {"name": "曹敏", "mobile": "139 0555 2741", "birthday_words": "农历八月十五"}
    texts = ("name", "post", "address", "preferences", "note")

    def url(self) -> str:
        return reverse("accounts:contact_create", args=[self.account.pk])


class TestContactEdit(FormContract):
    """A person's data change."""

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

    good: ClassVar = {"left_on": "2026-11-20"}
    texts = ()

    def url(self) -> str:
        return reverse("accounts:contact_leave", args=[self.account.pk, self.contact.pk])


class TestBankAccount(FormContract):
    """A bank account is added."""

    model = BankAccount
    good: ClassVar = {"bank_name": "农业银行江州支行", "account_number": "5750 0407 9337 9156", "is_default": "on"}
    texts = ("bank_name", "holder")

    def url(self) -> str:
        return reverse("accounts:part_create", args=[self.account.pk, "bankaccount"])


class TestAddress(FormContract):
    """An address is added."""

    model = Address
    good: ClassVar = {"kind": "delivery", "line": "江州市东湖路 18 号", "phone": "0555-1234567"}
    texts = ("line", "recipient", "city")

    def url(self) -> str:
        return reverse("accounts:part_create", args=[self.account.pk, "address"])


class TestWarehouse(FormContract):
    """A warehouse is added."""

    model = Warehouse
    good: ClassVar = {"code": "DC-0719", "name": "华东仓"}
    texts = ("code", "name", "line")

    def url(self) -> str:
        return reverse("accounts:part_create", args=[self.account.pk, "warehouse"])


def test_an_untouched_form_changes_nothing() -> None:
    owner = member("manager")
    row = account(owner=owner, credit_code="914403001922038216", invoice_phone="0555-1234567", note="一\n二")
    client = signed_in(owner)
    url = reverse("accounts:account_edit", args=[row.pk])
    assert client.post(url, opened(client, url)).status_code == 302
    assert row.history.count() == 1
    assert Attachment.objects.for_system().count() == 0
