"""`manage.py birthdays`: the month in words and as JSON."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db


def printed(*arguments):
    out = StringIO()
    call_command("birthdays", *arguments, stdout=out)
    return out.getvalue()


def born(account, name, calendar, month, day, **fields):
    birthday = {"birthday_calendar": calendar, "birthday_month": month, "birthday_day": day}
    return factories.contact(account=account, name=name, **birthday, **fields)


@pytest.fixture
def owner():
    return member(full_name="周牧野")


@pytest.fixture
def client(owner):
    return factories.account(owner=owner, name="云岭 图书馆（总馆）", short_name="云图")


def test_the_month_as_json(client, owner):
    second = factories.account(owner=owner, name="一号客户")
    born(client, "腊月初一", "lunar", 12, 1)
    born(client, "除夕", "lunar", 12, 30)
    born(client, "冬月廿", "lunar", 11, 20, birthday_year=1970)
    born(client, "元旦乙", "solar", 1, 1)
    born(client, "元旦甲", "solar", 1, 1)
    born(second, "元旦丙", "solar", 1, 1)
    born(client, "闰四月", "lunar", 4, 3, birthday_leap=True)
    assert json.loads(printed("--month", "2027-01", "--json")) == [
        {"account": account, "contact": contact, "date": day, "calendar": calendar, "owner": "周牧野"}
        for account, contact, day, calendar in (
            ("一号客户", "元旦丙", "2027-01-01", "solar"),
            ("云岭 图书馆（总馆）", "元旦乙", "2027-01-01", "solar"),
            ("云岭 图书馆（总馆）", "元旦甲", "2027-01-01", "solar"),
            ("云岭 图书馆（总馆）", "腊月初一", "2027-01-08", "lunar"),
        )
    ]
    assert [row["date"] for row in json.loads(printed("--month", "2026-12", "--json"))] == ["2026-12-28"]
    assert [row["contact"] for row in json.loads(printed("--month", "2027-05", "--json"))] == ["闰四月"]
    assert [row["date"] for row in json.loads(printed("--month", "2027-02", "--json"))] == ["2027-02-05"]


def test_a_lunar_birthday_falls_twice_in_one_solar_year_and_never_in_another(client):
    born(client, "冬月廿", "lunar", 11, 20)
    dates = {
        year: [
            row["date"]
            for month in range(1, 13)
            for row in json.loads(printed("--month", f"{year}-{month:02}", "--json"))
        ]
        for year in (2025, 2026)
    }
    assert dates == {2025: [], 2026: ["2026-01-08", "2026-12-28"]}


def test_only_live_people_of_live_clients(client, owner):
    born(client, "在职", "solar", 3, 5)
    born(client, "离职", "solar", 3, 5)
    client.contacts.filter(name="离职").update(left_on="2026-01-01")
    for status in ("paused", "ended", "prospect"):
        born(factories.account(owner=owner, status=status), status, "solar", 3, 5)
    found = json.loads(printed("--month", "2027-03", "--json"))
    assert {row["contact"] for row in found} == {"在职", "prospect"}


def test_a_client_without_owner_has_an_empty_one():
    born(factories.account(), "无主", "solar", 3, 5)
    [row] = json.loads(printed("--month", "2027-03", "--json"))
    assert row["owner"] == ""


def test_an_empty_month_is_an_empty_array_and_a_sentence():
    assert json.loads(printed("--month", "2027-06", "--json")) == []
    with translation.override("zh-hans"):
        assert printed("--month", "2027-06").strip() == "这个月没有人过生日。"


def test_the_table_names_date_calendar_person_client_owner(client):
    born(client, "除夕", "lunar", 12, 30)
    with translation.override("zh-hans"):
        first, last = printed("--month", "2027-02").strip().splitlines()
    assert first.split("  ") == ["2027-02-05", "农历", "除夕", "云岭 图书馆（总馆）", "周牧野"]
    assert last == "共 1 人"


@pytest.mark.parametrize(
    "month",
    ["2027-13", "2027-00", "2027", "2027-1", "2027-01-01", "next", "２０２７-01", "1900-01", "2101-01", "9999-12"],
)
def test_a_month_that_makes_no_sense_is_one_sentence(month):
    with pytest.raises(CommandError) as caught:
        printed("--month", month, "--json")
    assert "\n" not in str(caught.value)
    assert caught.value.returncode == 1


def test_one_query_however_many_people(client):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            printed("--month", "2027-03", "--json")
        return len(caught)

    born(client, "零号", "solar", 3, 4)
    few = queries()
    for number in range(27):
        born(client, f"{number}号", "lunar" if number % 2 else "solar", number % 12 + 1, 5)
    assert queries() == few == 1
