"""People with birthdays, and cares for them, for the tests of care."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.care.models import BirthdayCare
from accounts.models import Account, Contact
from accounts.rules.birthdays import lunar_day_of
from tests import factories

ZONE = ZoneInfo("Asia/Shanghai")


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """That time of that day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def born(account: Account, on: date, *, lunar: bool = False, **fields: Any) -> Contact:
    """A person whose birthday is kept on that day."""
    month, day, leap = lunar_day_of(on) if lunar else (on.month, on.day, False)
    birthday = {
        "birthday_calendar": "lunar" if lunar else "solar",
        "birthday_month": month,
        "birthday_day": day,
        "birthday_leap": leap,
    }
    return factories.contact(account=account, **{**birthday, **fields})


def care_of(contact: Contact) -> BirthdayCare:
    """The one care of that person that still has to be given."""
    return BirthdayCare.objects.for_system().still_open().get(contact=contact)
