import pytest
from django.test import Client
from django.utils import timezone

from kam.core.exceptions import DomainError, NotAllowed
from kam.people.choices import Role
from kam.people.credentials import first_password
from kam.people.models import OpenSession
from kam.people.services import language_set, password_reset, password_set_own, sessions_close, sessions_drop_ended
from tests.support.people import PASSWORD, member

pytestmark = pytest.mark.django_db
NEW = "Lanhua-2027-shui"


def signed_in(who):
    browser = Client()
    browser.force_login(who, backend="kam.people.backends.MemberBackend")
    return browser


def open_count(who):
    return OpenSession.objects.for_system().filter(member_id=who.pk).count()


def test_an_own_password_ends_the_first_one_and_every_other_session():
    who = member(password=PASSWORD, must_change_password=True)
    here, there = signed_in(who), signed_in(who)
    password_set_own(actor=who, password=NEW, keep_session=here.session.session_key)
    who.refresh_from_db()
    assert who.check_password(NEW)
    assert not who.must_change_password
    assert open_count(who) == 1
    assert there.get("/people/profile/").status_code == 302


@pytest.mark.parametrize(
    "wrong", [PASSWORD, "short", "1234567890123", "password123", "Zhouqiaoan-2026"], ids=lambda word: word
)
def test_a_password_that_is_the_same_too_short_or_known_is_refused(wrong):
    who = member(password=PASSWORD, username="zhouqiaoan", must_change_password=True)
    with pytest.raises(DomainError) as caught:
        password_set_own(actor=who, password=wrong)
    assert caught.value.field == "new_password1"
    who.refresh_from_db()
    assert who.must_change_password
    assert who.check_password(PASSWORD)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.CLERK])
def test_director_and_clerk_give_a_first_password(role):
    who = member(password=PASSWORD)
    signed_in(who)
    found, given = password_reset(actor=member(role), member_pk=who.pk)
    assert found.check_password(given)
    assert found.must_change_password
    assert open_count(who) == 0


@pytest.mark.parametrize("role", [Role.MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.LEGAL, Role.PARTNER])
def test_others_give_no_password(role):
    who = member(password=PASSWORD)
    signed_in(who)
    with pytest.raises(NotAllowed):
        password_reset(actor=member(role), member_pk=who.pk)
    who.refresh_from_db()
    assert who.check_password(PASSWORD)
    assert open_count(who) == 1


def test_the_clerk_takes_over_no_director_and_nobody_resets_the_own():
    director, clerk = member(Role.DIRECTOR, password=PASSWORD), member(Role.CLERK, password=PASSWORD)
    for target in (director, clerk):
        with pytest.raises(NotAllowed):
            password_reset(actor=clerk, member_pk=target.pk)
        target.refresh_from_db()
        assert target.check_password(PASSWORD)


def test_who_has_left_gets_no_password():
    who = member(is_active=False)
    with pytest.raises(DomainError):
        password_reset(actor=member(Role.DIRECTOR), member_pk=who.pk)


def test_invented_passwords_differ_and_pass_the_rules():
    given = {first_password() for _number in range(50)}
    assert len(given) == 50
    for word in given:
        who = member(password="x")
        password_set_own(actor=who, password=word)


def test_passwords_stay_out_of_history():
    who = member(password=PASSWORD)
    password_set_own(actor=who, password=NEW)
    assert not hasattr(who.history.first(), "password")


def test_closing_sessions_touches_nobody_else():
    who, other = member(), member()
    signed_in(who)
    signed_in(other)
    assert sessions_close(actor=who, member_pk=who.pk) == 1
    assert open_count(other) == 1


def test_ended_sessions_are_deleted():
    who = member()
    signed_in(who)
    assert sessions_drop_ended(at=timezone.now()) == 0
    OpenSession.objects.for_system().update(expire_date=timezone.now())
    assert sessions_drop_ended(at=timezone.now()) == 1


def test_the_language_is_kept_with_its_history():
    who = member()
    assert language_set(actor=who, language="en").language == "en"
    language_set(actor=who, language="en")
    assert who.history.count() == 2
