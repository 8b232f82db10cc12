"""The jobs of all areas, contributed from their own `jobs.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils.functional import Promise

from kam.jobs.rules import CatchUp, Period, Schedule

NOT_TOO_LATE = timedelta(minutes=15)
"""How late a job without catch-up may still start."""

GOOD_FOR = {
    Period.HOUR: timedelta(hours=12),
    Period.DAY: timedelta(days=7),
    Period.WEEK: timedelta(days=14),
    Period.MONTH: timedelta(days=62),
}
"""How old a period may be and still be made up for, unless the job says otherwise."""

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Occasion:
    """What a job is told when it runs: the day and moment it was due, the present moment, and how to keep its claim.

    A job that takes longer than a minute calls `renew()` now and then; otherwise another worker takes over after the
    lease of five minutes.
    """

    on: date
    due_at: datetime
    now: datetime
    renew: Callable[[], None]


@dataclass(frozen=True)
class Job:
    """One scheduled job. `done` says what a run did, with places for the counts that `run` returns."""

    code: str
    title: str | Promise
    done: str | Promise
    schedule: Schedule
    queue: str
    run: Callable[[Occasion], Counts]


_jobs: dict[str, Job] = {}


def job(
    code: str,
    *,
    title: str | Promise,
    done: str | Promise,
    period: Literal["hour", "day", "week", "month"],
    at: time = time(0, 0),
    weekday: int = 1,
    day: int = 1,
    catch_up: Literal["all", "latest", "none"] = "latest",
    max_age: timedelta | None = None,
    queue: Literal["fast", "long"] = "fast",
) -> Callable[[Callable[[Occasion], Counts]], Callable[[Occasion], Counts]]:
    """Decorator: run the function once per period. It calls one service and returns counts for `done`.

    A worker that dies may leave a run half known: the function is then called again for the same period, so the
    service behind it must find nothing left to do the second time.
    """
    late = max_age or (NOT_TOO_LATE if catch_up == "none" else GOOD_FOR[Period(period)])
    schedule = Schedule(
        period=Period(period), at=at, weekday=weekday, day=day, catch_up=CatchUp(catch_up), max_age=late
    )

    def register(run: Callable[[Occasion], Counts]) -> Callable[[Occasion], Counts]:
        known = _jobs.get(code)
        if known is not None and known.run.__module__ != run.__module__:
            raise ValueError(f"Two jobs are called {code}.")
        _jobs[code] = Job(code=code, title=title, done=done, schedule=schedule, queue=queue, run=run)
        return run

    return register


def all_jobs() -> list[Job]:
    """All jobs, in order of code."""
    return [_jobs[code] for code in sorted(_jobs)]


def job_of(code: str) -> Job | None:
    """The job behind a code; None when the area that knew it is gone."""
    return _jobs.get(code)
