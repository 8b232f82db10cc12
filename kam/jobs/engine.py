"""Writing down what is due, claiming it, running it, and finding again what a dead worker left."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext_noop

from kam.jobs.choices import RunState
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.registry import Job, Occasion, all_jobs, job_of
from kam.jobs.rules import Plan, day_of, plan

LEASE = timedelta(minutes=5)
RESEND = timedelta(minutes=5)
"""After this time without a claim a run is sent to the workers again."""
ATTEMPTS = 3
LOST = gettext_noop("The worker went away each time.")
UNKNOWN = gettext_noop("No part of the product knows this job any more.")
ZONE = ZoneInfo(settings.TIME_ZONE)

log = logging.getLogger(__name__)
Send = Callable[[JobRun], None]


@transaction.atomic
def tick(*, now: datetime, send: Send) -> int:
    """One look at the clock: write the runs that are due, take back lapsed claims, hand due runs to the workers.

    `send` puts a run before the workers once this transaction is committed. Any number of ticks at once write each
    run once. Returns how many runs were handed out.
    """
    _write_due(now)
    take_back_lapsed(now)
    return _hand_out(now, send)


def _write_due(now: datetime) -> None:
    jobs = all_jobs()
    KnownJob.objects.for_system().bulk_create(
        [KnownJob(code=job.code, first_seen_at=now) for job in jobs], ignore_conflicts=True
    )
    known = KnownJob.objects.for_system().in_bulk()
    runs = JobRun.objects.for_system().filter(due_at__lte=now).order_by().values("job")
    last = dict(runs.annotate(last=Max("due_at")).values_list("job", "last"))
    rows = [
        row
        for job in jobs
        if known[job.code].paused_at is None
        for row in _rows(job, _plan(job, known[job.code], last.get(job.code), now), now)
    ]
    JobRun.objects.for_system().bulk_create(rows, ignore_conflicts=True)


def _plan(job: Job, known: KnownJob, last_due: datetime | None, now: datetime) -> Plan:
    return plan(
        job.schedule,
        first_seen=known.first_seen_at,
        last_due=last_due,
        resumed=known.resumed_at,
        now=now,
        zone=ZONE,
    )


def _rows(job: Job, planned: Plan, now: datetime) -> list[JobRun]:
    if planned.skip is not None:
        return [
            JobRun(
                job=job.code,
                period=planned.skip.period,
                due_at=planned.skip.at,
                queue=job.queue,
                state=RunState.SKIPPED,
                missed=planned.missed,
                send_after=now,
                finished_at=now,
            )
        ]
    return [
        JobRun(
            job=job.code,
            period=due.period,
            due_at=due.at,
            queue=job.queue,
            missed=planned.missed if position == 0 else 0,
            send_after=now,
        )
        for position, due in enumerate(planned.run)
    ]


def take_back_lapsed(now: datetime) -> None:
    """Put up again what was claimed by a worker that went away; give up after `ATTEMPTS`."""
    lapsed = JobRun.objects.for_system().filter(state=RunState.RUNNING, lease_until__lt=now)
    lapsed.filter(attempts__gte=ATTEMPTS).update(state=RunState.FAILED, claim=None, finished_at=now, error=LOST)
    lapsed.filter(attempts__lt=ATTEMPTS).update(state=RunState.DUE, claim=None, lease_until=None, send_after=now)


def waiting_runs() -> QuerySet[JobRun]:
    """Runs that a worker may claim: due, and their job is not paused."""
    paused = KnownJob.objects.for_system().filter(paused_at__isnull=False).values("code")
    return JobRun.objects.for_system().filter(state=RunState.DUE).exclude(job__in=paused)


def _hand_out(now: datetime, send: Send) -> int:
    handed = 0
    for run in waiting_runs().filter(send_after__lte=now).order_by("due_at", "pk"):
        mine = JobRun.objects.for_system().filter(pk=run.pk, state=RunState.DUE, send_after=run.send_after)
        if mine.update(send_after=now + RESEND):
            send(run)
            handed += 1
    return handed


def carry_out(*, run_pk: int, now: datetime, clock: Callable[[], datetime]) -> bool:
    """Claim one due run and carry it out; False when another worker has it or it is done.

    No transaction is open around the job: its service opens its own. A failing job is tried again later, three times
    in all. `clock` gives the moment for renewing and finishing.
    """
    claim = uuid.uuid4()
    rows = JobRun.objects.for_system()
    claimed = (
        waiting_runs()
        .filter(pk=run_pk)
        .update(
            state=RunState.RUNNING,
            claim=claim,
            lease_until=now + LEASE,
            started_at=now,
            attempts=F("attempts") + 1,
            error="",
        )
    )
    if not claimed:
        return False
    run = rows.get(pk=run_pk)
    held = rows.filter(pk=run_pk, state=RunState.RUNNING, claim=claim)

    def renew() -> None:
        held.update(lease_until=clock() + LEASE)

    job = job_of(run.job)
    if job is None:
        held.update(state=RunState.FAILED, claim=None, finished_at=clock(), error=UNKNOWN)
        return False
    occasion = Occasion(on=day_of(run.due_at, ZONE), due_at=run.due_at, now=now, renew=renew)
    try:
        counts = dict(job.run(occasion))
    except Exception as error:
        log.exception("Job %s failed for %s", run.job, run.period)
        _note_failure(run, claim, clock(), f"{type(error).__name__}: {error}")
        return False
    held.update(state=RunState.DONE, claim=None, lease_until=None, finished_at=clock(), counts=counts)
    return True


def _note_failure(run: JobRun, claim: uuid.UUID, at: datetime, error: str) -> None:
    last_try = run.attempts >= ATTEMPTS
    JobRun.objects.for_system().filter(pk=run.pk, state=RunState.RUNNING, claim=claim).update(
        state=RunState.FAILED if last_try else RunState.DUE,
        claim=None,
        lease_until=None,
        finished_at=at if last_try else None,
        send_after=at + RESEND * run.attempts,
        error=error[:500],
    )
