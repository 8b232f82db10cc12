"""Care in Chromium: the month list on the desk, Monday's recheck and the day's greeting as the manager at 390 px."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.care.choices import CareStatus
from accounts.care.models import BirthdayCare
from kam.core.calendar import today
from kam.people.models import Member
from tests import factories
from tests.care.support import born, care_of
from tests.support.browser import axe, screenshot, sign_in
from tests.support.people import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager() -> Member:
    """A manager with a birthday today, one later this month or next, and one that is late."""
    person = member(username="luyining", full_name="陆以宁")
    account = factories.account(owner=person, name="恒泽连锁商业有限公司", short_name="恒泽连锁商业", grade="A")
    born(account, today(), name="姚素琴", post="副馆长", gender="female", mobile="13800138000", consent="given")
    born(account, today() + timedelta(days=3), name="韩景和", lunar=True)
    late = care_of(born(account, today(), name="柳如是", mobile="13700137000"))
    BirthdayCare.objects.filter(pk=late.pk).update(falls_on=today() - timedelta(days=2))
    return person


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the screen"


def test_the_month_list_and_the_calendar_on_the_desk(page: Page, manager: Member) -> None:
    sign_in(page, "luyining")
    page.goto("/care/")
    expect(page.locator("#listing")).to_contain_text("姚素琴")
    axe(page)
    screenshot(page, "care-month")
    page.get_by_role("link", name="我负责的").click()
    expect(page.locator("#listing")).to_contain_text("姚素琴")
    page.get_by_role("link", name="月历").click()
    expect(page.locator("table.month")).to_contain_text("姚素琴")
    axe(page)
    screenshot(page, "care-calendar")
    page.locator("table.month").get_by_role("link", name="姚素琴").click()
    expect(page.get_by_role("heading", name="姚素琴")).to_be_visible()
    axe(page)
    page.locator("input[name=flowers][value=ready]").check()
    page.locator("input[name=card][value=none]").check()
    page.get_by_role("button", name="保存准备情况").click()
    expect(page.locator("#main")).to_contain_text("已准备好")
    screenshot(page, "care-detail")


def test_the_recheck_on_the_phone_takes_one_tap(phone: Page, manager: Member) -> None:
    sign_in(phone, "luyining")
    phone.goto("/care/recheck/")
    fits(phone)
    axe(phone)
    screenshot(phone, "care-recheck-phone")
    row = phone.locator(".verify > li", has_text="姚素琴")
    expect(row).to_contain_text("缺")
    row.get_by_role("link", name="改正").click()
    phone.locator("input[name=address]").fill("解放路18号")
    fits(phone)
    phone.get_by_role("button", name="改正并核实").click()
    expect(phone.locator("#main")).to_contain_text("已改正并核实")
    care = BirthdayCare.objects.get(contact__name="姚素琴")
    assert care.verified_fields["address"] == "corrected"


def test_the_greeting_on_the_phone_takes_two_taps(phone: Page, manager: Member) -> None:
    sign_in(phone, "luyining")
    phone.goto("/")
    phone.get_by_role("link", name="姚素琴 生日").click()
    fits(phone)
    axe(phone)
    screenshot(phone, "care-greeting-phone")
    assert phone.locator(".care-answer a[href='tel:+8613800138000']").is_visible()
    phone.get_by_label("高兴").check()
    phone.get_by_role("button", name="联系上了").click()
    expect(phone.locator("#main")).to_contain_text("已问候")
    axe(phone)
    care = BirthdayCare.objects.get(contact__name="姚素琴")
    assert (care.status, care.reaction, care.greeted_by) == (CareStatus.DONE, "pleased", manager)
    phone.goto("/")
    phone.get_by_role("link", name="柳如是 生日").click()
    phone.get_by_role("button", name="明天再联系").click()
    expect(phone.locator("#main")).to_contain_text("没联系上 柳如是")
    assert BirthdayCare.objects.get(contact__name="柳如是").again_on == today() + timedelta(days=1)
