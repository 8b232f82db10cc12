"""What people and jobs do to the jobs and their runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.core.plain import clean_text
from kam.core.scoping import Reach, allowed, reach
from kam.jobs.choices import RunState
from kam.jobs.engine import RESEND, ZONE, Send, take_back_lapsed
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.registry import Job, Occasion, all_jobs, job_of
from kam.jobs.rules import Due, day_of, due_in, period_start
from kam.people.models import Member

REASON_LENGTH = 100
RUNS_KEPT = timedelta(days=400)
RUNS_AHEAD = timedelta(days=400)
"""How far ahead a period may be run by hand: what is due next year can be looked at, and prepared, today."""


class AlreadyDone(ChangedMeanwhile):
    """The period asked for has its run; `run` is that one."""

    def __init__(self, run: JobRun) -> None:
        super().__init__(_("This period has its run already; it does not run twice."))
        self.run = run


@dataclass(frozen=True)
class Rehearsal:
    """What a run would do: the period, and the counts that the job handed back before all was rolled back."""

    job: Job
    due: Due
    counts: Mapping[str, Any]


@transaction.atomic
def job_run_again(*, run_pk: int, actor: Member, now: datetime, send: Send) -> JobRun:
    """Put a failed run before the workers once more."""
    run = lock_row(JobRun, run_pk)
    if not allowed(actor, run, "change"):
        raise NotAllowed(_("Your role may not do this."))
    if run.state != RunState.FAILED:
        raise ChangedMeanwhile(_("This run is not a failed one any more."))
    _must_not_pause(run.job)
    _put_up(run, actor, now)
    send(run)
    return run


@transaction.atomic
def job_run_now(*, code: str, actor: Member, now: datetime, send: Send) -> JobRun:
    """Put the present period of a job before the workers, even ahead of its hour; that period then has its run.

    Raises `NotAllowed`, `AlreadyDone`, `ChangedMeanwhile` (under way), `DomainError` (paused, unknown).
    """
    _must_decide(actor)
    run = run_put_up(code=code, moment=now, actor=actor, now=now)
    send(run)
    return run


@transaction.atomic
def run_put_up(*, code: str, moment: datetime, actor: Member | None, now: datetime) -> JobRun:
    """The run of the period that contains `moment`, written if need be and due, so that it can be carried out.

    The scheduler finds it there and writes no other. Raises `AlreadyDone`, `ChangedMeanwhile` while that run is under
    way, and `DomainError` for a job that is unknown or paused or a moment that is too far away.
    """
    job, due = _asked_for(code, moment, now)
    _must_not_pause(code)
    take_back_lapsed(now)
    row = JobRun(job=code, period=due.period, due_at=due.at, queue=job.queue, send_after=now + RESEND)
    JobRun.objects.for_system().bulk_create([row], ignore_conflicts=True)
    run = JobRun.objects.for_system().select_for_update().get(job=code, period=due.period)
    if run.state == RunState.RUNNING:
        raise ChangedMeanwhile(_("This run is under way already; wait until it ends."))
    if run.state == RunState.DONE:
        raise AlreadyDone(run)
    _put_up(run, actor, now)
    return run


def job_rehearse(*, code: str, moment: datetime, now: datetime) -> Rehearsal:
    """Run a job for the period that contains `moment` and take everything back: what would it do?

    Messages are rows, and what is sent or deleted outside the database waits for a commit that never comes.
    """
    job, due = _asked_for(code, moment, now)
    occasion = Occasion(on=day_of(due.at, ZONE), due_at=due.at, now=now, renew=lambda: None)
    with transaction.atomic():
        counts = dict(job.run(occasion))
        transaction.set_rollback(True)
    return Rehearsal(job, due, counts)


@transaction.atomic
def job_pause(*, code: str, actor: Member, now: datetime, reason: str = "") -> KnownJob:
    """Let a job make no runs until it is resumed; what was waiting is skipped, what is under way ends."""
    known = _known(code, actor, now)
    if known.paused_at is not None:
        raise ChangedMeanwhile(_("This job is paused already."))
    known.paused_at = now
    record_save(known, ["paused_at"], actor=actor, reason=clean_text(reason)[:REASON_LENGTH])
    _skip_waiting(code, now)
    return known


@transaction.atomic
def job_resume(*, code: str, actor: Member, now: datetime, reason: str = "") -> KnownJob:
    """Let a paused job run again, from its next moment on: nothing that passed meanwhile is made up for."""
    known = _known(code, actor, now)
    if known.paused_at is None:
        raise ChangedMeanwhile(_("This job is not paused any more."))
    _skip_waiting(code, now)
    known.paused_at, known.resumed_at = None, now
    record_save(known, ["paused_at", "resumed_at"], actor=actor, reason=clean_text(reason)[:REASON_LENGTH])
    return known


@transaction.atomic
def runs_drop_old(*, actor: Member | None = None, before: datetime) -> int:
    """Delete runs that were due before that moment, keeping each job's last; returns how many."""
    last = JobRun.objects.for_system().order_by().values("job").annotate(last=Max("pk")).values("last")
    old = JobRun.objects.for_system().filter(due_at__lt=before).exclude(state=RunState.RUNNING).exclude(pk__in=last)
    return int(old.delete()[0])


def _asked_for(code: str, moment: datetime, now: datetime) -> tuple[Job, Due]:
    job = job_of(code)
    if job is None:
        names = ", ".join(known.code for known in all_jobs())
        raise DomainError(_("There is no job %(code)s. Known are: %(names)s.") % {"code": code, "names": names})
    if now - moment > RUNS_KEPT:
        raise DomainError(_("That is too far back: runs are kept for %(n)s days.") % {"n": RUNS_KEPT.days})
    if moment - now > RUNS_AHEAD:
        last = (now + RUNS_AHEAD).astimezone(ZONE)
        raise DomainError(
            _("That is too far ahead: jobs can be run for days up to %(last)s.") % {"last": f"{last:%Y-%m-%d}"}
        )
    start = period_start(job.schedule.period, moment, ZONE)
    return job, due_in(job.schedule, start)


def _put_up(run: JobRun, actor: Member | None, now: datetime) -> None:
    run.state, run.attempts, run.error = RunState.DUE, 0, ""
    run.send_after, run.finished_at, run.asked_by = now + RESEND, None, actor
    run.save(update_fields=["state", "attempts", "error", "send_after", "finished_at", "asked_by"])


def _skip_waiting(code: str, now: datetime) -> None:
    waiting = JobRun.objects.for_system().filter(job=code, state=RunState.DUE)
    waiting.update(state=RunState.SKIPPED, finished_at=now)


def _known(code: str, actor: Member, now: datetime) -> KnownJob:
    _must_decide(actor)
    if job_of(code) is None:
        raise KnownJob.DoesNotExist
    KnownJob.objects.for_system().bulk_create([KnownJob(code=code, first_seen_at=now)], ignore_conflicts=True)
    return KnownJob.objects.for_system().select_for_update().get(code=code)


def _must_decide(actor: Member) -> None:
    if reach(actor, KnownJob, "change") is Reach.NONE:
        raise NotAllowed(_("Only the director runs, pauses and resumes jobs."))


def _must_not_pause(code: str) -> None:
    if KnownJob.objects.for_system().filter(code=code, paused_at__isnull=False).exists():
        raise DomainError(_("This job is paused: resume it first."))
