"""The client page: what each role finds on it, and that it costs the same for three and thirty people."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account, Attachment
from accounts.selectors import why_visible
from accounts.services import account_assign, account_change, attachment_add, contact_create
from kam.core.calendar import today
from kam.people.models import Member
from tests.factories import account, contact, expired_share, share
from tests.support.people import member

pytestmark = pytest.mark.django_db

TABS = ("overview", "people", "credit", "files", "history")


@pytest.fixture
def owner() -> Member:
    return member("manager")


@pytest.fixture
def dossier(owner: Member) -> Account:
    return account(owner=owner, name="恒泽连锁商业有限公司")


def signed_in(person: Member) -> Client:
    client = Client()
    client.force_login(person, backend="kam.people.backends.MemberBackend")
    return client


def page(person: Member, dossier: Account, tab: str = "overview") -> Any:
    return signed_in(person).get(reverse("accounts:account_tab", args=[dossier.pk, tab]))


def told(answer: Any, pk: int) -> str:
    """The text of an answer without what differs by request: the address asked for and the tokens against forgery."""
    text = re.sub(rf"/clients/{pk}/(overview/)?", "", answer.content.decode())
    return re.sub(r"[A-Za-z0-9]{64}", "", text)


@pytest.mark.parametrize("tab", TABS)
def test_the_owner_finds_every_tab(owner: Member, dossier: Account, tab: str) -> None:
    contact(account=dossier, name="曹敏")
    answer = page(owner, dossier, tab)
    assert answer.status_code == 200
    assert "恒泽连锁商业有限公司" in answer.content.decode()


@pytest.mark.parametrize("role", ["executive", "legal", "partner", "manager"])
def test_out_of_sight_it_does_not_exist(dossier: Account, role: str) -> None:
    person = member(role)
    hidden = page(person, dossier)
    nothing = signed_in(person).get(reverse("accounts:account_detail", args=[dossier.pk + 1000]))
    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert told(hidden, dossier.pk) == told(nothing, dossier.pk + 1000)


def test_an_expired_share_shows_nothing(dossier: Account) -> None:
    person = member("manager")
    expired_share(account=dossier, member=person)
    assert page(person, dossier).status_code == 404


def test_finance_sees_the_client_but_not_its_people(dossier: Account) -> None:
    contact_create(
        account_pk=dossier.pk,
        actor=None,
        data={"name": "曹敏", "birthday_calendar": "solar", "birthday_month": 1, "birthday_day": 2},
    )
    person = member("finance")
    assert page(person, dossier, "people").status_code == 404
    for tab in ("overview", "credit", "files", "history"):
        answer = page(person, dossier, tab)
        assert answer.status_code == 200
        assert "曹敏" not in answer.content.decode()


def test_an_unknown_tab_is_no_page(owner: Member, dossier: Account) -> None:
    assert page(owner, dossier, "secrets").status_code == 404


def test_who_sees_it_and_why_is_for_director_and_clerk(owner: Member, dossier: Account) -> None:
    colleague = member("manager", full_name="借阅人")
    share(account=dossier, member=colleague)
    for role, told_why in (("director", True), ("clerk", True), ("finance", False)):
        assert ("谁能看到这个客户" in page(member(role), dossier).content.decode()) is told_why
    assert why_visible(owner, dossier, on=today()) == "该客户的客户经理。"
    assert "只能看" in why_visible(colleague, dossier, on=today())
    assert why_visible(member("manager"), dossier, on=today()) == ""
    assert "部长" in why_visible(member("director"), dossier, on=today())


def test_a_reader_by_share_finds_no_way_to_change(dossier: Account) -> None:
    reader = member("manager")
    share(account=dossier, member=reader)
    text = page(reader, dossier).content.decode()
    assert reverse("accounts:account_edit", args=[dossier.pk]) not in text
    assert reverse("accounts:credit_request", args=[dossier.pk]) not in text


def test_history_says_who_changed_what(owner: Member, dossier: Account) -> None:
    director, new = member("director", full_name="沈部长"), member("manager", full_name="新经理")
    account_change(account_pk=dossier.pk, actor=owner, data={"industry": "家电"}, version=1)
    account_assign(account_pk=dossier.pk, owner=new, deputy=None, actor=director, reason="调整区域")
    text = page(new, dossier, "history").content.decode()
    assert "家电" in text
    assert "新经理" in text
    assert "沈部长" in text
    assert "调整区域" in text


def test_the_name_of_a_hidden_group_is_not_told(owner: Member, dossier: Account) -> None:
    group = account(owner=member("manager"), name="秘密控股集团")
    account_change(account_pk=dossier.pk, actor=None, data={"parent": group}, version=1)
    for tab in ("overview", "history"):
        text = page(owner, dossier, tab).content.decode()
        assert "秘密控股" not in text
        assert "另一家客户" in text


def test_files_are_handed_over_as_files_to_who_may_see_them(owner: Member, dossier: Account) -> None:
    row = attachment_add(account_pk=dossier.pk, actor=owner, upload=SimpleUploadedFile("纪要.txt", "内容".encode()))
    answer = signed_in(owner).get(row.get_absolute_url())
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).decode() == "内容"  # type: ignore[attr-defined]
    assert signed_in(member("manager")).get(row.get_absolute_url()).status_code == 404
    other = account(owner=owner)
    crossed = reverse("accounts:attachment_download", args=[other.pk, row.pk])
    assert signed_in(owner).get(crossed).status_code == 404
    assert Attachment.objects.for_system().count() == 1


@pytest.mark.parametrize("tab", TABS)
def test_thirty_people_cost_what_three_cost(owner: Member, tab: str) -> None:
    counts = []
    for people in (3, 30):
        dossier = account(owner=owner)
        for _ in range(people):
            contact(account=dossier)
        client = signed_in(owner)
        client.get(dossier.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("accounts:account_tab", args=[dossier.pk, tab])).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    contributing = ("approvals", "care", "outbox", "visits")
    assert counts[0] <= 15 + len(contributing), "\n".join(query["sql"][:150] for query in asked.captured_queries)
