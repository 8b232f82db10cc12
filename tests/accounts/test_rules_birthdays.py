"""When birthdays are kept: the worked figures, and an independent lunar calendar as referee."""

from datetime import date, timedelta

import pytest
import sxtwl
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.birthdays import (
    Birthday,
    birthday_in_lunar_year,
    birthday_in_solar_year,
    care_year,
    next_birthday,
)
from accounts.rules.birthdays.lunar import month_length
from kam.core.exceptions import RuleError

YEARS = range(1930, 2100)
YEARS_WHERE_THE_REFEREE_DIFFERS = {2057, 2089, 2097}

months = st.integers(1, 12)
leap_months = st.integers(2, 11)
lunar_birthdays = st.one_of(
    st.builds(Birthday, st.just("lunar"), months, st.integers(1, 30)),
    st.builds(Birthday, st.just("lunar"), leap_months, st.integers(1, 30), st.just(True)),
)
solar_birthdays = st.builds(
    lambda day: Birthday("solar", day.month, day.day), st.dates(date(2000, 1, 1), date(2000, 12, 31))
)
birthdays = st.one_of(lunar_birthdays, solar_birthdays)
years = st.integers(YEARS[0], YEARS[-1])
days = st.dates(date(1930, 1, 1), date(2098, 12, 31))


def referee(day):
    """Lunar year, month, day and leap flag of a date, by another library's astronomy."""
    lunar = sxtwl.fromSolar(day.year, day.month, day.day)
    return lunar.getLunarYear(), lunar.getLunarMonth(), lunar.getLunarDay(), lunar.isLunarLeap()


@pytest.mark.parametrize(
    ("birthday", "year", "dates"),
    [
        (Birthday("lunar", 11, 20), 2025, []),
        (Birthday("lunar", 11, 20), 2026, [date(2026, 1, 8), date(2026, 12, 28)]),
        (Birthday("lunar", 12, 30), 2026, [date(2026, 2, 16)]),
        (Birthday("lunar", 12, 30), 2027, [date(2027, 2, 5)]),
        (Birthday("lunar", 12, 30), 2030, [date(2030, 2, 2)]),
        (Birthday("lunar", 4, 3, leap=True), 2020, [date(2020, 5, 25)]),
        (Birthday("lunar", 4, 3, leap=True), 2026, [date(2026, 5, 19)]),
        (Birthday("lunar", 4, 3, leap=True), 2027, [date(2027, 5, 8)]),
        (Birthday("lunar", 4, 3), 2020, [date(2020, 4, 25)]),
        (Birthday("lunar", 8, 15), 2026, [date(2026, 9, 25)]),
        (Birthday("lunar", 8, 15), 2027, [date(2027, 9, 15)]),
        (Birthday("lunar", 8, 15), 2028, [date(2028, 10, 3)]),
        (Birthday("lunar", 1, 1), 2027, [date(2027, 2, 6)]),
        (Birthday("lunar", 12, 1), 2027, [date(2027, 1, 8), date(2027, 12, 28)]),
        (Birthday("solar", 2, 29), 2028, [date(2028, 2, 29)]),
        (Birthday("solar", 2, 29), 2027, [date(2027, 2, 28)]),
    ],
)
def test_worked_figures(birthday, year, dates):
    assert birthday_in_solar_year(birthday, year) == dates


def test_day_30_of_a_leap_month_of_29_days_is_kept_on_its_29th():
    kept = birthday_in_lunar_year(Birthday("lunar", 6, 30, leap=True), 2025)
    assert kept == date(2025, 8, 22)
    assert referee(kept) == (2025, 6, 29, True)


def test_29_february_may_be_kept_on_1_march():
    assert birthday_in_solar_year(Birthday("solar", 2, 29), 2027, feb29="03-01") == [date(2027, 3, 1)]
    assert birthday_in_solar_year(Birthday("solar", 2, 29), 2028, feb29="03-01") == [date(2028, 2, 29)]


@given(lunar_birthdays, years)
def test_a_lunar_birthday_falls_on_its_own_lunar_day(birthday, year):
    kept = birthday_in_lunar_year(birthday, year)
    if {year, kept.year} & YEARS_WHERE_THE_REFEREE_DIFFERS:
        return
    lunar_year, month, day, leap = referee(kept)
    assert (lunar_year, month) == (year, birthday.month)
    assert leap == (birthday.leap and month_length(year, birthday.month, leap=True) > 0)
    assert day == birthday.day or (day == 29 and birthday.day == 30)
    if day != birthday.day:
        assert referee(kept + timedelta(days=1))[2] == 1


@given(birthdays, years)
def test_every_date_is_kept_for_exactly_one_year_of_care(birthday, year):
    kept = birthday_in_solar_year(birthday, year)
    assert len(kept) <= 2 if birthday.calendar == "lunar" else len(kept) == 1
    assert kept == sorted(kept)
    assert len({care_year(birthday, day) for day in kept}) == len(kept)
    assert all(day.year == year for day in kept)


@given(lunar_birthdays)
def test_no_lunar_year_is_left_out_or_served_twice(birthday):
    cared = [care_year(birthday, day) for year in YEARS for day in birthday_in_solar_year(birthday, year)]
    assert cared == sorted(set(cared))
    assert set(range(YEARS[0], YEARS[-1])) <= set(cared)


@given(birthdays, days)
def test_the_next_birthday_is_the_first_from_today_on(birthday, today):
    following = next_birthday(birthday, today)
    assert following >= today
    assert following in birthday_in_solar_year(birthday, following.year)
    assert not [
        day
        for year in range(today.year, following.year + 1)
        for day in birthday_in_solar_year(birthday, year)
        if today <= day < following
    ]
    assert next_birthday(birthday, following) == following


def test_a_solar_birthday_belongs_to_no_lunar_year():
    with pytest.raises(ValueError, match="lunar"):
        birthday_in_lunar_year(Birthday("solar", 8, 15), 2026)


@pytest.mark.parametrize(
    ("calendar", "month", "day", "leap", "year"),
    [
        ("solar", 2, 29, False, 1981),
        ("solar", 2, 30, False, None),
        ("solar", 4, 31, False, None),
        ("solar", 13, 1, False, None),
        ("solar", 0, 1, False, None),
        ("solar", 1, 0, False, None),
        ("solar", 5, 5, True, None),
        ("lunar", 13, 1, False, None),
        ("lunar", 8, 31, False, None),
        ("lunar", 8, 0, False, None),
        ("lunar", 4, 3, True, 1985),
        ("lunar", 12, 3, True, None),
        ("lunar", 12, 30, False, 2025),
        ("lunar", 8, 15, False, 1899),
        ("solar", 8, 15, False, 2101),
    ],
)
def test_impossible_birthdays_are_refused(calendar, month, day, leap, year):
    with pytest.raises(RuleError) as caught:
        Birthday(calendar, month, day, leap, year)
    assert str(caught.value.right)


def test_possible_birthdays_at_the_edges():
    Birthday("solar", 2, 29)
    Birthday("solar", 2, 29, year=1980)
    Birthday("lunar", 4, 29, leap=True, year=2020)
    Birthday("lunar", 12, 30, year=1995)
