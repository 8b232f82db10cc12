"""The form pages of the dossier in Chromium: opening a client, two editors, picking, a session that ends."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Account, Contact
from accounts.services import account_change
from kam.people.models import Member, OpenSession
from tests.factories import account, contact
from tests.support.browser import axe, open_page, screenshot, sign_in
from tests.support.people import PASSWORD, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVE = ".form-foot button[type=submit]"
OK = "#messages .callout.ok"


@pytest.fixture
def owner() -> Member:
    return member("manager", full_name="陆以宁", password=PASSWORD)


@pytest.fixture(params=["desktop", "phone"])
def screen(request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer) -> Iterator[tuple[Page, str]]:
    """The page at 1440 and at 390 px, and the name of the size."""
    with open_page(chromium, live_server.url, phone=request.param == "phone") as page:
        yield page, str(request.param)


def no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_client_is_opened(screen: tuple[Page, str], owner: Member) -> None:
    page, size = screen
    sign_in(page, owner.username)
    page.goto(reverse("accounts:account_create"))
    axe(page)
    page.fill("[name=name]", "恒泽连锁商业有限公司")
    page.fill("[name=credit_code]", "914403001922038217")
    page.click(SAVE)
    expect(page.locator(".fld.bad")).to_have_count(2)
    expect(page.locator("[name=name]")).to_have_value("恒泽连锁商业有限公司")
    expect(page.locator("[role=alert]")).to_be_focused()
    screenshot(page, f"client-create-errors-{size}")
    axe(page)
    no_sideways_scrolling(page)
    page.fill("[name=credit_code]", "914403001922038216")
    page.select_option("[name=kind]", "chain_retailer")
    page.dblclick(SAVE)
    expect(page.locator(OK)).to_contain_text("恒泽连锁商业有限公司")
    assert Account.objects.for_system().get().owner == owner


def test_two_editors_settle_it_field_by_field(screen: tuple[Page, str], owner: Member) -> None:
    page, size = screen
    row = account(owner=owner, name="恒泽连锁商业有限公司", industry="家电", city="江州", note="旧")
    sign_in(page, owner.username)
    page.goto(reverse("accounts:account_edit", args=[row.pk]))
    page.fill("[name=industry]", "百货")
    page.fill("[name=short_name]", "恒泽")
    page.fill("[name=note]", "我的备注")
    account_change(
        account_pk=row.pk,
        actor=member("director", full_name="沈砚清"),
        data={"industry": "超市", "city": "淮州", "short_name": "泽"},
        version=1,
    )
    page.click(SAVE)
    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("沈砚清")
    expect(conflict).to_contain_text("超市")
    expect(conflict).to_contain_text("百货")
    expect(conflict).to_be_focused()
    expect(page.locator("[name=note]")).to_have_value("我的备注")
    screenshot(page, f"client-conflict-{size}")
    axe(page)
    no_sideways_scrolling(page)
    page.check("[name=choose_industry][value=theirs]")
    page.click(SAVE)
    expect(page.locator(OK)).to_be_visible()
    row.refresh_from_db()
    assert (row.industry, row.short_name, row.city, row.note) == ("超市", "恒泽", "淮州", "我的备注")


def test_a_group_is_picked_by_pinyin(page: Page, owner: Member) -> None:
    group = account(owner=owner, name="恒泽集团")
    account(owner=member("manager"), name="恒泽外人")
    row = account(owner=owner, name="分店")
    sign_in(page, owner.username)
    page.goto(reverse("accounts:account_edit", args=[row.pk]))
    page.locator(".ts-control:has(#id_parent-ts-control)").click()
    page.keyboard.type("hzjt")
    expect(page.locator(".ts-dropdown .option")).to_have_count(1)
    page.keyboard.press("Enter")
    axe(page)
    page.click(SAVE)
    expect(page.locator(OK)).to_be_visible()
    row.refresh_from_db()
    assert row.parent == group


def test_a_group_is_named_without_javascript(chromium: Browser, live_server: LiveServer, owner: Member) -> None:
    group, row = account(owner=owner, name="恒泽集团"), account(owner=owner, name="分店")
    with open_page(chromium, live_server.url, javascript=False) as page:
        sign_in(page, owner.username)
        page.goto(reverse("accounts:account_edit", args=[row.pk]))
        page.fill("[name=parent]", "恒泽集团")
        page.click(SAVE)
        expect(page.locator(OK)).to_be_visible()
    row.refresh_from_db()
    assert row.parent == group


def test_a_birthday_that_cannot_be_is_said_beside_it(screen: tuple[Page, str], owner: Member) -> None:
    page, size = screen
    row = account(owner=owner)
    sign_in(page, owner.username)
    page.goto(reverse("accounts:contact_create", args=[row.pk]))
    page.fill("[name=name]", "曹敏")
    page.fill("[name=birthday_words]", "公历1981-02-29")
    page.click(SAVE)
    expect(page.locator(".fld.bad")).to_contain_text("1981")
    screenshot(page, f"contact-errors-{size}")
    axe(page)
    no_sideways_scrolling(page)
    page.fill("[name=birthday_words]", "农历八月十五")
    page.click(SAVE)
    expect(page.locator(OK)).to_contain_text("曹敏")
    assert Contact.objects.for_system().get().birthday_calendar == "lunar"


def test_what_was_typed_comes_back_after_signing_in_again(page: Page, owner: Member) -> None:
    row = account(owner=owner)
    sign_in(page, owner.username)
    page.goto(reverse("accounts:account_edit", args=[row.pk]))
    page.fill("[name=industry]", "百货")
    page.press("[name=industry]", "Tab")
    OpenSession.objects.all().delete()
    page.click(SAVE)
    page.fill("[name=username]", owner.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]:not([name=language])")
    page.wait_for_url(f"**{reverse('accounts:account_edit', args=[row.pk])}")
    expect(page.locator("[name=industry]")).to_have_value("百货")
    page.click(SAVE)
    expect(page.locator(OK)).to_be_visible()
    row.refresh_from_db()
    assert row.industry == "百货"


def test_the_smaller_forms(screen: tuple[Page, str], owner: Member) -> None:
    page, size = screen
    row = account(owner=owner, name="恒泽连锁商业有限公司")
    person = contact(account=row, name="曹敏")
    sign_in(page, member("director").username)
    for name, address in {
        "assign": reverse("accounts:account_assign", args=[row.pk]),
        "grade": reverse("accounts:account_grade", args=[row.pk]),
        "status": reverse("accounts:account_status", args=[row.pk]),
        "leave": reverse("accounts:contact_leave", args=[row.pk, person.pk]),
        "bank-account": reverse("accounts:part_create", args=[row.pk, "bankaccount"]),
        "address": reverse("accounts:part_create", args=[row.pk, "address"]),
        "warehouse": reverse("accounts:part_create", args=[row.pk, "warehouse"]),
        "file": reverse("accounts:attachment_add", args=[row.pk]),
    }.items():
        page.goto(address)
        expect(page.locator(SAVE)).to_be_visible()
        screenshot(page, f"client-{name}-{size}")
        axe(page)
        no_sideways_scrolling(page)
