"""The dates on which a birthday is kept."""

import calendar as solar_calendar
from datetime import date
from typing import Literal

from accounts.rules.birthdays import lunar
from accounts.rules.birthdays.value import Birthday

FebruaryRule = Literal["02-28", "03-01"]


def birthday_in_lunar_year(birthday: Birthday, lunar_year: int) -> date:
    """The one date of a lunar year on which a lunar birthday is kept; `ValueError` for a solar one."""
    if birthday.calendar != "lunar":
        raise ValueError("A solar birthday belongs to no lunar year.")
    leap = birthday.leap and lunar.month_length(lunar_year, birthday.month, leap=True) > 0
    day = min(birthday.day, lunar.month_length(lunar_year, birthday.month, leap))
    return lunar.solar_date(lunar_year, birthday.month, day, leap)


def birthday_in_solar_year(birthday: Birthday, year: int, feb29: FebruaryRule = "02-28") -> list[date]:
    """Every date of a solar year on which the birthday is kept: one for solar birthdays, none to two for lunar ones."""
    if birthday.calendar == "solar":
        return [_solar_occurrence(birthday, year, feb29)]
    kept = (birthday_in_lunar_year(birthday, lunar_year) for lunar_year in (year - 1, year))
    return [day for day in kept if day.year == year]


def next_birthday(birthday: Birthday, today: date, feb29: FebruaryRule = "02-28") -> date:
    """The first date from today on, today included, on which the birthday is kept."""
    years = (today.year, today.year + 1, today.year + 2)
    return next(day for year in years for day in birthday_in_solar_year(birthday, year, feb29) if day >= today)


def care_year(birthday: Birthday, occurrence: date) -> int:
    """The year in which this occurrence is cared for once: the lunar year for lunar birthdays, else the solar one."""
    return lunar.lunar_year_of(occurrence) if birthday.calendar == "lunar" else occurrence.year


def _solar_occurrence(birthday: Birthday, year: int, feb29: FebruaryRule) -> date:
    """The date of a solar birthday; 29 February moves by the department's setting where the year has none."""
    if (birthday.month, birthday.day) == (2, 29) and not solar_calendar.isleap(year):
        return date(year, 2, 28) if feb29 == "02-28" else date(year, 3, 1)
    return date(year, birthday.month, birthday.day)
