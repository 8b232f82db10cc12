"""The desk in Chromium: workbenches in both languages and at both widths, search, notices, panel, keyboard."""

from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from kam.core.calendar import now, today
from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.support.browser import HOST, axe, screenshot, sign_in
from tests.support.people import member
from tests.support.requests import asked_credit, decide, delegated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = {
    Role.DIRECTOR: "沈砚清",
    Role.CLERK: "何韵",
    Role.MANAGER: "陆以宁",
    Role.EXECUTIVE: "顾承远",
    Role.FINANCE: "段文静",
    Role.LEGAL: "魏然",
    Role.PARTNER: "林舒",
}


@pytest.fixture
def department() -> dict[str, Member]:
    """One member of each role, clients of every grade, requests that wait, came back and are to be opened."""
    people = {role: member(role, username=role, full_name=name) for role, name in NAMES.items()}
    director, manager = people[Role.DIRECTOR], people[Role.MANAGER]
    names = ("恒泽连锁商业", "海棠联盟百货", "永嘉轴承制造", "云岭图书馆", "新禾农贸连锁", "北辰数码广场")
    clients = [
        factories.account(owner=manager, name=f"{name}有限公司", short_name=name, grade=grade, credit_limit=200_000)
        for name, grade in zip(names, ("A", "A", "B", "C", "", "D"), strict=True)
    ]
    for days, (name, account) in enumerate(zip(("姚素琴", "韩景和", "柳如是"), clients, strict=False)):
        day = today() + timedelta(days=days)
        parts = {"birthday_calendar": "solar", "birthday_month": day.month, "birthday_day": day.day}
        factories.contact(account=account, name=name, post="副馆长", mobile="13800138000", **parts)
    asked_credit(manager, clients[0], now=now() - timedelta(days=3))
    asked_credit(manager, clients[1], limit=150_000, now=now())
    decide(asked_credit(manager, clients[2], now=now()), director, "return", comment="请补充合同", now=now())
    decide(asked_credit(manager, clients[3], now=now()), director, now=now())
    delegated(director, people[Role.CLERK], on=today(), starts_on=today(), ends_on=today() + timedelta(days=5))
    return people


@pytest.mark.parametrize("role", Role.values)
def test_each_workbench_reads_well(page: Page, department: dict[str, Member], role: str) -> None:
    sign_in(page, role)
    for language in ("zh-hans", "en"):
        speak(page, language)
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto("/")
            expect(page.locator("#main")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{role} {width}: too wide"
            axe(page)
            screenshot(page, f"workbench-{role}-{language}-{width}")


@pytest.mark.parametrize("address", ["/search/?q=lian", "/search/", "/notices/", "/admin/", "/nowhere/", "/clients/"])
def test_the_pages_around_it_read_well(page: Page, department: dict[str, Member], address: str) -> None:
    sign_in(page, Role.DIRECTOR)
    name = address.strip("/").split("/")[0] + ("-hits" if "?" in address else "")
    for language in ("zh-hans", "en"):
        speak(page, language)
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            axe(page)
            screenshot(page, f"desk-{name}-{language}-{width}")


def test_the_keyboard_walks_the_day_and_opens_a_row(page: Page, department: dict[str, Member]) -> None:
    sign_in(page, Role.DIRECTOR)
    page.goto("/")
    page.keyboard.press("j")
    first = page.locator("[data-rows] [data-row]").first
    expect(first).to_be_focused()
    target = first.locator("a[data-open]").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")


def test_suggestions_come_while_typing_and_lead_to_the_client(page: Page, department: dict[str, Member]) -> None:
    sign_in(page, Role.MANAGER)
    page.goto("/notices/")
    page.keyboard.press("/")
    page.keyboard.type("hzls")
    hit = page.locator("#found a.hit").first
    expect(hit).to_contain_text("恒泽连锁商业")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("恒泽连锁商业")


def speak(page: Page, language: str) -> None:
    """Pages in this language from now on."""
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "domain": HOST, "path": "/"}])
