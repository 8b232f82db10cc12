"""Pages of people and jobs in Chromium: readable in both languages and at both widths, and the session's end."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from kam.core.calendar import now, today
from kam.jobs import engine
from kam.people.choices import Authority, Role, UnitKind
from kam.people.models import Delegation, Member, OpenSession
from tests.support.browser import HOST, axe, screenshot, sign_in
from tests.support.people import PASSWORD, member, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def department() -> dict[str, int]:
    """A small department with one delegation and one round of jobs; keys by name of the page's argument."""
    home = unit("大客户部", kind=UnitKind.DEPARTMENT)
    director = member(Role.DIRECTOR, username="shenyanqing", full_name="沈砚清", unit=home)
    member(Role.CLERK, username="heyun", full_name="何韵", unit=home, superior=director, password=PASSWORD)
    manager = member(
        username="luyining",
        full_name="陆以宁",
        unit=home,
        superior=director,
        phone="13800138000",
        left_on=today() + timedelta(days=9),
    )
    delegation = Delegation.objects.create(
        grantor=director, delegate=manager, authority=Authority.CREDIT, starts_on=today(), ends_on=today()
    )
    runs: list[int] = []
    engine.tick(now=now(), send=lambda run: runs.append(run.pk))
    for pk in runs:
        engine.carry_out(run_pk=pk, now=now(), clock=now)
    return {"member": manager.pk, "unit": home.pk, "delegation": delegation.pk, "run": runs[0]}


def pages(ids: dict[str, int]) -> dict[str, str]:
    """Name of the picture and address."""
    who = [ids["member"]]
    return {
        "members": reverse("people:member_list"),
        "member": reverse("people:member_detail", args=who),
        "member-new": reverse("people:member_create"),
        "member-edit": reverse("people:member_edit", args=who),
        "member-leave": reverse("people:member_leave", args=who),
        "units": reverse("people:unit_list"),
        "unit": reverse("people:unit_detail", args=[ids["unit"]]),
        "unit-edit": reverse("people:unit_edit", args=[ids["unit"]]),
        "delegations": reverse("people:delegation_list"),
        "delegation": reverse("people:delegation_detail", args=[ids["delegation"]]),
        "delegation-new": reverse("people:delegation_create"),
        "profile": reverse("people:profile"),
        "password": reverse("people:change_password"),
        "jobs": reverse("jobs:job_list"),
        "job-runs": reverse("jobs:run_list"),
        "job-run": reverse("jobs:run_detail", args=[ids["run"]]),
    }


def look(page: Page, ids: dict[str, int], suffix: str, *languages: str) -> None:
    """Open every page in the languages: no sideways scrolling; nothing axe finds in the first of them."""
    sign_in(page, "shenyanqing")
    for language in languages:
        page.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "domain": HOST, "path": "/"}]
        )
        for name, path in pages(ids).items():
            page.goto(path)
            width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width <= 0, f"{name} scrolls sideways by {width} px ({language})"
            screenshot(page, f"people-{name}-{suffix}-{language}")
            if language == languages[0]:
                axe(page)


def test_every_page_on_a_desk(page: Page, department: dict[str, int]) -> None:
    look(page, department, "desk", "zh-hans")


def test_every_page_on_a_phone(phone: Page, department: dict[str, int]) -> None:
    look(phone, department, "phone", "en", "zh-hans")


def type_and_enter(page: Page, username: str, password: str) -> None:
    """Fill the sign-in page in and send it."""
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")


def test_an_expired_session_comes_back_to_the_form_with_what_was_typed(page: Page, department: dict[str, int]) -> None:
    form = reverse("people:member_edit", args=[department["member"]])
    page.goto(f"{reverse('people:sign_in')}?next={form}")
    type_and_enter(page, "heyun", PASSWORD)
    page.fill("input[name=post]", "高级大客户经理")
    page.press("input[name=post]", "Tab")
    OpenSession.objects.for_system().delete()
    page.click(".form-foot button[type=submit]")
    expect(page.locator("input[name=password]")).to_be_visible()
    type_and_enter(page, "heyun", PASSWORD)
    expect(page.locator("input[name=post]")).to_have_value("高级大客户经理")
    page.click(".form-foot button[type=submit]")
    page.wait_for_url(f"**{reverse('people:member_detail', args=[department['member']])}")
    assert Member.objects.for_system().get(pk=department["member"]).post == "高级大客户经理"


def test_the_first_sign_in_and_the_lock(page: Page) -> None:
    member(username="luyining", full_name="陆以宁", password=PASSWORD, must_change_password=True)
    page.goto(reverse("people:profile"))
    type_and_enter(page, "luyining", PASSWORD)
    page.wait_for_url(f"**{reverse('people:change_password')}*")
    screenshot(page, "people-first-password")
    axe(page)
    page.fill("input[name=new_password1]", "Lanhua-2027-shui")
    page.fill("input[name=new_password2]", "Lanhua-2027-shui")
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{reverse('people:profile')}")
    page.context.clear_cookies()
    page.goto(reverse("people:sign_in"))
    for _try in range(5):
        type_and_enter(page, "luyining", "wrong")
    expect(page.locator("h1")).to_have_text("登录暂时锁定")
    screenshot(page, "people-locked")
    axe(page)
