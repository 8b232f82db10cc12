"""The workbench as each role finds it."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services import account_change
from kam.core.calendar import today
from kam.people.choices import Role
from kam.people.models import Delegation
from tests import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db
URL = "/"
QUERIES = 20
"""Fifteen, and one for each area that contributes rows."""


def opened(client: Client, user: object, url: str = URL, language: str = "zh-hans") -> str:
    client.force_login(user)  # type: ignore[arg-type]
    client.cookies["kam_language"] = language
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def birthday_in(days: int) -> dict[str, object]:
    day = today() + timedelta(days=days)
    return {"birthday_calendar": "solar", "birthday_month": day.month, "birthday_day": day.day}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_role_has_a_page_of_its_own_without_words_of_the_other_language(
    client: Client, role: str, language: str
) -> None:
    page = opened(client, member(role, full_name="Ann Lee"), language=language)
    text = re.sub(r"<[^>]+>", " ", page.partition('id="main"')[2].partition(">")[2].partition("</main>")[0])
    if language == "en":
        assert not re.search(r"[\u4e00-\u9fff]", text), text
    else:
        assert not re.search(r"[A-Za-z]{3,}", text.replace("Ann Lee", "").replace("Enter", "")), text


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.LEGAL, Role.PARTNER])
def test_roles_without_clients_are_offered_none(client: Client, role: str) -> None:
    factories.account(name="金丝雀贸易")
    page = opened(client, member(role))
    assert "金丝雀" not in page
    assert "我的客户" not in page
    assert 'href="/clients/"' not in page.partition('<nav class="side"')[2].partition("</nav>")[0]


def test_a_manager_finds_birthdays_of_the_coming_week_and_ending_shares(client: Client) -> None:
    mine, other = member(), member()
    own = factories.account(owner=mine, name="恒泽连锁")
    factories.contact(account=own, name="姚素琴", mobile="13800000001", **birthday_in(3))
    factories.contact(account=own, name="远日子", **birthday_in(9))
    factories.contact(account=factories.account(owner=other), name="别人家", **birthday_in(1))
    shared = factories.account(owner=other, name="海棠百货")
    factories.share(account=shared, member=mine, ends_on=today() + timedelta(days=2))
    page = opened(client, mine)
    assert "姚素琴 生日" in page
    assert "tel:" in page
    assert "海棠百货 的共享到期" in page
    assert "远日子" not in page
    assert "别人家" not in page
    narrowed = opened(client, mine, "/?kind=share").partition("<main")[2]
    assert "海棠百货 的共享到期" in narrowed
    assert "姚素琴" not in narrowed


def test_a_manager_learns_what_others_changed_and_not_the_own_acts(client: Client) -> None:
    mine, clerk = member(), member(Role.CLERK, full_name="何韵")
    account = factories.account(owner=mine, name="北辰数码")
    account_change(account_pk=account.pk, actor=clerk, data={"website": "https://a.cn"}, version=account.version)
    account.refresh_from_db()
    account_change(account_pk=account.pk, actor=mine, data={"industry": "零售"}, version=account.version)
    page = opened(client, mine)
    assert "何韵" in page
    assert "网址" in page or "网站" in page
    assert "行业" not in page.partition("最近变动")[2]


def test_changes_of_clients_out_of_sight_stay_out_of_sight(client: Client) -> None:
    mine = member()
    factories.account(owner=member(), name="金丝雀贸易")
    ended = factories.account(owner=member(), name="过期客户")
    factories.expired_share(account=ended, member=mine)
    page = opened(client, mine)
    assert "金丝雀" not in page
    assert "过期客户" not in page


def test_delegations_held_are_shown_until_they_end(client: Client) -> None:
    director, delegate = member(Role.DIRECTOR, full_name="沈砚清"), member(Role.CLERK)
    for ends, note in ((0, "今天止"), (-1, "昨天止")):
        Delegation.objects.create(
            grantor=director,
            delegate=delegate,
            authority="credit" if ends == 0 else "share",
            starts_on=today() - timedelta(days=9),
            ends_on=today() + timedelta(days=ends),
            note=note,
        )
    page = opened(client, delegate).partition("有效授权")[2]
    assert "沈砚清 授予" in page
    assert page.count("user-share") == 1


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.MANAGER])
def test_queries_do_not_grow_with_clients(client: Client, role: str) -> None:
    user = member(role)
    client.force_login(user)

    def queries(rows: int) -> int:
        owner = user if role == Role.MANAGER else member()
        for number in range(rows):
            account = factories.account(owner=owner, grade="ABCD"[number % 4])
            factories.contact(account=account, **birthday_in(number % 7))
        cache.clear()  # the counts of the menu are kept for seconds: ask for them each time
        with CaptureQueriesContext(connection) as caught:
            client.get(URL)
        return len(caught)

    queries(1)
    few, many = queries(2), queries(27)
    assert few == many <= QUERIES


def test_nobody_sees_it_without_signing_in(client: Client) -> None:
    assert client.get(URL).status_code == 302
