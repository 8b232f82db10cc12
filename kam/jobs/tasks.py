"""What the workers carry out."""

from celery import shared_task

from kam.core.calendar import now
from kam.core.contributions import collect
from kam.jobs import engine
from kam.jobs.models import JobRun


@shared_task(ignore_result=True)
def tick() -> None:
    """Once a minute: see what is due, and what lost its worker."""
    engine.tick(now=now(), send=send)
    collect("sweep", now())


@shared_task(ignore_result=True)
def run_job(run_pk: int) -> None:
    """Carry out one run, if nobody else has it."""
    engine.carry_out(run_pk=run_pk, now=now(), clock=now)


def send(run: JobRun) -> None:
    """Put the run before the workers of its queue once the transaction is committed."""
    run_job.apply_async_on_commit(args=(run.pk,), queue=run.queue)
