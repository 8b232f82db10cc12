"""Whether scheduler and workers are alive, told in words to those who can have them started again.

The scheduler leaves a pulse whenever it has put the tick before the workers. The tick then sends a tiny task through
each queue, and whoever takes it leaves the queue's pulse. A worker in the middle of something long takes nothing else,
but renews a lease.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import Text
from kam.core.lists.cells import moment_text
from kam.core.scoping import Reach, reach
from kam.core.work.models import works
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun, Pulse

SCHEDULER = "scheduler"
QUEUES = ("fast", "long")
SILENT_AFTER = timedelta(minutes=5)

STANDS_STILL: dict[str, Text] = {
    SCHEDULER: _("The scheduler stands still: nothing is started when its time has come."),
    "fast": _("The worker for reminders stands still: scheduled jobs and messages wait."),
    "long": _("The worker for long work stands still: imports and large exports wait."),
}
SERVICES = {SCHEDULER: "kam-beat", "fast": "kam-fast", "long": "kam-long"}


@dataclass(frozen=True)
class Silence:
    """What stands still, since when (None: it has never been seen), and the service to start again."""

    name: str
    since: datetime | None

    @property
    def text(self) -> Text:
        """What stands still, and what waits because of it."""
        return STANDS_STILL[self.name]

    @property
    def seen(self) -> str:
        """When it was last seen at work."""
        if self.since is None:
            return str(_("It has not been seen at work yet."))
        return str(_("Last seen at work: %(since)s.") % {"since": moment_text(self.since)})

    @property
    def remedy(self) -> str:
        """What to do."""
        words = _("Have the service %(service)s restarted on the server; on a laptop start “make run” anew.")
        return str(words % {"service": SERVICES[self.name]})


@transaction.atomic
def pulse_note(*, name: str, now: datetime) -> None:
    """Write down that this part was at work just now."""
    Pulse.objects.for_system().bulk_create(
        [Pulse(name=name, at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def silence_told_to(user: Any, *, now: datetime) -> Silence | None:
    """What stands still, for members who can have it started again; nothing for the others."""
    return None if reach(user, Pulse, "view") is Reach.NONE else silence(now=now)


def silence(*, now: datetime) -> Silence | None:
    """What stands still, if anything; one query while all is well.

    Only the first link of the chain is named: without the scheduler no queue gets a pulse, and without the queue of the
    tick the other one does not.
    """
    seen = dict(Pulse.objects.for_system().values_list("name", "at"))
    for name in (SCHEDULER, *QUEUES):
        at = seen.get(name)
        if (at is None or now - at > SILENT_AFTER) and not _is_busy(name, now):
            return Silence(name, at)
    return None


def _is_busy(queue: str, now: datetime) -> bool:
    live = {"lease_until__gt": now}
    if JobRun.objects.for_system().filter(queue=queue, state=RunState.RUNNING, **live).exists():
        return True
    return queue == "long" and any(model.objects.for_system().filter(**live).exists() for model in works())
