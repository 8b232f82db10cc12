"""A manager asks on a phone; the director decides in the panel and on the phone."""

import pytest
from playwright.sync_api import expect

from accounts.models import Account
from kam.approvals.models import Request
from kam.approvals.services import policies_ensure
from kam.people.choices import Role
from tests.support.browser import axe, screenshot, sign_in
from tests.support.people import member
from tests.support.requests import asked_credit, asked_share, client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db):
    """The director, the executive, finance, a manager with a client, a colleague."""
    policies_ensure()
    return {
        "director": member(Role.DIRECTOR, username="shenyanqing", full_name="沈砚清"),
        "executive": member(Role.EXECUTIVE, username="guchengyuan", full_name="顾承远"),
        "finance": member(Role.FINANCE, username="duanwenjing", full_name="段文静"),
        "manager": member(Role.MANAGER, username="luyining", full_name="陆以宁"),
        "colleague": member(Role.MANAGER, username="zhoumuye", full_name="周牧野"),
    }


@pytest.fixture
def account(people):
    return client_of(people["manager"], credit_limit=200_000, term_kind="days", term_days=45)


def test_a_manager_asks_for_credit_on_a_phone(phone, people, account):
    sign_in(phone, "luyining")
    phone.goto(f"/clients/{account.pk}/credit/request/")
    axe(phone)
    screenshot(phone, "credit-request-phone")
    phone.fill("[name=limit]", "28万")
    phone.get_by_role("button", name="提交审批").click()
    expect(phone.locator(".err").first).to_be_visible()
    assert phone.input_value("[name=limit]") in {"28万", "280,000.00"}
    assert not Request.objects.exists()
    phone.fill("[name=ends_on]", "2027-03-31")
    phone.fill("[name=reason]", "12 月年货备货，1 月 20 日前回款。")
    phone.get_by_role("button", name="提交审批").click()
    phone.wait_for_url("**/approvals/*/")
    expect(phone.get_by_role("heading", name="20 万 → 28 万")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    axe(phone)
    screenshot(phone, "request-own-phone")
    assert Request.objects.get().requester == people["manager"]


def test_the_director_decides_on_the_phone(phone, people, account):
    request = asked_credit(people["manager"], account)
    sign_in(phone, "shenyanqing")
    phone.goto("/approvals/")
    axe(phone)
    screenshot(phone, "approvals-phone")
    phone.get_by_role("link", name="20 万 → 28 万").first.click()
    approve = phone.get_by_role("button", name="批准 28 万")
    expect(approve).to_be_in_viewport()
    assert approve.bounding_box()["height"] >= 46
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    axe(phone)
    screenshot(phone, "decision-phone")
    phone.get_by_role("button", name="退回").click()
    expect(phone.locator("#decision-error")).to_be_visible()
    request.refresh_from_db()
    assert request.status == "pending"
    phone.fill("#decision-comment", "同意，1 月 20 日前须回款")
    phone.get_by_role("button", name="批准 28 万").click()
    phone.wait_for_url("**/approvals/?*")
    request.refresh_from_db()
    assert request.status == "approved"


def test_the_director_decides_in_the_panel_and_finance_opens(page, people, account):
    request = asked_credit(people["manager"], account)
    share = asked_share(people["manager"], account, people["colleague"])
    sign_in(page, "shenyanqing")
    page.goto("/admin/approvals/request/")
    axe(page)
    screenshot(page, "panel-inbox")
    page.get_by_role("link", name="20 万 → 28 万").click()
    axe(page)
    screenshot(page, "panel-decision")
    page.get_by_text("看全部").click()
    page.get_by_role("button", name="批准 28 万").click()
    page.wait_for_url(f"**/admin/approvals/request/{share.pk}/decision/")
    page.fill("#decision-comment", "写明照看哪些事")
    page.get_by_role("button", name="退回").click()
    page.wait_for_url("**/admin/approvals/request/")
    assert {row.status for row in Request.objects.all()} == {"approved", "returned"}
    page.goto("/admin/approvals/policy/")
    axe(page)
    page.get_by_role("link", name="授信").click()
    screenshot(page, "panel-policy")
    sign_in(page, "duanwenjing")
    page.goto(f"/approvals/{request.pk}/")
    page.get_by_role("button", name="开立 28 万").click()
    page.wait_for_url("**/approvals/?*")
    assert Account.objects.get(pk=account.pk).credit_limit == 280_000


def test_the_decision_page_on_a_desktop_in_both_languages(page, people, account):
    request = asked_credit(people["manager"], account, 400_000)
    sign_in(page, "shenyanqing")
    page.goto(f"/approvals/{request.pk}/")
    axe(page)
    screenshot(page, "decision-desktop")
    page.context.add_cookies([{"name": "kam_language", "value": "en", "url": page.url}])
    page.reload()
    expect(page.get_by_role("button", name="Approve 400,000")).to_be_visible()
    axe(page)
    screenshot(page, "decision-desktop-en")
