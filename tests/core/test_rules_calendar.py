"""Working days: the worked figures, shifted weekends, own entries, and years that are not announced yet."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from kam.core.calendar import (
    add_working_days,
    is_announced,
    is_working_day,
    known_until,
    last_working_day_before,
    last_working_day_on_or_before,
    now,
    today,
)

days = st.dates(date(2005, 1, 1), date(2040, 12, 31))
overrides = st.dictionaries(days, st.booleans(), max_size=20)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 10), True),
        (date(2026, 2, 14), True),
        (date(2026, 10, 5), False),
        (date(2026, 10, 11), False),
        (date(2026, 11, 23), True),
    ],
)
def test_the_state_council_s_table(day, worked):
    assert is_working_day(day) is worked


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 9, 30), date(2026, 10, 9)),
        (date(2026, 10, 9), date(2026, 10, 12)),
        (date(2026, 2, 13), date(2026, 2, 24)),
    ],
)
def test_two_working_days_later(day, later):
    assert add_working_days(day, 2) == later


@pytest.mark.parametrize("days_ahead", [5, 3])
def test_a_reminder_on_a_day_off_moves_to_the_last_working_day_before(days_ahead):
    assert last_working_day_on_or_before(date(2026, 10, 8) - timedelta(days=days_ahead)) == date(2026, 9, 30)


def test_own_entries_come_before_the_table():
    entered = {date(2026, 11, 23): False, date(2026, 11, 22): True}
    assert not is_working_day(date(2026, 11, 23), entered)
    assert is_working_day(date(2026, 11, 22), entered)
    assert last_working_day_before(date(2026, 11, 24), entered) == date(2026, 11, 22)


def test_years_beyond_the_table_are_monday_to_friday_and_say_so():
    beyond = known_until() + timedelta(days=1)
    assert is_announced(known_until())
    assert not is_announced(beyond)
    assert is_announced(beyond, {beyond: False})
    week = [beyond + timedelta(days=offset) for offset in range(7)]
    assert [is_working_day(day) for day in week] == [day.weekday() < 5 for day in week]


@given(days, st.integers(1, 40), overrides)
def test_going_forward_counts_every_working_day(day, count, entered):
    later = add_working_days(day, count, entered)
    passed = [day + timedelta(days=offset) for offset in range(1, (later - day).days + 1)]
    assert sum(is_working_day(each, entered) for each in passed) == count
    assert is_working_day(later, entered)
    if is_working_day(day, entered):
        assert add_working_days(later, -count, entered) == day


@given(days, overrides)
def test_the_last_working_day(day, entered):
    assert last_working_day_before(day, entered) < day
    assert last_working_day_on_or_before(day, entered) <= day
    assert is_working_day(last_working_day_on_or_before(day, entered), entered)
    assert add_working_days(day, 0, entered) == day


def test_the_day_changes_at_midnight_in_shanghai():
    with time_machine.travel(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), tick=False):
        assert today() == date(2026, 11, 22)
    with time_machine.travel(datetime(2026, 11, 22, 16, 0, tzinfo=UTC), tick=False):
        assert today() == date(2026, 11, 23)
        assert now() == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
