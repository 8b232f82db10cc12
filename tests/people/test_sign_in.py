"""Signing in, being locked out, running out of time, and coming back to where one was."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kam.people.models import OpenSession
from kam.people.services import password_reset, sign_in_unlock
from tests.support.people import PASSWORD, member

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SIGN_IN = reverse("people:sign_in")
PROFILE = reverse("people:profile")
CHANGE = reverse("people:change_password")
NEW = "Lanhua-2027-shui"


@pytest.fixture
def browser():
    return Client()


def enter(browser, username, password=PASSWORD, **fields):
    return browser.post(SIGN_IN, {"username": username, "password": password, **fields})


def test_signing_in_is_no_change_of_the_member(browser, settings):
    who = member(username="luyining", password=PASSWORD)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    before, hashed = who.history.count(), who.password
    enter(browser, "luyining")
    who.refresh_from_db()
    assert who.last_login is not None
    assert who.password != hashed
    assert who.history.count() == before


def is_in(browser):
    return browser.get(PROFILE).status_code == 200


def test_signing_in_leads_to_the_workbench_or_back_to_where_one_was(browser):
    member(username="luyining", password=PASSWORD)
    assert enter(browser, "luyining")["Location"] == reverse("desk:workbench")
    assert is_in(browser)
    assert enter(Client(), "LuYining ", next=f"{PROFILE}?a=1")["Location"] == f"{PROFILE}?a=1"


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example", "http:///evil.example"],
)
def test_nobody_is_led_to_a_foreign_address(browser, foreign):
    member(username="luyining", password=PASSWORD)
    assert enter(browser, "luyining", next=foreign)["Location"] == reverse("desk:workbench")
    assert browser.get(SIGN_IN, {"next": foreign})["Location"] == reverse("desk:workbench")
    who = member(password=PASSWORD)
    other = Client()
    other.force_login(who, backend="kam.people.backends.MemberBackend")
    answer = other.post(CHANGE, {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW, "next": foreign})
    assert answer["Location"] == reverse("desk:workbench")


def test_unknown_name_wrong_password_and_left_member_get_the_same_answer(browser):
    member(username="luyining", password=PASSWORD)
    member(username="gone", password=PASSWORD, is_active=False)
    member(username="going", password=PASSWORD, left_on=START.date() - timedelta(days=9))
    said = set()
    for username, password in (("luyining", "x"), ("nobody", "x"), ("gone", PASSWORD), ("going", PASSWORD)):
        answer = enter(Client(), username, password)
        assert answer.status_code == 200
        said.add(str(answer.context["form"].non_field_errors()))
    assert len(said) == 1


@pytest.mark.parametrize("typed", ["", " ", "x" * 10_000, "\0", "<b>", "😀", "' or 1=1 --"])
def test_odd_names_and_passwords_are_only_wrong(browser, typed):
    assert enter(browser, typed, "x").status_code == 200
    assert enter(browser, "luyining", typed).status_code == 200


def test_five_wrong_passwords_lock_and_the_page_says_until_when(browser):
    member(username="luyining", password=PASSWORD)
    with time_machine.travel(START, tick=False) as clock:
        for _try in range(4):
            assert enter(browser, "luyining", "wrong").status_code == 200
        locked = enter(browser, "LUYINING", "wrong")
        assert locked.status_code == 429
        assert "10:00" in locked.content.decode()
        clock.shift(timedelta(minutes=30))
        again = enter(browser, "luyining")
        assert again.status_code == 429
        assert "10:00" in again.content.decode()
        assert not is_in(browser)
        clock.shift(timedelta(minutes=31))
        assert enter(browser, "luyining").status_code == 302


def test_an_unknown_name_is_locked_just_the_same(browser):
    answers = [enter(browser, "nobody", "wrong").status_code for _try in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_a_lock_binds_one_name_at_one_address(browser):
    member(username="luyining", password=PASSWORD)
    member(username="heyun", password=PASSWORD)
    for _try in range(5):
        enter(browser, "luyining", "wrong")
    assert enter(Client(), "heyun").status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert enter(elsewhere, "luyining").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(browser):
    member(username="luyining", password=PASSWORD)
    for _round in range(3):
        for _try in range(4):
            enter(browser, "luyining", "wrong")
        assert enter(browser, "luyining").status_code == 302
        browser.post(reverse("people:sign_out"))


def test_director_and_clerk_lift_a_lock(browser):
    who = member(username="luyining", password=PASSWORD)
    for _try in range(5):
        enter(browser, "luyining", "wrong")
    sign_in_unlock(actor=member("clerk"), member_pk=who.pk)
    assert enter(browser, "luyining").status_code == 302
    for _try in range(5):
        enter(Client(), "luyining", "wrong")
    _who, given = password_reset(actor=member("director"), member_pk=who.pk)
    assert enter(Client(), "luyining", given).status_code == 302


def test_the_first_sign_in_demands_an_own_password_before_anything_else(browser):
    member(username="luyining", password=PASSWORD, must_change_password=True)
    answer = enter(browser, "luyining", next=f"{PROFILE}?a=1")
    assert answer["Location"].startswith(CHANGE)
    for path in (PROFILE, "/", "/admin/"):
        assert browser.get(path)["Location"].startswith(CHANGE)
    assert browser.post(PROFILE, {"phone": "1", "language": "en"})["Location"].startswith(CHANGE)
    page = browser.get(answer["Location"])
    assert "old_password" not in page.context["form"].fields
    same = browser.post(CHANGE, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert same.context["form"].errors["new_password1"]
    differ = browser.post(CHANGE, {"new_password1": NEW, "new_password2": "x"})
    assert differ.context["form"].errors["new_password2"]
    assert not is_in(browser)
    done = browser.post(CHANGE, {"new_password1": NEW, "new_password2": NEW, "next": f"{PROFILE}?a=1"})
    assert done["Location"] == f"{PROFILE}?a=1"
    assert is_in(browser)
    assert enter(Client(), "luyining", PASSWORD).status_code == 200
    assert enter(Client(), "luyining", NEW).status_code == 302


def test_a_new_password_asks_for_the_present_one_and_ends_other_sign_ins(browser):
    member(username="luyining", password=PASSWORD)
    other = Client()
    for one in (browser, other):
        enter(one, "luyining")
    wrong = browser.post(CHANGE, {"old_password": "x", "new_password1": NEW, "new_password2": NEW})
    assert wrong.context["form"].errors["old_password"]
    assert is_in(other)
    browser.post(CHANGE, {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert is_in(browser)
    assert not is_in(other)


def test_signing_out_takes_a_post(browser):
    member(username="luyining", password=PASSWORD)
    enter(browser, "luyining")
    assert browser.get(reverse("people:sign_out")).status_code == 405
    assert is_in(browser)
    browser.post(reverse("people:sign_out"))
    assert not is_in(browser)
    assert not OpenSession.objects.for_system().filter(member_id__isnull=False).exists()


def test_a_session_ends_after_its_hours_however_busy(browser):
    member(username="luyining", password=PASSWORD)
    with time_machine.travel(START, tick=False) as clock:
        enter(browser, "luyining")
        for _half_hour in range(19):
            clock.shift(timedelta(minutes=30))
            assert is_in(browser)
        clock.shift(timedelta(minutes=30))
        assert not is_in(browser)


def test_an_idle_session_ends_sooner(browser):
    member(username="luyining", password=PASSWORD)
    with time_machine.travel(START, tick=False) as clock:
        enter(browser, "luyining")
        clock.shift(timedelta(seconds=settings.SESSION_IDLE_SECONDS - 1))
        assert is_in(browser)
        clock.shift(timedelta(seconds=settings.SESSION_IDLE_SECONDS))
        assert not is_in(browser)


def test_an_expired_session_in_the_middle_of_a_form_returns_to_the_form(browser):
    who = member(username="luyining", password=PASSWORD)
    with time_machine.travel(START, tick=False) as clock:
        enter(browser, "luyining")
        clock.shift(timedelta(hours=11))
        answer = browser.post(
            PROFILE, {"phone": "13800138000", "language": "en"}, HTTP_REFERER=f"http://testserver{PROFILE}?tab=2"
        )
        assert answer["Location"] == f"{SIGN_IN}?next=%2Fpeople%2Fprofile%2F%3Ftab%3D2"
        assert enter(browser, "luyining", next=f"{PROFILE}?tab=2")["Location"] == f"{PROFILE}?tab=2"
    who.refresh_from_db()
    assert who.phone == ""


def test_a_foreign_referer_is_not_followed(browser):
    answer = browser.post(PROFILE, {}, HTTP_REFERER="https://evil.example/people/profile/")
    assert answer["Location"] == f"{SIGN_IN}?next=%2F"


def test_a_fragment_sends_the_whole_page_to_sign_in(browser):
    answer = browser.get(PROFILE, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/clients/?q=%E5%8D%8E")
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == f"{SIGN_IN}?next=%2Fclients%2F%3Fq%3D%25E5%258D%258E"


def test_a_session_knows_its_member_and_its_last_use(browser):
    who = member(username="luyining", password=PASSWORD)
    with time_machine.travel(START, tick=False) as clock:
        enter(browser, "luyining")
        clock.shift(timedelta(minutes=20))
        browser.get(PROFILE)
        row = OpenSession.objects.for_system().get(member_id=who.pk)
        assert (row.started_at, row.seen_at) == (START, START + timedelta(minutes=20))


def test_the_language_of_the_member_comes_with_the_sign_in(browser):
    english = member(username="luyining", password=PASSWORD, language="en")
    answer = enter(browser, "luyining")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    browser.post(reverse("desk:language"), {"language": "zh-hans"})
    english.refresh_from_db()
    assert english.language == "zh-hans"


def test_the_language_chosen_before_the_first_sign_in_stays(browser):
    who = member(username="luyining", password=PASSWORD)
    browser.post(reverse("desk:language"), {"language": "en"})
    enter(browser, "luyining")
    who.refresh_from_db()
    assert who.language == "en"


def test_own_data_is_kept_and_wrong_data_told(browser):
    who = member(username="luyining", password=PASSWORD)
    enter(browser, "luyining")
    wrong = browser.post(PROFILE, {"phone": "1" * 21, "language": "en"})
    assert wrong.context["form"].errors["phone"]
    assert "1" * 21 in wrong.content.decode()
    browser.post(PROFILE, {"phone": "13800138000", "language": "en"})
    who.refresh_from_db()
    assert (who.phone, who.language) == ("13800138000", "en")
    assert browser.post(PROFILE, {"phone": "", "language": "fr"}).context["form"].errors["language"]


def test_other_sign_ins_are_ended_from_the_own_page(browser):
    member(username="luyining", password=PASSWORD)
    other = Client()
    for one in (browser, other):
        enter(one, "luyining")
    browser.post(reverse("people:close_other_sessions"))
    assert is_in(browser)
    assert not is_in(other)
