"""The import as the clerk sees it, at 1440 and at 390 px."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Account, Contact
from kam.core.imports.models import ImportRun, ImportState
from kam.people.models import Member
from tests.accounts.test_imports_dry_run import MANAGERS, WORKBOOK, book
from tests.support.browser import axe, open_page, screenshot, sign_in
from tests.support.people import PASSWORD, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk() -> Member:
    return member("clerk", full_name="何韵", password=PASSWORD)


@pytest.fixture(params=["desktop", "phone"])
def screen(request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer) -> Iterator[tuple[Page, str]]:
    """The page at 1440 and at 390 px, and the name of the size."""
    with open_page(chromium, live_server.url, phone=request.param == "phone") as page:
        yield page, str(request.param)


def fits(page: Page, name: str) -> None:
    screenshot(page, name)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_whole_way_of_the_departments_workbook(screen: tuple[Page, str], clerk: Member) -> None:
    page, size = screen
    for name in MANAGERS[1:]:
        member(full_name=name)
    zhou = member(full_name="周牧野", username="zhoumuye")
    sign_in(page, clerk.username)
    page.goto(reverse("accounts:import_list"))
    fits(page, f"import-list-empty-{size}")
    chosen = page.locator(".file .name")
    expect(chosen).to_have_text("还没有选")
    page.set_input_files("#import-file", WORKBOOK)
    expect(chosen).to_have_text(WORKBOOK.name)
    page.click("form[action$='/upload/'] button[type=submit]")
    expect(page.locator("h1").first).to_contain_text("department-workbook")
    fits(page, f"import-dry-run-{size}")
    page.select_option("select[name=member] >> nth=0", zhou.username)
    page.click("form[action$='/match/'] button[type=submit]")
    expect(page.locator("form[action$='/confirm/']")).to_be_visible()
    page.click("form[action$='/confirm/'] button[type=submit]")
    expect(page.locator("form[action$='/undo/']")).to_be_visible(timeout=60_000)
    assert Account.objects.for_system().exists()
    assert Contact.objects.for_system().exists()
    fits(page, f"import-done-{size}")
    page.click("form[action$='/undo/'] button[type=submit]")
    expect(page.locator("#messages .callout.ok")).to_be_visible(timeout=60_000)
    assert not Account.objects.for_system().exists()
    page.goto(reverse("accounts:import_list"))
    fits(page, f"import-list-{size}")


def test_progress_is_shown_until_the_worker_is_done(screen: tuple[Page, str], clerk: Member) -> None:
    page, size = screen
    run = ImportRun.objects.create(
        actor=clerk, name="台账.xlsx", size=1, state=ImportState.WRITING, done=40, total=100, file="imports/none"
    )
    sign_in(page, clerk.username)
    page.goto(reverse("accounts:import_detail", args=[run.pk]))
    expect(page.locator("progress")).to_have_attribute("value", "40")
    fits(page, f"import-progress-{size}")
    ImportRun.objects.filter(pk=run.pk).update(done=70)
    expect(page.locator("progress")).to_have_attribute("value", "70", timeout=20_000)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.DONE)
    expect(page.locator("progress")).to_have_count(0, timeout=20_000)


def test_the_clerk_says_what_a_column_is_and_looks_at_every_cell(
    screen: tuple[Page, str], clerk: Member, tmp_path: Path
) -> None:
    page, size = screen
    member(full_name="卫东升")
    header = ["客户名称", "客户类别", "当家的", "授信额度", "账期"]
    rows = [["江州大学", "学校", "卫东升", "5万", "30天"], ["江州中学", "学校", "卫东升", "随便", "30天"]]
    sign_in(page, clerk.username)
    page.goto(reverse("accounts:import_list"))
    page.set_input_files("#import-file", book(tmp_path, ("客户", [header, *rows])))
    page.click("form[action$='/upload/'] button[type=submit]")
    expect(page.locator("form[action$='/columns/']")).to_contain_text("当家的")
    fits(page, f"import-columns-{size}")
    page.select_option("form[action$='/columns/'] select", "owner")
    page.click("form[action$='/columns/'] button[type=submit]")
    expect(page.locator("form[action$='/confirm/']")).to_be_visible()
    page.select_option("#import-sort", "outcome")
    page.fill("#import-row", "3")
    page.click("#rows form button[type=submit]")
    shown = page.locator("#rows .phone" if size == "phone" else "#rows .desk")
    shown.locator("details.own-cells summary").first.click()
    expect(shown.locator("details.own-cells dl").first).to_contain_text("随便")
    fits(page, f"import-cells-{size}")
    page.goto(reverse("accounts:header_words"))
    words = page.locator(".phone" if size == "phone" else ".desk").filter(has_text="当家的")
    expect(words).to_be_visible()
    fits(page, f"header-words-{size}")
    words.locator("form button").click()
    expect(page.locator("form[action$='/remove/']")).to_have_count(0)
    expect(page.locator("body")).to_contain_text("已移除")
