"""The client list in Chromium: filters, live search, views, ticks and keys, at both widths."""

import pytest
from playwright.sync_api import Page, expect

from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.support.browser import axe, screenshot, sign_in
from tests.support.people import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

URL = "/clients/"


@pytest.fixture
def director() -> Member:
    """The director with three clients of a manager's."""
    owner = member(username="luyining", full_name="陆以宁")
    for name, grade in (("江苏苏宁易购有限公司", "A"), ("海棠联盟百货", "B"), ("云岭图书馆", "")):
        factories.account(name=name, owner=owner, grade=grade, credit_limit=280_000, term_kind="days", term_days=30)
    return member(Role.DIRECTOR, username="shenyanqing", full_name="沈砚清")


def names(page: Page) -> list[str]:
    """Names of the clients in the table."""
    return page.locator(".tbl .nm").all_inner_texts()


def test_work_in_the_list_without_leaving_it(page: Page, director: Member) -> None:
    sign_in(page, director.username)
    page.goto(URL)
    axe(page)
    screenshot(page, "client-list")
    page.click("text=条件")
    page.locator(".pop.wide").wait_for()
    axe(page)
    page.locator(".pop.wide label", has_text="B").first.click()
    page.click(".pop.wide button[type=submit]")
    expect(page.locator(".fchip b")).to_have_text("B")
    assert names(page) == ["海棠联盟百货"]
    assert page.url.endswith("/clients/?grade=B")
    page.click("text=存成视图")
    page.fill("#view-name", "百货")
    page.click("button[value=save_view]")
    expect(page.locator(".tabs [aria-current]")).to_contain_text("百货")
    page.click(".tabs >> text=全部")
    expect(page.locator(".tbl .nm")).to_have_count(3)
    page.locator("#listing-q").press_sequentially("snyg", delay=30)
    expect(page.locator(".tbl .nm")).to_have_count(1)
    assert page.locator("#listing-q").input_value() == "snyg"
    assert page.url.endswith("?q=snyg")


def test_ticks_and_keys(page: Page, director: Member) -> None:
    sign_in(page, director.username)
    page.goto(URL)
    page.locator(".tbl tbody [name=pk]").nth(1).check()
    page.locator(".tbl tbody [name=pk]").first.check()
    expect(page.locator(".bulk .sum")).to_have_text("授信额度 560,000.00")
    page.locator(".tbl tbody [name=pk]").nth(1).uncheck()
    expect(page.locator(".bulk .sum")).to_have_text("授信额度 280,000.00")
    page.locator(".bulk").get_by_role("button", name="指派").click()
    expect(page.locator("h1")).to_have_text("指派客户")
    expect(page.locator(".form-note")).to_contain_text("江苏苏宁易购有限公司")
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(URL)


def test_cards_on_a_phone(phone: Page, director: Member) -> None:
    sign_in(phone, director.username)
    phone.goto(URL)
    expect(phone.locator(".cardlist .nm")).to_have_count(3)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    axe(phone)
    screenshot(phone, "client-list-phone")
