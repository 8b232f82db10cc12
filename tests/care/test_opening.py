"""Cares open with the calendar and follow their people."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.care.checks import greeting_can_be_filled
from accounts.care.choices import CareStatus, LeftOut
from accounts.care.models import BirthdayCare
from accounts.care.services import cares_follow, cares_open, cares_refresh
from accounts.services import account_assign, account_status_change, contact_change, contact_leave
from kam.core.exceptions import DomainError
from kam.people.choices import Role
from kam.people.services import member_leave, own_data_change
from tests import factories
from tests.care.support import born, care_of, moment
from tests.support.people import member

pytestmark = pytest.mark.django_db
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
TODAY = date(2026, 11, 17)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(moment(TODAY), tick=False):
        yield


@pytest.fixture
def owner():
    return member()


@pytest.fixture
def client(owner):
    return factories.account(owner=owner, deputy=member(), grade="A")


def cares(**found_by):
    return list(BirthdayCare.objects.for_system().filter(**found_by))


def corrected(contact, **birthday):
    contact.refresh_from_db()
    contact_change(contact_pk=contact.pk, actor=None, data=birthday, version=contact.version)
    contact.refresh_from_db()


SOLAR = {"birthday_calendar": "solar", "birthday_leap": False}


def test_a_month_opens_solar_and_lunar_cares_once(client, owner):
    solar = born(client, date(2026, 11, 3))
    lunar = born(client, date(2026, 11, 28), lunar=True)
    born(client, date(2026, 12, 24))
    BirthdayCare.objects.all().delete()
    assert cares_open(first=NOVEMBER[0], last=NOVEMBER[1], on=NOVEMBER[0], actor=None) == 2
    assert cares_open(first=NOVEMBER[0], last=NOVEMBER[1], on=NOVEMBER[0], actor=None) == 0
    found = {care.contact: care for care in cares()}
    assert set(found) == {solar, lunar}
    assert (found[solar].falls_on, found[solar].care_year) == (date(2026, 11, 3), 2026)
    assert (found[lunar].falls_on, found[lunar].calendar) == (date(2026, 11, 28), "lunar")
    assert all(care.owner == owner and care.status == CareStatus.PLANNED for care in cares())
    assert {(care.flowers, care.card, care.mms) for care in cares()} == {("wanted", "wanted", "none")}


def test_lunar_11_20_has_two_cares_in_2026_and_each_belongs_to_its_lunar_year(client):
    born(client, date(2026, 1, 8), lunar=True)
    for first, last in (
        (date(2025, 1, 1), date(2025, 6, 30)),
        (date(2025, 7, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 12, 31)),
    ):
        cares_open(first=first, last=last, on=first, actor=None)
    assert [(care.falls_on, care.care_year) for care in cares()] == [
        (date(2026, 1, 8), 2025),
        (date(2026, 12, 28), 2026),
    ]


def test_the_last_day_of_the_year_and_leap_months(client):
    eve = born(client, date(2026, 2, 16), lunar=True, birthday_day=30)
    leap = born(client, date(2026, 5, 19), lunar=True, birthday_leap=True)
    cares_open(first=date(2026, 2, 1), last=date(2026, 5, 31), on=date(2026, 1, 1), actor=None)
    assert [care.falls_on for care in cares(contact=eve)] == [date(2026, 2, 16)]
    assert [care.falls_on for care in cares(contact=leap)] == [date(2026, 5, 19)]


def test_only_live_people_of_live_clients(client, owner):
    left = born(client, date(2026, 11, 20))
    contact_leave(contact_pk=left.pk, actor=None, left_on=date(2026, 11, 10))
    for status in ("paused", "ended"):
        born(factories.account(owner=owner, status=status), date(2026, 11, 20))
    leaving = born(client, date(2026, 11, 20))
    contact_leave(contact_pk=leaving.pk, actor=None, left_on=date(2026, 11, 25))
    BirthdayCare.objects.all().delete()
    cares_open(first=NOVEMBER[0], last=NOVEMBER[1], on=NOVEMBER[0], actor=None)
    assert [care.contact for care in cares()] == [leaving]


def test_a_birthday_on_a_holiday_is_prepared_on_the_last_working_day_before(client):
    person = born(client, date(2026, 10, 3))
    cares_open(first=date(2026, 10, 1), last=date(2026, 10, 31), on=date(2026, 1, 1), actor=None)
    [care] = cares(contact=person)
    assert (care.falls_on, care.prepare_on) == (date(2026, 10, 3), date(2026, 9, 30))
    worked = born(client, date(2026, 10, 10))
    cares_open(first=date(2026, 10, 1), last=date(2026, 10, 31), on=date(2026, 1, 1), actor=None)
    assert cares(contact=worked)[0].prepare_on == date(2026, 10, 10)


def test_whoever_is_added_in_mid_month_gets_a_care_at_once(client):
    person = born(client, TODAY)
    assert care_of(person).falls_on == TODAY
    assert not cares(contact=born(client, TODAY - timedelta(days=1)))


def test_a_corrected_day_moves_the_same_care(client):
    person = born(client, date(2026, 11, 20))
    care = care_of(person)
    corrected(person, **SOLAR, birthday_month=11, birthday_day=27)
    assert [(each.pk, each.falls_on) for each in cares(contact=person)] == [(care.pk, date(2026, 11, 27))]
    corrected(person, **SOLAR, birthday_month=3, birthday_day=27)
    [care] = cares(contact=person)
    assert (care.status, care.left_out) == (CareStatus.SKIPPED, LeftOut.CORRECTED)


def test_a_corrected_calendar_ends_the_old_care_and_opens_the_new_one(client):
    person = born(client, date(2026, 11, 20))
    corrected(person, birthday_calendar="lunar", birthday_month=10, birthday_day=15)
    assert [(care.calendar, care.falls_on, care.left_out) for care in cares(contact=person)] == [
        ("solar", date(2026, 11, 20), "corrected"),
        ("lunar", date(2026, 11, 23), ""),
    ]
    corrected(person, **SOLAR, birthday_month=11, birthday_day=20)
    assert [(care.calendar, care.status) for care in cares(contact=person)] == [
        ("solar", CareStatus.PLANNED),
        ("lunar", CareStatus.SKIPPED),
    ]


def test_no_second_care_within_180_days_of_one_that_was_kept(client):
    person = born(client, date(2026, 11, 17))
    BirthdayCare.objects.filter(contact=person).update(status=CareStatus.DONE)
    corrected(person, birthday_calendar="lunar", birthday_month=10, birthday_day=15)
    kept, soon = cares(contact=person)
    assert kept.status == CareStatus.DONE
    assert (soon.status, soon.left_out) == (CareStatus.SKIPPED, LeftOut.TOO_SOON)
    cares_refresh(first=NOVEMBER[0], last=NOVEMBER[1], on=TODAY, actor=None)
    assert len(cares(contact=person)) == 2
    assert not BirthdayCare.objects.still_open().filter(contact=person).exists()


def test_a_greeting_sms_counts_as_kept(client):
    person = born(client, date(2026, 11, 17))
    BirthdayCare.objects.filter(contact=person).update(sms_at=moment(TODAY))
    corrected(person, birthday_calendar="lunar", birthday_month=10, birthday_day=15)
    assert [care.left_out for care in cares(contact=person)] == ["", "too_soon"]


def test_a_way_back_to_the_first_calendar_makes_no_second_care(client):
    person = born(client, date(2026, 11, 28))
    corrected(person, birthday_calendar="lunar", birthday_month=10, birthday_day=15)
    BirthdayCare.objects.filter(contact=person, calendar="lunar").update(status=CareStatus.DONE)
    corrected(person, **SOLAR, birthday_month=11, birthday_day=28)
    assert not BirthdayCare.objects.still_open().filter(contact=person).exists()


def test_a_birthday_taken_away_ends_the_care(client):
    person = born(client, date(2026, 11, 20))
    corrected(person, birthday_calendar="", birthday_month=None, birthday_day=None)
    assert [care.left_out for care in cares(contact=person)] == ["corrected"]


def test_whoever_leaves_is_left_out_and_comes_back(client):
    person = born(client, date(2026, 11, 20))
    contact_leave(contact_pk=person.pk, actor=None, left_on=TODAY)
    assert [care.left_out for care in cares(contact=person)] == ["left"]
    contact_leave(contact_pk=person.pk, actor=None, left_on=None)
    assert care_of(person).left_out == ""


def test_a_suspended_client_is_left_out_and_comes_back(client):
    person = born(client, date(2026, 11, 20))
    for seen, to in (("prospect", "active"), ("active", "paused")):
        account_status_change(account_pk=client.pk, actor=None, to=to, seen=seen, reason="停业")
    assert [care.left_out for care in cares(contact=person)] == ["suspended"]
    account_status_change(account_pk=client.pk, actor=None, to="active", seen="paused")
    cares_follow(on=TODAY, actor=None)
    assert care_of(person).left_out == ""


def test_a_care_goes_with_its_client_and_to_the_deputy_of_whoever_left(client, owner):
    person = born(client, date(2026, 11, 20))
    successor, deputy = member(), member()
    account_assign(account_pk=client.pk, owner=successor, deputy=deputy, actor=None)
    assert care_of(person).owner == successor
    director = member(Role.DIRECTOR)
    member_leave(actor=director, member_pk=successor.pk, left_on=TODAY, at=moment(TODAY), on=TODAY)
    cares_follow(on=TODAY, actor=None)
    assert care_of(person).owner == deputy


def test_a_moved_date_is_verified_anew_and_its_gifts_ordered_anew(client):
    person = born(client, date(2026, 11, 20))
    BirthdayCare.objects.filter(contact=person).update(status=CareStatus.PREPARED, flowers="ready", card="none")
    corrected(person, **SOLAR, birthday_month=11, birthday_day=27)
    care = care_of(person)
    assert (care.status, care.flowers, care.card) == (CareStatus.PLANNED, "wanted", "none")
    assert care.history.count() == 1


def test_a_care_given_is_never_touched_again(client):
    person = born(client, date(2026, 11, 17))
    BirthdayCare.objects.filter(contact=person).update(status=CareStatus.DONE)
    before = BirthdayCare.objects.filter(contact=person).values().get()
    corrected(person, **SOLAR, birthday_month=11, birthday_day=28)
    contact_leave(contact_pk=person.pk, actor=None, left_on=TODAY)
    cares_refresh(first=NOVEMBER[0], last=NOVEMBER[1], on=TODAY, actor=None)
    assert BirthdayCare.objects.filter(contact=person).values().get() == before


@pytest.mark.usefixtures("client")
def test_queries_do_not_grow_with_people(owner):
    def queries(people):
        account = factories.account(owner=owner)
        for number in range(people):
            born(account, date(2026, 11, 20 + number % 7))
        BirthdayCare.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            assert cares_refresh(first=NOVEMBER[0], last=NOVEMBER[1], on=TODAY, actor=None) >= people
        return len(caught)

    assert queries(3) == queries(27)


def test_while_the_owner_is_on_leave_the_deputy_has_the_care(client, owner):
    person = born(client, date(2026, 11, 20))
    own_data_change(actor=owner, away_from=date(2026, 11, 19), away_until=date(2026, 11, 21))
    cares_follow(on=TODAY, actor=None)
    assert care_of(person).owner == client.deputy
    later = born(client, date(2026, 11, 22))
    assert care_of(later).owner == owner
    own_data_change(actor=owner, away_from=None, away_until=None)
    cares_follow(on=TODAY, actor=None)
    assert care_of(person).owner == owner


@pytest.mark.parametrize(
    "days",
    [(date(2026, 11, 21), date(2026, 11, 19)), (None, TODAY), (TODAY, None)],
    ids=["order", "no start", "no end"],
)
def test_a_leave_has_both_days_in_order(owner, days):
    with pytest.raises(DomainError, match=r"请假|leave"):
        own_data_change(actor=owner, away_from=days[0], away_until=days[1])


def test_an_unknown_field_in_the_greeting_is_told_at_the_start(settings):
    assert greeting_can_be_filled() == []
    settings.BIRTHDAY_GREETING = "{nmae}，生日快乐"
    [error] = greeting_can_be_filled()
    assert "nmae" in error.msg
