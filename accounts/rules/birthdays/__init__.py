"""Birthdays as people keep them, solar or lunar (domain rules §1): the value, its dates, its words."""

from accounts.rules.birthdays.falling import kept_between, kept_on, month_bounds
from accounts.rules.birthdays.lunar import lunar_day_of
from accounts.rules.birthdays.occurrences import (
    FebruaryRule,
    birthday_in_lunar_year,
    birthday_in_solar_year,
    care_year,
    next_birthday,
)
from accounts.rules.birthdays.value import Birthday, CalendarKind
from accounts.rules.birthdays.words import CalendarContradiction, read_birthday, read_calendar, write_birthday

__all__ = [
    "Birthday",
    "CalendarContradiction",
    "CalendarKind",
    "FebruaryRule",
    "birthday_in_lunar_year",
    "birthday_in_solar_year",
    "care_year",
    "kept_between",
    "kept_on",
    "lunar_day_of",
    "month_bounds",
    "next_birthday",
    "read_birthday",
    "read_calendar",
    "write_birthday",
]
