"""Care when two things happen at once: two workers, a correction in the middle of the month's job."""

from datetime import date

import pytest
import time_machine

from accounts.care.models import BirthdayCare
from accounts.care.services import birthdays_greet, cares_refresh
from accounts.models import Contact
from accounts.services import contact_change
from kam.outbox.models import Message, Notice
from tests import factories
from tests.care.support import born, moment
from tests.support.people import member
from tests.support.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY = date(2026, 12, 9)


@pytest.fixture
def person():
    with time_machine.travel(moment(date(2026, 11, 1)), tick=False):
        return born(factories.account(owner=member()), DAY, mobile="13800138000", consent="given")


def refresh():
    return cares_refresh(first=date(2026, 12, 1), last=date(2026, 12, 31), on=date(2026, 12, 1), actor=None)


def test_two_workers_open_one_care(person):
    assert sorted(at_once(refresh, refresh)) in ([0, 1], [1, 1])
    assert BirthdayCare.objects.filter(contact=person).count() == 1


def test_a_correction_during_the_month_job_leaves_one_open_care(person):
    def correct():
        version = Contact.objects.get(pk=person.pk).version
        data = {
            "birthday_calendar": "lunar",
            "birthday_month": 11,
            "birthday_day": 5,
            "birthday_leap": False,
            "birthday_year": None,
        }
        contact_change(contact_pk=person.pk, actor=None, data=data, version=version)

    results = at_once(refresh, correct)
    assert not [result for result in results if isinstance(result, Exception)], results
    refresh()
    assert [care.calendar for care in BirthdayCare.objects.still_open().filter(contact=person)] == ["lunar"]


def test_two_workers_greet_once(person):
    refresh()
    at = moment(DAY)
    results = at_once(*[lambda: birthdays_greet(on=DAY, at=at, actor=None)] * 2)
    assert sorted(results) == [(0, 0), (1, 1)]
    assert Message.objects.filter(channel="sms").count() == 1
    assert Notice.objects.filter(kind="care.today").count() == 1
