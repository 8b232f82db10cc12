"""Signs of life given by the processes themselves: the scheduler at each tick, a worker when it starts.

Each closes its connection at once: the scheduler keeps none from minute to minute, and no child of a worker inherits
one.
"""

from typing import Any

from django.db import connection

from kam.core.calendar import now
from kam.jobs.liveness import QUEUES, SCHEDULER, pulse_note


def scheduler_started(**_details: Any) -> None:
    """Receiver of `beat_init`."""
    _leave(SCHEDULER)


def tick_published(**_details: Any) -> None:
    """Receiver of `after_task_publish` of the tick, which only the scheduler sends."""
    _leave(SCHEDULER)


def worker_started(sender: Any, **_details: Any) -> None:
    """Receiver of `worker_ready`: the queues that this worker takes from."""
    for queue in set(QUEUES) & set(sender.app.amqp.queues.consume_from):
        _leave(queue)


def _leave(name: str) -> None:
    connection.close_if_unusable_or_obsolete()
    pulse_note(name=name, now=now())
    connection.close()
