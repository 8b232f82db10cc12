"""Which birthdays are kept on a day: the way back from the calendar to the people, without asking each of them."""

import calendar as solar_calendar
from collections.abc import Iterator
from datetime import date, timedelta

from accounts.rules.birthdays import lunar
from accounts.rules.birthdays.occurrences import FebruaryRule
from accounts.rules.birthdays.value import Birthday

FIRST_DAY = date(lunar.FIRST_YEAR, 2, 1)
"""First day of the first month that the lunar table covers whole."""
LAST_DAY = date(lunar.LAST_YEAR, 12, 31)
"""Last day of the last one."""
LONGEST_SPAN = timedelta(days=300)
"""No birthday is kept twice within so many days."""


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month; `ValueError` for months outside the lunar table."""
    first = date(year, month, 1)
    last = first.replace(day=solar_calendar.monthrange(year, month)[1])
    if first < FIRST_DAY or last > LAST_DAY:
        raise ValueError(f"The lunar calendar is known from {FIRST_DAY:%Y-%m} to {LAST_DAY:%Y-%m}.")
    return first, last


def kept_on(day: date, feb29: FebruaryRule = "02-28") -> frozenset[Birthday]:
    """Every birthday, without year of birth, that is kept on this day."""
    return frozenset((*_solar(day, feb29), *_lunar(day)))


def kept_between(first: date, last: date, feb29: FebruaryRule = "02-28") -> dict[Birthday, date]:
    """Every birthday kept from `first` to `last`, both included, with its one date; at most 300 days at a time."""
    if last - first > LONGEST_SPAN:
        raise ValueError("Within so long a time a birthday may be kept twice.")
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {birthday: day for day in days for birthday in kept_on(day, feb29)}


def _solar(day: date, feb29: FebruaryRule) -> Iterator[Birthday]:
    yield Birthday("solar", day.month, day.day)
    moved_to = (2, 28) if feb29 == "02-28" else (3, 1)
    if not solar_calendar.isleap(day.year) and (day.month, day.day) == moved_to:
        yield Birthday("solar", 2, 29)


def _lunar(day: date) -> Iterator[Birthday]:
    """The lunar day itself; day 30 on the 29th of a short month; leap-month birthdays in years without that month."""
    year = lunar.lunar_year_of(day)
    month, number, leap = lunar.lunar_day_of(day)
    numbers = [number]
    if number == lunar.month_length(year, month, leap) < lunar.LONGEST_MONTH:
        numbers.append(lunar.LONGEST_MONTH)
    kept_in_leap = leap or (lunar.has_ever_been_leap(month) and not lunar.month_length(year, month, leap=True))
    for each in numbers:
        if not leap:
            yield Birthday("lunar", month, each)
        if kept_in_leap:
            yield Birthday("lunar", month, each, leap=True)
