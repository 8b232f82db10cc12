"""A past of scheduled jobs: runs of each state, and a job that is paused."""

from datetime import datetime, timedelta

from django.utils import timezone

from kam.jobs.choices import RunState
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.services import job_pause
from kam.people.models import Member

CODE = "people.drop_ended_sessions"
PAST: tuple[tuple[str, dict[str, int], str], ...] = (
    (RunState.DONE, {"sessions": 4, "records": 0}, ""),
    (RunState.DONE, {"sessions": 2, "records": 11}, ""),
    (RunState.FAILED, {}, "OperationalError: database is locked"),
    (RunState.SKIPPED, {}, ""),
    (RunState.DONE, {"sessions": 7, "records": 0}, ""),
)
"""Yesterday last."""


def load_jobs(members: dict[str, Member], *, at: datetime) -> None:
    """Write the days before `at`; they are over, so that no job can be run for them."""
    KnownJob.objects.for_system().create(code=CODE, first_seen_at=at - timedelta(days=len(PAST)))
    night = timezone.localtime(at).replace(hour=3, minute=10, second=0, microsecond=0)
    for position, (state, counts, error) in enumerate(PAST):
        due = night - timedelta(days=len(PAST) - position)
        started = None if state == RunState.SKIPPED else due + timedelta(seconds=4)
        JobRun.objects.for_system().create(
            job=CODE,
            period=f"{due:%Y-%m-%d}",
            due_at=due,
            queue="fast",
            state=state,
            counts=counts,
            error=error,
            missed=1 if state == RunState.SKIPPED else 0,
            attempts=3 if error else int(started is not None),
            send_after=due,
            started_at=started,
            finished_at=due + timedelta(seconds=5, milliseconds=300 * (position + 1)),
        )
    job_pause(
        code="core.delete_lost_files",
        actor=members["shenyanqing"],
        now=at - timedelta(days=1),
        reason="机房搬迁，周末恢复",
    )
