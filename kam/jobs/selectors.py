"""What ran, what it did, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from kam.jobs.choices import RunState
from kam.jobs.models import JobRun
from kam.jobs.registry import Job, all_jobs, job_of
from kam.jobs.rules import Period, next_due
from kam.people.models import Member

TONES = {
    RunState.DUE: "info",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.FAILED: "bad",
    RunState.SKIPPED: "idle",
}


@dataclass(frozen=True)
class JobRow:
    """A job, when it runs, its last run and its next one."""

    job: Job
    rhythm: str
    last: JobRun | None
    did: str
    next_at: datetime


def job_rows(user: Member, *, now: datetime) -> list[JobRow]:
    """Every job of the product with its last run, in order of title; two queries."""
    runs = JobRun.objects.visible_to(user)
    newest = runs.order_by().values("job").annotate(newest=Max("pk")).values("newest")
    last = {run.job: run for run in runs.filter(pk__in=newest)}
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = [
        JobRow(
            job=job,
            rhythm=rhythm(job),
            last=last.get(job.code),
            did=did(job.code, last[job.code].counts, last[job.code].state) if job.code in last else "",
            next_at=next_due(job.schedule, now, zone),
        )
        for job in all_jobs()
    ]
    return sorted(rows, key=lambda row: str(row.job.title))


def rhythm(job: Job) -> str:
    """When a job runs, in words: every day at 03:10."""
    schedule = job.schedule
    at = f"{schedule.at:%H:%M}"
    match schedule.period:
        case Period.HOUR:
            return _("every hour at minute %(minute)s") % {"minute": schedule.at.minute}
        case Period.WEEK:
            return _("every week on day %(day)s at %(at)s") % {"day": schedule.weekday, "at": at}
        case Period.MONTH:
            return _("every month on day %(day)s at %(at)s") % {"day": schedule.day, "at": at}
        case _other:
            return _("every day at %(at)s") % {"at": at}


def job_title(code: str) -> str:
    """What a job is called; its code when no part of the product knows it any more."""
    job = job_of(code)
    return str(job.title) if job else code


def did(code: str, counts: Mapping[str, Any], state: str) -> str:
    """What a run did, in words; empty while it has not done anything."""
    job = job_of(code)
    if job is None or state != RunState.DONE:
        return ""
    try:
        return str(job.done) % counts
    except (KeyError, TypeError, ValueError):
        return ", ".join(f"{name} {value}" for name, value in counts.items())
