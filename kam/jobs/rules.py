"""When a job is due. Pure functions of calendar and clock; nothing here reads the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class Period(StrEnum):
    """How often a job runs: once in each of these."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class CatchUp(StrEnum):
    """What becomes of periods that passed while nothing ran."""

    ALL = "all"
    """Each one is made up for, as long as it is not older than `max_age`."""
    LATEST = "latest"
    """The last one alone."""
    NONE = "none"
    """None: a job that comes too late is worse than one that does not come."""


@dataclass(frozen=True)
class Schedule:
    """Once per `period`, at `at` of the day (of the hour: its minutes), on `weekday` (1 Monday) or `day` of the month.

    A period that passed while nothing ran is made up for as `catch_up` says, and never when it is older than `max_age`.
    """

    period: Period
    at: time = time(0, 0)
    weekday: int = 1
    day: int = 1
    catch_up: CatchUp = CatchUp.LATEST
    max_age: timedelta = timedelta(days=7)

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise ValueError("weekday is 1 (Monday) to 7 (Sunday)")
        if not 1 <= self.day <= 28:
            raise ValueError("day is 1 to 28, so that every month has it")


@dataclass(frozen=True)
class Due:
    """One period of a job: its name ("2026-11-23", "2026-W48", "2026-11", "2026-11-23T14") and when it is due."""

    period: str
    at: datetime


@dataclass(frozen=True)
class Plan:
    """What a look at the clock gives: periods to run, the one to note as skipped, how many before them were missed."""

    run: tuple[Due, ...] = ()
    skip: Due | None = None
    missed: int = 0


def period_start(period: Period, moment: datetime, zone: tzinfo) -> datetime:
    """First moment of the period in which `moment` lies."""
    local = moment.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case Period.HOUR:
            return local.replace(minute=0, second=0, microsecond=0)
        case Period.DAY:
            return midnight
        case Period.WEEK:
            return midnight - timedelta(days=local.weekday())
        case Period.MONTH:
            return midnight.replace(day=1)


def next_start(period: Period, start: datetime) -> datetime:
    """First moment of the period after the one that starts at `start`."""
    match period:
        case Period.HOUR:
            return start + timedelta(hours=1)
        case Period.DAY:
            return start + timedelta(days=1)
        case Period.WEEK:
            return start + timedelta(days=7)
        case Period.MONTH:
            return (start + timedelta(days=32)).replace(day=1)


def period_name(period: Period, start: datetime) -> str:
    """Name of the period that starts at `start`."""
    match period:
        case Period.HOUR:
            return f"{start:%Y-%m-%dT%H}"
        case Period.DAY:
            return f"{start:%Y-%m-%d}"
        case Period.WEEK:
            year, week, _day = start.isocalendar()
            return f"{year}-W{week:02}"
        case Period.MONTH:
            return f"{start:%Y-%m}"


def due_in(schedule: Schedule, start: datetime) -> Due:
    """When the job is due in the period that starts at `start`."""
    at = schedule.at
    match schedule.period:
        case Period.HOUR:
            moment = start.replace(minute=at.minute, second=at.second)
        case Period.WEEK:
            moment = (start + timedelta(days=schedule.weekday - 1)).replace(hour=at.hour, minute=at.minute)
        case Period.MONTH:
            moment = start.replace(day=schedule.day, hour=at.hour, minute=at.minute)
        case _:
            moment = start.replace(hour=at.hour, minute=at.minute)
    return Due(period_name(schedule.period, start), moment)


def dues(schedule: Schedule, first: datetime, now: datetime, zone: tzinfo) -> Iterator[Due]:
    """Periods from the one of `first` on whose moment has come by `now`, in order."""
    start = period_start(schedule.period, first, zone)
    while start <= now:
        due = due_in(schedule, start)
        if due.at <= now:
            yield due
        start = next_start(schedule.period, start)


def plan(
    schedule: Schedule,
    *,
    first_seen: datetime,
    last_due: datetime | None,
    now: datetime,
    zone: tzinfo,
    resumed: datetime | None = None,
) -> Plan:
    """What is to run now, given when the job was first seen and which of its moments was dealt with last.

    The first period of a job is the one in which it was first seen, even when its hour had passed by then. Moments that
    passed before `resumed`, while the job was paused, are not made up for.
    """
    since = max((moment for moment in (last_due, resumed) if moment is not None), default=None)
    first = first_seen if since is None else max(first_seen, since)
    open_dues = [due for due in dues(schedule, first, now, zone) if since is None or due.at > since]
    if not open_dues:
        return Plan()
    fresh = [due for due in open_dues if now - due.at <= schedule.max_age]
    if not fresh:
        return Plan(skip=open_dues[-1], missed=len(open_dues) - 1)
    run = fresh if schedule.catch_up is CatchUp.ALL else fresh[-1:]
    return Plan(run=tuple(run), missed=len(open_dues) - len(run))


def next_due(schedule: Schedule, now: datetime, zone: tzinfo) -> datetime:
    """The job's next moment after `now`."""
    start = period_start(schedule.period, now, zone)
    due = due_in(schedule, start)
    return due.at if due.at > now else due_in(schedule, next_start(schedule.period, start)).at


def day_of(due_at: datetime, zone: tzinfo) -> date:
    """Calendar day on which a run is due."""
    return due_at.astimezone(zone).date()
