"""What ran, what it did, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kam.jobs.choices import RunState
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.registry import Job, all_jobs, job_of
from kam.jobs.rules import CatchUp, Period, next_due, period_name, period_start
from kam.people.models import Member

TONES = {
    RunState.DUE: "info",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.FAILED: "bad",
    RunState.SKIPPED: "idle",
}
MINUTE_SECONDS = 60
RUNS_SHOWN = 20


@dataclass(frozen=True)
class Mark:
    """A state as it is shown: its tone and its word."""

    tone: str
    word: str


@dataclass(frozen=True)
class RunRow:
    """A run in words: where it stands, what it did, how long it took."""

    run: JobRun
    mark: Mark
    did: str
    took: str


@dataclass(frozen=True)
class JobRow:
    """A job, when it runs, its last run and its next one; `next_at` is None while it is paused."""

    job: Job
    rhythm: str
    mark: Mark
    last: RunRow | None
    next_at: datetime | None
    paused_at: datetime | None


def job_rows(user: Member, *, now: datetime) -> list[JobRow]:
    """Every job of the product with its last run, in order of title; three queries."""
    rows = _rows(JobRun.objects.visible_to(user), KnownJob.objects.visible_to(user), now)
    return sorted(rows, key=lambda row: str(row.job.title))


def all_job_rows(*, now: datetime) -> list[JobRow]:
    """The same for whoever runs the machine, in order of code."""
    return _rows(JobRun.objects.for_system(), KnownJob.objects.for_system(), now)


def _rows(runs: QuerySet[JobRun], known_jobs: QuerySet[KnownJob], now: datetime) -> list[JobRow]:
    known = {job.code: job for job in known_jobs}
    by_job = runs.order_by().values("job").annotate(newest=Max("pk"), furthest=Max("due_at"))
    furthest = {row["job"]: row["furthest"] for row in by_job}
    last = {run.job: run for run in runs.filter(pk__in=[row["newest"] for row in by_job])}
    return [_row(job, known.get(job.code), last.get(job.code), furthest.get(job.code), now) for job in all_jobs()]


def job_row(user: Member, job: Job, *, now: datetime) -> JobRow:
    """One job as `job_rows` tells of it."""
    runs = JobRun.objects.visible_to(user).filter(job=job.code)
    known = KnownJob.objects.visible_to(user).filter(code=job.code).first()
    furthest = runs.aggregate(furthest=Max("due_at"))["furthest"]
    return _row(job, known, runs.order_by("-pk").first(), furthest, now)


def last_runs(user: Member, job: Job) -> list[RunRow]:
    """The latest runs of a job, in words."""
    runs = JobRun.objects.visible_to(user).filter(job=job.code).select_related("asked_by")
    return [run_row(run) for run in runs[:RUNS_SHOWN]]


def present_run(user: Member, job: Job, *, now: datetime) -> JobRun | None:
    """The run of the period that lasts now, if there is one yet."""
    name = period_name(job.schedule.period, period_start(job.schedule.period, now, ZoneInfo(settings.TIME_ZONE)))
    return JobRun.objects.visible_to(user).filter(job=job.code, period=name).first()


def pauses(user: Member, job: Job) -> list[dict[str, Any]]:
    """Who paused and resumed a job when and why, newest first, as `_history.html` wants it."""
    known = KnownJob.objects.visible_to(user).filter(code=job.code).first()
    if known is None:
        return []
    return [
        {
            "at": entry.history_date,
            "who": entry.history_user,
            "what": pgettext("job", "Paused") if entry.paused_at else pgettext("job", "Resumed"),
            "reason": entry.history_change_reason,
        }
        for entry in known.history.exclude(paused_at=None, resumed_at=None).select_related("history_user")[:RUNS_SHOWN]
    ]


def run_row(run: JobRun) -> RunRow:
    """One run in words."""
    mark = Mark(TONES[RunState(run.state)], str(RunState(run.state).label))
    return RunRow(run, mark, did(run.job, run.counts, run.state), took(run.started_at, run.finished_at))


def _row(job: Job, known: KnownJob | None, last: JobRun | None, furthest: datetime | None, now: datetime) -> JobRow:
    paused_at = known.paused_at if known else None
    row = run_row(last) if last else None
    after = max(now, furthest) if furthest else now
    mark = row.mark if row else Mark("idle", _("not yet"))
    if paused_at:
        mark = Mark("warn", pgettext("job", "Paused"))
    next_at = None if paused_at else next_due(job.schedule, after, ZoneInfo(settings.TIME_ZONE))
    return JobRow(job, rhythm(job), mark, row, next_at, paused_at)


def rhythm(job: Job) -> str:
    """When a job runs, in words: every day at 03:10."""
    schedule = job.schedule
    at = f"{schedule.at:%H:%M}"
    match schedule.period:
        case Period.HOUR:
            return _("every hour at minute %(minute)s") % {"minute": schedule.at.minute}
        case Period.WEEK:
            return _("every week on %(day)s at %(at)s") % {"day": WEEKDAYS[schedule.weekday - 1], "at": at}
        case Period.MONTH:
            return _("every month on day %(day)s at %(at)s") % {"day": schedule.day, "at": at}
        case _other:
            return _("every day at %(at)s") % {"at": at}


def catching_up(job: Job) -> str:
    """What becomes of periods that passed while nothing ran, in words."""
    age = job.schedule.max_age
    back = {"age": _days_or_hours(age.total_seconds())}
    match job.schedule.catch_up:
        case CatchUp.ALL:
            return _("each one is made up for, up to %(age)s back") % back
        case CatchUp.LATEST:
            return _("the last one is made up for, up to %(age)s back") % back
        case _none:
            return _("none is made up for; it may start up to %(age)s late") % back


def _days_or_hours(seconds: float) -> str:
    for size, words in (
        (86400, lambda n: ngettext("%(n)s day", "%(n)s days", n)),
        (3600, lambda n: ngettext("%(n)s hour", "%(n)s hours", n)),
    ):
        if seconds >= size:
            number = round(seconds / size)
            return str(words(number) % {"n": number})
    minutes = round(seconds / MINUTE_SECONDS)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def took(started_at: datetime | None, finished_at: datetime | None) -> str:
    """How long a run took, in words; empty while it has not ended."""
    if started_at is None or finished_at is None:
        return ""
    seconds = (finished_at - started_at).total_seconds()
    if seconds < MINUTE_SECONDS:
        return _("%(n)s s") % {"n": f"{seconds:.1f}"}
    minutes, rest = divmod(round(seconds), MINUTE_SECONDS)
    return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}


def job_title(code: str) -> str:
    """What a job is called; its code when no part of the product knows it any more."""
    job = job_of(code)
    return str(job.title) if job else code


def did(code: str, counts: Mapping[str, Any], state: str) -> str:
    """What a run did, in words; empty while it has not done anything."""
    job = job_of(code)
    if job is None or state != RunState.DONE:
        return ""
    return in_words(job, counts)


def in_words(job: Job, counts: Mapping[str, Any]) -> str:
    """The counts of a run in the job's own words."""
    try:
        return str(job.done) % counts
    except (KeyError, TypeError, ValueError):
        return ", ".join(f"{name} {value}" for name, value in counts.items())
