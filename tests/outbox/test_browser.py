"""The page of messages in Chromium, as the clerk on the desk and as the director on the phone."""

import pytest
from playwright.sync_api import Page, expect

from kam.core.calendar import now
from kam.outbox.models import Message
from kam.people.choices import Role
from tests import factories
from tests.support.browser import DESKTOP, PHONE, axe, screenshot, sign_in
from tests.support.people import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STATES = ("due", "claimed", "sent", "failed", "skipped", "uncertain")


@pytest.fixture
def written() -> None:
    """A greeting in every state, and who looks at them."""
    for role, name in ((Role.CLERK, "何韵"), (Role.DIRECTOR, "沈砚清")):
        member(role, username=role, full_name=name)
    account = factories.account(owner=member())
    for state in STATES:
        Message.objects.create(
            kind="care.greeting",
            channel="sms",
            key=state,
            account_id=account.pk,
            name=f"郑海燕{state}",
            address="+8613905552741",
            language="zh-hans",
            text="【大客户部】郑海燕女士，祝您生日快乐！",
            once="at_most",
            state=state,
            skip_reason="no_consent" if state == "skipped" else "",
            error="No answer in time." if state in {"failed", "uncertain"} else "",
            created_at=now(),
            send_after=now(),
        )


@pytest.mark.parametrize(("role", "size"), [(Role.CLERK, DESKTOP), (Role.DIRECTOR, PHONE)])
def test_an_uncertain_greeting_is_found_read_and_given_up(page: Page, written: None, role: str, size: dict) -> None:
    page.set_viewport_size(size)
    sign_in(page, role)
    page.goto("/messages/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    screenshot(page, f"messages-{size['width']}")
    page.get_by_role("link", name="需处理").click()
    page.locator("a:visible", has_text="郑海燕uncertain").click()
    expect(page.locator("#main")).to_contain_text("以免对方收到两次")
    expect(page.locator("#main")).to_contain_text("对方未及时应答。")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    screenshot(page, f"message-{size['width']}")
    page.get_by_role("button", name="放弃").click()
    expect(page.locator("#main")).to_contain_text("已放弃")


def test_channels_are_chosen(page: Page, written: None) -> None:
    sign_in(page, Role.CLERK)
    page.goto("/messages/channels/")
    axe(page)
    box = page.locator("input[name=on]:not([disabled])").first
    box.uncheck()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("input[name=on]:not([disabled])").first).not_to_be_checked()
