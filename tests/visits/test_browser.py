"""A manager plans and logs at 390 px; the director decides line by line in the panel and on the phone."""

import pytest
from playwright.sync_api import expect

from kam.approvals.services import policies_ensure
from kam.core.calendar import now, today
from kam.people.choices import Role
from tests import factories
from tests.support.browser import axe, screenshot, sign_in
from tests.support.people import member
from visits.models import VisitLog, VisitPlan, VisitPlanLine
from visits.services import plan_submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db):
    """The director, and a manager."""
    policies_ensure()
    return {
        "director": member(Role.DIRECTOR, username="shenyanqing", full_name="沈砚清"),
        "manager": member(Role.MANAGER, username="luyining", full_name="陆以宁"),
    }


@pytest.fixture
def account(people):
    """The manager's client, with somebody to see."""
    row = factories.account(owner=people["manager"], name="恒泽连锁商业", grade="A")
    factories.contact(account=row, name="曹敏", post="采购中心总监")
    return row


def narrow(page):
    """Nothing runs out of the phone's side."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_visit_is_logged_from_the_client_s_page(phone, people, account):
    sign_in(phone, "luyining")
    phone.goto(account.get_absolute_url())
    phone.get_by_role("link", name="记走访").first.click()
    narrow(phone)
    axe(phone)
    phone.get_by_label("曹敏 采购中心总监").check()
    phone.fill("[name=matters]", "年货到货")
    phone.fill("[name=said]", "希望提前到货")
    phone.get_by_role("button", name="提交日志").click()
    phone.wait_for_url("**/visits/*/")
    expect(phone.get_by_text("希望提前到货").first).to_be_visible()
    narrow(phone)
    axe(phone)
    screenshot(phone, "visit-log-phone")
    log = VisitLog.objects.get()
    assert (log.people_named, log.on, log.is_late) == ("曹敏", today(), False)
    phone.goto(f"/visits/at/{account.pk}/brief/")
    expect(phone.get_by_text("希望提前到货")).to_be_visible()
    narrow(phone)
    axe(phone)
    screenshot(phone, "visit-brief-phone")


def test_a_month_is_planned_on_the_phone(phone, people, account):
    sign_in(phone, "luyining")
    phone.goto("/visits/plans/new/")
    axe(phone)
    phone.get_by_role("button", name="打开计划").click()
    phone.wait_for_url("**/visits/plans/*/")
    narrow(phone)
    axe(phone)
    phone.locator("[name=suggestion]").first.check()
    phone.get_by_role("button", name="加入勾选的走访").click()
    phone.get_by_role("link", name="恒泽连锁商业").first.click()
    phone.fill("[name=matters]", "年货与陈列")
    phone.fill("[name=probability]", "120")
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator(".err").first).to_be_visible()
    axe(phone)
    phone.fill("[name=probability]", "70")
    phone.get_by_role("button", name="保存").click()
    phone.get_by_role("button", name="提交 1 次走访").click()
    expect(phone.get_by_text("待批").first).to_be_visible()
    screenshot(phone, "visit-plan-phone")
    line = VisitPlanLine.objects.get()
    assert (line.status, line.probability) == ("submitted", 70)


@pytest.mark.parametrize("in_panel", [True, False])
def test_the_director_returns_one_line(page, phone, people, account, in_panel):
    plan = factories.visit_plan(member=people["manager"])
    for day in (3, 17):
        factories.plan_line(plan=plan, account=account, on=plan.month.replace(day=day), probability=50)
    request = plan_submit(plan_pk=plan.pk, actor=people["manager"], now=now())
    desk = page if in_panel else phone
    sign_in(desk, "shenyanqing")
    desk.goto(f"/admin/approvals/request/{request.pk}/decision/" if in_panel else request.get_absolute_url())
    axe(desk)
    desk.locator("[name=return_line]").nth(1).check()
    desk.locator(".why").nth(1).fill("并作一次")
    screenshot(desk, f"visit-plan-decision-{'panel' if in_panel else 'phone'}")
    desk.get_by_role("button", name="批准计划").click()
    desk.wait_for_load_state()
    assert VisitPlan.objects.get().status == "returned"
    assert list(VisitPlanLine.objects.order_by("on").values_list("status", flat=True)) == ["approved", "returned"]
