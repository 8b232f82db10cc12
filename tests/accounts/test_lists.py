"""The client list: the contract of every list, its filters, and what each role must not see."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.lists import AccountList
from accounts.models import Account
from accounts.services import contact_leave
from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.support.lists import ExportContract
from tests.support.people import member

URL = "/clients/"


def listed(client: Client, query: str = "") -> dict[str, Any]:
    """The context `list` of the client list."""
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.context["list"]


def names(client: Client, query: str = "") -> set[str]:
    """Names of the clients shown."""
    return {row["card"]["title"] for row in listed(client, query)["rows"]}


class TestManager(ExportContract):
    """An account manager sees the own clients."""

    page_class = AccountList
    url = URL
    text_heading = "Name"

    def make(self, user: Member, text: str) -> Account:
        """A client of the manager's, with a person."""
        row = factories.account(owner=user)
        Account.objects.filter(pk=row.pk).update(name=text)
        factories.contact(account=row, birthday_calendar="solar", birthday_month=3, birthday_day=1)
        return row

    def make_foreign(self) -> Account:
        """A colleague's client."""
        return factories.account(owner=member())


class TestClerk(TestManager):
    """The clerk sees every client."""

    role = Role.CLERK

    def make_foreign(self) -> None:
        """There is none."""


@pytest.fixture
def manager(client: Client) -> Member:
    """A signed-in account manager."""
    user = member()
    client.force_login(user)
    return user


@pytest.fixture
def director(client: Client) -> Member:
    """The signed-in director."""
    user = member(Role.DIRECTOR)
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_filters_narrow_the_list_and_say_so(client: Client, director: Member) -> None:
    owner = member(full_name="周牧野")
    factories.account(
        name="甲", grade="A", status="active", owner=owner, province="江苏省", city="江州市", credit_limit=100
    )
    factories.account(name="乙", grade="B", kind="school_library")
    factories.account(name="丙")
    assert names(client, "?grade=A") == {"甲"}
    assert names(client, "?grade=A&grade=B") == {"甲", "乙"}
    assert names(client, "?grade=-") == {"丙"}
    assert names(client, "?kind=school_library") == {"乙"}
    assert names(client, "?status=active") == {"甲"}
    assert names(client, f"?owner={owner.pk}") == {"甲"}
    assert names(client, "?owner=-") == {"乙", "丙"}
    assert names(client, "?territory=江州") == {"甲"}
    assert names(client, "?credit=yes") == {"甲"}
    assert names(client, "?credit=no") == {"乙", "丙"}
    assert names(client, "?grade=A&kind=school_library") == set()
    chips = listed(client, f"?grade=A&grade=B&owner={owner.pk}&q=甲")["active_filters"]
    assert [(chip["label"], chip["value"]) for chip in chips] == [("级别", "A、B"), ("负责人", "周牧野")]
    assert chips[0]["remove_url"] == f"{URL}?owner={owner.pk}&q=%E7%94%B2"


@pytest.mark.django_db
def test_mine_and_shared_with_me(client: Client, manager: Member) -> None:
    factories.account(name="我的", owner=manager)
    shared = factories.account(name="共享的", owner=member())
    factories.share(account=shared, member=manager)
    ended = factories.account(name="到期的", owner=member())
    factories.expired_share(account=ended, member=manager)
    assert names(client) == {"我的", "共享的"}
    assert names(client, "?owner=me") == {"我的"}
    assert names(client, "?shared=me") == {"共享的"}


@pytest.mark.django_db
def test_counts_and_sums_hold_only_what_the_member_sees(client: Client, manager: Member) -> None:
    factories.account(owner=manager, credit_limit=Decimal("100.50"))
    factories.account(owner=manager, credit_limit=Decimal(200))
    factories.account(owner=member(), credit_limit=Decimal(999))
    listing = listed(client)
    assert [view["count"] for view in listing["views"] if view["current"]] == ["2"]
    assert [cell["value"] for cell in listing["sums"] if cell["value"]] == ["300.50"]


@pytest.mark.django_db
def test_contacts_are_counted_without_those_who_left(client: Client, manager: Member) -> None:
    row = factories.account(owner=manager)
    factories.contact(account=row)
    gone = factories.contact(account=row)
    contact_leave(contact_pk=gone.pk, left_on=date(2020, 1, 1), actor=manager)
    assert "1" in str(listed(client, "?columns=contacts")["rows"][0]["cells"][1]["value"])


@pytest.mark.django_db
def test_finance_sees_clients_without_their_people_and_takes_nothing_out(client: Client) -> None:
    row = factories.account(owner=member())
    factories.contact(account=row)
    client.force_login(member(Role.FINANCE))
    listing = listed(client, "?columns=contacts&columns=birthday&columns=grade")
    assert [str(column["label"]) for column in listing["columns"]] == ["客户", "级别"]
    assert {str(column["label"]) for column in listing["choosable_columns"]}.isdisjoint({"联系人", "下个生日"})
    assert listing["export_urls"] == [] == listing["bulk_actions"]
    assert client.get(URL + "?export=csv").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.LEGAL, Role.PARTNER])
def test_roles_without_clients_are_told_so(client: Client, role: str) -> None:
    factories.account(owner=member())
    client.force_login(member(role))
    assert client.get(URL).status_code == 403


@pytest.mark.django_db
def test_a_member_who_left_sees_nothing(client: Client, manager: Member) -> None:
    factories.account(owner=manager)
    Member.objects.filter(pk=manager.pk).update(is_active=False)
    assert client.get(URL).status_code == 302


@pytest.mark.django_db
def test_pick_lists_of_filters_are_read_only_when_open(client: Client, manager: Member) -> None:
    factories.account(owner=manager)
    assert listed(client)["filter_form"] is None
    form = listed(client, "?panel=filters")["filter_form"]
    assert str(manager.pk) in [str(value) for value, _label in form.fields["owner"].choices]


@pytest.mark.django_db
def test_nothing_found_leads_back_to_all(client: Client, manager: Member) -> None:
    factories.account(owner=manager)
    empty = listed(client, "?grade=A")["empty"]
    assert empty["action_url"] == URL
    assert "没有符合条件的" in client.get(URL + "?grade=A").content.decode()


@pytest.mark.django_db
def test_names_with_markup_are_shown_as_words(client: Client, manager: Member) -> None:
    row = factories.account(owner=manager)
    Account.objects.filter(pk=row.pk).update(name="<script>alert(1)</script>", industry='"><img src=x>')
    page = client.get(URL + "?columns=industry&q=%3Cscript%3E").content.decode()
    page += client.get(URL + "?columns=industry").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_both_languages(client: Client, manager: Member, language: str) -> None:
    factories.account(owner=manager, credit_limit=100, term_kind="days", term_days=30)
    client.cookies["kam_language"] = language
    words = {"zh-hans": "收货后 30 天", "en": "30 days after receipt"}
    assert words[language] in client.get(URL).content.decode()
