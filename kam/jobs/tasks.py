"""What the workers carry out."""

from celery import shared_task

from kam.core.calendar import now
from kam.core.contributions import collect
from kam.jobs import engine
from kam.jobs.liveness import QUEUES, pulse_note
from kam.jobs.models import JobRun

PULSE_SECONDS = 55


@shared_task(ignore_result=True)
def tick() -> None:
    """Once a minute: see what is due, and what lost its worker."""
    engine.tick(now=now(), send=send)
    collect("sweep", now())
    for queue in QUEUES:
        leave_pulse.apply_async_on_commit(args=(queue,), queue=queue, expires=PULSE_SECONDS)


@shared_task(ignore_result=True)
def leave_pulse(queue: str) -> None:
    """Somebody takes from this queue."""
    pulse_note(name=queue, now=now())


@shared_task(ignore_result=True)
def run_job(run_pk: int) -> None:
    """Carry out one run, if nobody else has it."""
    engine.carry_out(run_pk=run_pk, now=now(), clock=now)


def send(run: JobRun) -> None:
    """Put the run before the workers of its queue once the transaction is committed."""
    run_job.apply_async_on_commit(args=(run.pk,), queue=run.queue)
