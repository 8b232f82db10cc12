"""Each period of each job exactly once: over random orders of everything that can happen, and on the days that bite."""

from collections import Counter
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kam.jobs import engine, registry
from kam.jobs.choices import RunState
from kam.jobs.engine import LEASE, RESEND
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.registry import job
from kam.jobs.rules import period_name, period_start

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Killed(BaseException):
    """The worker's process is gone in the middle of a job."""


class House:
    """An installation under a clock of its own: what the broker holds, what the jobs did."""

    def __init__(self, start: str) -> None:
        JobRun.objects.all().delete()
        KnownJob.objects.all().delete()
        self.now = self.latest = datetime.fromisoformat(start).replace(tzinfo=ZONE)
        self.broker: list[int] = []
        self.completed: Counter[tuple[str, str]] = Counter()
        self.outcome: type[BaseException] | None = None

    def tick(self, *, lost: bool = False) -> None:
        """The scheduler's look at the clock; its messages may get lost."""
        self.latest = max(self.latest, self.now)
        engine.tick(now=self.now, send=lambda run: None if lost else self.broker.append(run.pk))

    def work(self, position: int = 0, outcome: type[BaseException] | None = None) -> None:
        """A worker takes any message from the broker; the job may fail, or the worker die in the middle."""
        if not self.broker:
            return
        pk = self.broker.pop(position % len(self.broker))
        self.outcome = outcome
        try:
            if engine.carry_out(run_pk=pk, now=self.now, clock=lambda: self.now):
                run = JobRun.objects.get(pk=pk)
                self.completed[run.job, run.period] += 1
        except Killed:
            pass

    def settle(self) -> None:
        """The clock is right again, and nothing happens any more but ticks and willing workers."""
        self.now = max(self.latest, self.now)
        for _look in range(5):
            self.now += max(LEASE, RESEND * 3) + timedelta(minutes=1)
            self.tick()
            while self.broker:
                self.work()

    def until(self, end: str, step: timedelta = HOUR) -> None:
        """The machine is on until then, with a tick each step and a worker."""
        last = datetime.fromisoformat(end).replace(tzinfo=ZONE)
        while self.now <= last:
            self.tick()
            while self.broker:
                self.work()
            self.now += step

    def periods(self, code: str) -> list[str]:
        """Periods of a job that were carried out, in order."""
        return sorted(period for (name, period), _times in self.completed.items() if name == code)


@pytest.fixture(autouse=True)
def houses(monkeypatch):
    """Jobs as the department has them: the day's care, the month's list, the week's recheck, the festival greeting."""
    monkeypatch.setattr(registry, "_jobs", {})
    built = []

    def contribute(code, **schedule):
        @job(code, title=code, done="", **schedule)
        def run(_occasion):
            if built[-1].outcome is not None:
                raise built[-1].outcome
            return {}

    contribute("care", period="day", at=time(9), catch_up="all", max_age=timedelta(days=400))
    contribute("list", period="month", day=1, at=time(8))
    contribute("recheck", period="week", weekday=1, at=time(8), queue="long")
    contribute("festival", period="day", at=time(10), catch_up="none")
    contribute("hourly", period="hour", at=time(0, 20))

    def build(start):
        built.append(House(start))
        return built[-1]

    return build


OUTCOMES = st.sampled_from([None, None, None, ValueError, Killed])
STEPS = st.one_of(
    st.tuples(st.just("tick"), st.booleans()),
    st.tuples(st.just("tick"), st.just(False)),
    st.tuples(st.just("work"), st.integers(0, 9), OUTCOMES),
    st.tuples(st.just("twice"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.sampled_from([1, 6, 20, 60, 24 * 60])),
    st.tuples(st.just("jump"), st.sampled_from([-26 * 60, -90, 3 * 24 * 60, 40 * 24 * 60])),
    st.tuples(st.just("restart")),
)


def happen(house, step):
    match step:
        case ("tick", lost):
            house.tick(lost=lost)
        case ("work", position, outcome):
            house.work(position, outcome)
        case ("twice", position) if house.broker:
            house.broker.append(house.broker[position % len(house.broker)])
        case ("wait" | "jump", minutes):
            house.now += timedelta(minutes=minutes)
        case ("restart",):
            house.broker.clear()


@given(steps=st.lists(STEPS, max_size=40))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])  # a house begins empty
def test_whatever_happens_every_period_is_dealt_with_once(houses, steps):
    house = houses("2026-11-27T08:30")
    begun = house.now
    house.tick()
    for step in steps:
        happen(house, step)
    house.settle()
    assert set(house.completed.values()) <= {1}
    rows = {(run.job, run.period): run.state for run in JobRun.objects.all()}
    assert set(rows.values()) <= {RunState.DONE, RunState.FAILED, RunState.SKIPPED}
    assert {key for key, state in rows.items() if state == RunState.DONE} == set(house.completed)
    day = begun
    while day <= house.now:
        if day.replace(hour=9, minute=0) <= house.now:
            assert ("care", f"{day:%Y-%m-%d}") in rows, "a day's care was forgotten"
        day += DAY


def test_a_machine_that_was_off_from_the_30th_to_the_3rd(houses):
    house = houses("2026-11-27T07:00")
    house.until("2026-11-30T12:00")
    house.completed.clear()
    house.now = datetime(2026, 12, 3, 11, 15, tzinfo=ZONE)
    house.settle()
    assert house.periods("care") == ["2026-12-01", "2026-12-02", "2026-12-03"]
    assert house.periods("list") == ["2026-12"]
    assert house.periods("recheck") == house.periods("festival") == []
    skipped = JobRun.objects.get(job="festival", due_at__gt=datetime(2026, 12, 1, tzinfo=ZONE))
    assert (skipped.state, skipped.period, skipped.missed) == (RunState.SKIPPED, "2026-12-03", 2)


def test_a_first_installation_on_the_17th_brings_no_flood_of_the_past(houses):
    house = houses("2026-11-17T16:05")
    house.settle()
    assert {job: house.periods(job) for job in ("care", "list", "recheck", "festival")} == {
        "care": ["2026-11-17"],
        "list": ["2026-11"],
        "recheck": ["2026-W47"],
        "festival": [],
    }
    assert JobRun.objects.exclude(job="hourly").count() == 4


@pytest.mark.parametrize("server", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_server_with_another_time_zone_keeps_the_department_s_days(houses, server):
    house = houses("2026-11-23T07:00")
    house.until("2026-11-24T23:00")
    house.now = house.now.astimezone(ZoneInfo(server))
    house.until("2026-11-27T08:00")
    assert set(house.completed.values()) == {1}
    assert house.periods("care") == ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_department_that_moves_to_another_zone_repeats_no_day(houses, monkeypatch, zone):
    house = houses("2026-11-23T07:00")
    house.until("2026-11-24T23:00")
    monkeypatch.setattr(engine, "ZONE", ZoneInfo(zone))
    house.until("2026-11-28T23:00")
    assert set(house.completed.values()) == {1}
    assert house.periods("care")[:5] == [f"2026-11-{day}" for day in range(23, 28)]


@pytest.mark.parametrize(
    ("start", "end"),
    [("2028-02-26T07:00", "2028-03-02T23:00"), ("2026-12-27T07:00", "2027-01-05T23:00")],
    ids=["february of a leap year", "the year's end"],
)
def test_every_period_of_odd_weeks_runs(houses, start, end):
    house = houses(start)
    house.until(end)
    assert set(house.completed.values()) == {1}
    first, last = (datetime.fromisoformat(moment).replace(tzinfo=ZONE) for moment in (start, end))
    days = [first + DAY * n for n in range((last - first).days + 1)]
    assert house.periods("care") == house.periods("festival") == [f"{day:%Y-%m-%d}" for day in days]
    assert house.periods("recheck") == sorted({period_name("week", period_start("week", day, ZONE)) for day in days})
    assert house.periods("list") == sorted({f"{day:%Y-%m}" for day in days})
    hours = int((last - first) / HOUR)
    assert len(house.periods("hourly")) == hours
