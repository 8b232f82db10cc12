"""When birthdays are kept: the worked figures, and an independent lunar calendar as referee."""

from datetime import date, timedelta
from functools import cache

import pytest
import sxtwl
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.birthdays import (
    Birthday,
    birthday_in_lunar_year,
    birthday_in_solar_year,
    care_year,
    kept_between,
    kept_on,
    month_bounds,
    next_birthday,
)
from accounts.rules.birthdays.lunar import has_ever_been_leap, month_length
from kam.core.exceptions import RuleError

YEARS = range(1930, 2100)
YEARS_WHERE_THE_REFEREE_DIFFERS = {2057, 2089, 2097}
DIFFERENCES = {(2057, 9): date(2057, 9, 29), (2089, 8): date(2089, 9, 5), (2097, 7): date(2097, 8, 8)}
"""Lunar months that begin a day later by the published table than by the referee's astronomy; the table is followed."""
TABLE = (date(1900, 1, 31), date(2101, 1, 28))

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


@cache
def firsts_by_the_referee():
    """First day and length of every lunar month of 1900 to 2100: (year, month, leap) → (date, days)."""
    found = {}
    day = TABLE[0]
    while day <= TABLE[1]:
        year, month, number, leap = referee(day)
        first, days = found.get((year, month, leap), (day - timedelta(days=number - 1), 0))
        found[year, month, leap] = (first, days + 1)
        day += timedelta(days=1)
    return found


def date_by_the_referee(year, birthday):
    months = firsts_by_the_referee()
    leap = birthday.leap and (year, birthday.month, True) in months
    first, days = months[year, birthday.month, leap]
    return first + timedelta(days=min(birthday.day, days) - 1)


def every_lunar_birthday():
    for month in range(1, 13):
        for leap in (False, True) if has_ever_been_leap(month) else (False,):
            for day in range(1, 31):
                yield Birthday("lunar", month, day, leap=leap)


def test_every_lunar_birthday_of_two_centuries_agrees_with_the_referee():
    differing = {}
    for birthday in every_lunar_birthday():
        for year in range(1900, 2101):
            kept = birthday_in_lunar_year(birthday, year)
            if kept != date_by_the_referee(year, birthday):
                differing.setdefault((year, birthday.month), set()).add((birthday.day, birthday.leap, kept))
    # The month before is a day longer by the table, so that its day 30 is kept on the 30th itself.
    longer = {(year, month - 1) for year, month in DIFFERENCES}
    assert differing.keys() == DIFFERENCES.keys() | longer
    for (year, month), first in DIFFERENCES.items():
        days = {day: kept for day, leap, kept in differing[year, month] if not leap}
        assert days == {day: first + timedelta(days=day - 1) for day in range(1, 30)}
        assert {day for day, _leap, _kept in differing[year, month - 1]} == {30}


@pytest.mark.parametrize(
    ("day", "also"),
    [
        (date(2026, 2, 16), {Birthday("lunar", 12, 29), Birthday("lunar", 12, 30)}),
        (date(2025, 8, 22), {Birthday("lunar", 6, 29, leap=True), Birthday("lunar", 6, 30, leap=True)}),
        (date(2020, 5, 25), {Birthday("lunar", 4, 3, leap=True)}),
        (date(2020, 4, 25), {Birthday("lunar", 4, 3)}),
        (date(2026, 5, 19), {Birthday("lunar", 4, 3), Birthday("lunar", 4, 3, leap=True)}),
        (date(2027, 2, 28), {Birthday("lunar", 1, 23), Birthday("solar", 2, 29)}),
        (date(2028, 2, 28), {Birthday("lunar", 2, 4), Birthday("lunar", 2, 4, leap=True)}),
        (date(2026, 9, 25), {Birthday("lunar", 8, 15), Birthday("lunar", 8, 15, leap=True)}),
    ],
)
def test_birthdays_of_a_day(day, also):
    assert kept_on(day) == also | {Birthday("solar", day.month, day.day)}


def test_29_february_moves_with_the_setting():
    assert Birthday("solar", 2, 29) in kept_on(date(2027, 3, 1), feb29="03-01")
    assert Birthday("solar", 2, 29) not in kept_on(date(2027, 2, 28), feb29="03-01")


@given(birthdays, years)
def test_the_way_back_finds_exactly_the_days_on_which_a_birthday_is_kept(birthday, year):
    kept = birthday_in_solar_year(birthday, year)
    for day in kept:
        assert birthday in kept_on(day)
        assert birthday not in kept_on(day - timedelta(days=1))
        assert birthday not in kept_on(day + timedelta(days=1))


@given(st.dates(date(1901, 1, 1), date(2099, 12, 1)))
def test_a_month_holds_every_birthday_that_is_kept_in_it_and_no_other(day):
    first, last = month_bounds(day.year, day.month)
    found = kept_between(first, last)
    for birthday in every_lunar_birthday():
        dates = [kept for kept in birthday_in_solar_year(birthday, day.year) if first <= kept <= last]
        assert ([found[birthday]] if birthday in found else []) == dates


@pytest.mark.parametrize(("year", "month"), [(1900, 1), (2101, 1), (1899, 12), (2500, 6)])
def test_months_outside_the_lunar_table_are_refused(year, month):
    with pytest.raises(ValueError, match="1900-02 to 2100-12"):
        month_bounds(year, month)


def test_the_first_and_the_last_month_of_the_table_are_known_whole():
    for year, month in ((1900, 2), (2100, 12)):
        first, last = month_bounds(year, month)
        assert len({birthday for birthday in kept_between(first, last) if birthday.calendar == "lunar"}) >= 28


def test_too_long_a_time_is_refused():
    with pytest.raises(ValueError, match="twice"):
        kept_between(date(2026, 1, 1), date(2026, 12, 31))
