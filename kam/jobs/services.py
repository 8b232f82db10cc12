"""What people and jobs do to the runs themselves."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import ChangedMeanwhile, NotAllowed
from kam.core.locking import lock_row
from kam.core.scoping import allowed
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun
from kam.people.models import Member


@transaction.atomic
def job_run_again(*, run_pk: int, actor: Member, now: datetime) -> JobRun:
    """Put a failed run before the workers once more."""
    run = lock_row(JobRun, run_pk)
    if not allowed(actor, run, "change"):
        raise NotAllowed(_("Your role may not do this."))
    if run.state != RunState.FAILED:
        raise ChangedMeanwhile(_("This run is not a failed one any more."))
    run.state = RunState.DUE
    run.attempts = 0
    run.send_after = now
    run.finished_at = None
    run.save(update_fields=["state", "attempts", "send_after", "finished_at"])
    return run


@transaction.atomic
def runs_drop_old(*, actor: Member | None = None, before: datetime) -> int:
    """Delete runs that were due before that moment, keeping each job's last; returns how many."""
    last = JobRun.objects.for_system().order_by().values("job").annotate(last=Max("pk")).values("last")
    old = JobRun.objects.for_system().filter(due_at__lt=before).exclude(state=RunState.RUNNING).exclude(pk__in=last)
    return int(old.delete()[0])
