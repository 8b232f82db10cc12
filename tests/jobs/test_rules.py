from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.jobs.rules import CatchUp, Period, Schedule, due_in, next_due, next_start, period_name, period_start, plan

ZONE = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def periods(schedule, *, now, first="2026-11-01T00:00", last=None):
    found = plan(schedule, first_seen=at(first), last_due=at(last) if last else None, now=at(now), zone=ZONE)
    return [due.period for due in found.run], found.skip and found.skip.period, found.missed


@pytest.mark.parametrize(
    ("schedule", "now", "name", "due"),
    [
        (Schedule(Period.DAY, time(8, 30)), "2026-11-23T12:00", "2026-11-23", "2026-11-23T08:30"),
        (Schedule(Period.HOUR, time(0, 20)), "2026-11-23T12:00", "2026-11-23T12", "2026-11-23T12:20"),
        (Schedule(Period.WEEK, time(7), weekday=1), "2026-11-29T23:59", "2026-W48", "2026-11-23T07:00"),
        (Schedule(Period.WEEK, time(7), weekday=7), "2027-01-01T00:00", "2026-W53", "2027-01-03T07:00"),
        (Schedule(Period.MONTH, time(6), day=28), "2026-02-10T00:00", "2026-02", "2026-02-28T06:00"),
    ],
)
def test_names_and_moments_of_periods(schedule, now, name, due):
    found = due_in(schedule, period_start(schedule.period, at(now), ZONE))
    assert (found.period, found.at) == (name, at(due))


def test_a_day_begins_in_shanghai_not_in_greenwich():
    moment = datetime(2026, 11, 22, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert period_name(Period.DAY, period_start(Period.DAY, moment, ZONE)) == "2026-11-23"


def test_nothing_before_the_hour_and_one_run_from_it_on():
    daily = Schedule(Period.DAY, time(8))
    last = "2026-11-22T08:00"
    assert periods(daily, now="2026-11-23T07:59", last=last) == ([], None, 0)
    assert periods(daily, now="2026-11-23T08:00", last=last) == (["2026-11-23"], None, 0)
    assert periods(daily, now="2026-11-23T23:59", last="2026-11-23T08:00") == ([], None, 0)


def test_the_first_period_is_the_one_in_which_the_job_was_first_seen():
    daily = Schedule(Period.DAY, time(8), catch_up=CatchUp.ALL)
    assert periods(daily, first="2026-11-23T10:00", now="2026-11-23T10:00")[0] == ["2026-11-23"]
    assert periods(daily, first="2026-11-22T10:00", now="2026-11-23T10:00")[0] == ["2026-11-22", "2026-11-23"]


@pytest.mark.parametrize(
    ("catch_up", "run", "missed"),
    [
        (CatchUp.ALL, ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"], 0),
        (CatchUp.LATEST, ["2026-11-23"], 3),
        (CatchUp.NONE, ["2026-11-23"], 3),
    ],
)
def test_what_is_made_up_for(catch_up, run, missed):
    daily = Schedule(Period.DAY, time(8), catch_up=catch_up)
    assert periods(daily, last="2026-11-19T08:00", now="2026-11-23T08:05") == (run, None, missed)


def test_what_is_too_old_is_noted_as_skipped():
    daily = Schedule(Period.DAY, time(8), catch_up=CatchUp.NONE, max_age=timedelta(minutes=15))
    assert periods(daily, last="2026-11-19T08:00", now="2026-11-23T08:16") == ([], "2026-11-23", 3)
    assert periods(daily, last="2026-11-23T08:00", now="2026-11-23T08:16") == ([], None, 0)


def test_all_goes_back_no_further_than_the_age_allows():
    daily = Schedule(Period.DAY, time(8), catch_up=CatchUp.ALL, max_age=timedelta(days=2))
    assert periods(daily, last="2026-11-13T08:00", now="2026-11-23T09:00") == (["2026-11-22", "2026-11-23"], None, 8)


def test_a_clock_set_back_runs_nothing_twice():
    daily = Schedule(Period.DAY, time(8))
    assert periods(daily, last="2026-11-23T08:00", now="2026-11-22T09:00") == ([], None, 0)


@pytest.mark.parametrize("wrong", [{"weekday": 0}, {"weekday": 8}, {"day": 0}, {"day": 29}])
def test_impossible_days_are_refused(wrong):
    with pytest.raises(ValueError, match="day"):
        Schedule(Period.MONTH, **wrong)


@given(
    period=st.sampled_from(Period),
    minutes=st.integers(0, 400_000),
    step=st.integers(1, 3_000),
    catch_up=st.sampled_from(CatchUp),
)
def test_walking_through_time_every_period_is_dealt_with_at_most_once(period, minutes, step, catch_up):
    schedule = Schedule(period, time(3, 20), weekday=3, day=5, catch_up=catch_up, max_age=timedelta(days=3))
    first = at("2026-01-01T00:00")
    moment, last, seen = first + timedelta(minutes=minutes), None, []
    first_seen = moment
    for _look in range(12):
        found = plan(schedule, first_seen=first_seen, last_due=last, now=moment, zone=ZONE)
        for due in (*found.run, *filter(None, [found.skip])):
            seen.append(due.period)
            last = due.at
            assert due.at <= moment
        moment += timedelta(minutes=step)
    assert len(seen) == len(set(seen))


@given(period=st.sampled_from(Period), minutes=st.integers(0, 600_000))
def test_the_next_moment_lies_ahead_and_within_two_periods(period, minutes):
    now = at("2026-01-01T00:00") + timedelta(minutes=minutes)
    schedule = Schedule(period, time(9, 45), weekday=5, day=28)
    coming = next_due(schedule, now, ZONE)
    start = period_start(period, now, ZONE)
    assert now < coming < next_start(period, next_start(period, start))
