"""Forms in Chromium: nothing typed is lost, a double click saves once, and all of it works without JavaScript."""

import time

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from kam.people.models import Member, OpenSession
from tests.support.browser import axe, open_page, sign_in
from tests.support.people import PASSWORD, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "13905552741"
PHONE = "input[name=phone]"
SAVE = ".form-foot button[type=submit]"
BACK = "[data-discard]"


@pytest.fixture
def somebody() -> Member:
    """A member who can sign in with a password."""
    return member(password=PASSWORD)


def open_profile(page: Page, somebody: Member) -> None:
    """The shortest form of the product."""
    sign_in(page, somebody.username)
    page.goto(reverse("people:profile"))


def drafts(page: Page) -> int:
    """How many unsaved forms this tab keeps."""
    kept: int = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length")
    return kept


def type_number(page: Page) -> None:
    """Type, and leave the field: that is when the browser keeps it for certain."""
    page.fill(PHONE, NUMBER)
    page.press(PHONE, "Tab")
    assert drafts(page) == 1


def test_what_was_typed_survives_a_reload(page: Page, somebody: Member) -> None:
    open_profile(page, somebody)
    type_number(page)
    page.reload()
    expect(page.locator(PHONE)).to_have_value(NUMBER)
    axe(page)
    page.click(BACK)
    expect(page.locator(PHONE)).to_have_value("")
    expect(page.locator(BACK)).to_have_count(0)


def test_what_was_typed_survives_the_end_of_the_session(page: Page, somebody: Member) -> None:
    open_profile(page, somebody)
    type_number(page)
    OpenSession.objects.all().delete()
    page.click(SAVE)
    page.fill("[name=username]", somebody.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]:not([name=language])")
    page.wait_for_url(f"**{reverse('people:profile')}")
    expect(page.locator(PHONE)).to_have_value(NUMBER)
    page.click(SAVE)
    expect(page.locator("#messages .callout.ok")).to_be_visible()
    assert drafts(page) == 0
    somebody.refresh_from_db()
    assert NUMBER in somebody.phone


def test_signing_out_forgets_what_was_typed(page: Page, somebody: Member) -> None:
    open_profile(page, somebody)
    type_number(page)
    page.locator(".top summary").last.click()
    page.click(".top [data-sign-out] button")
    page.wait_for_url(f"**{reverse('people:sign_in')}**")
    assert drafts(page) == 0


def test_a_double_click_saves_once(page: Page, somebody: Member) -> None:
    posts = []

    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            posts.append(route.request.url)
            time.sleep(0.4)
        route.continue_()

    open_profile(page, somebody)
    page.route(f"**{reverse('people:profile')}", slowly)
    type_number(page)
    page.dblclick(SAVE)
    expect(page.locator("#messages .callout.ok")).to_be_visible()
    assert len(posts) == 1


def test_a_form_saves_without_javascript(chromium: Browser, live_server: LiveServer, somebody: Member) -> None:
    with open_page(chromium, live_server.url, javascript=False) as page:
        open_profile(page, somebody)
        page.fill(PHONE, NUMBER)
        page.click(SAVE)
        expect(page.locator("#messages .callout.ok")).to_be_visible()
    somebody.refresh_from_db()
    assert NUMBER in somebody.phone


def test_the_keyboard_opens_menus_and_leaves_them(page: Page, somebody: Member) -> None:
    open_profile(page, somebody)
    summary = page.locator(".top details.menu summary").last
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".top details.menu[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".top details.menu[open]")).to_have_count(0)
    expect(summary).to_be_focused()
