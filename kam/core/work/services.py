"""How a worker takes up long work, says how far it is, and lets it go."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from kam.core.contributions import collect
from kam.core.work.models import Work

LEASE = timedelta(minutes=5)
ATTEMPTS = 3
LOST = gettext_noop("The worker went away each time.")
Clock = Callable[[], datetime]
W = TypeVar("W", bound=Work)


class TakenAway(Exception):
    """The work was cancelled meanwhile, or another worker has it: nothing more is to be written."""


def work_claim(model: type[W], pk: int, *, waiting: str, to: str, clock: Clock) -> W | None:
    """Take what waits, for five minutes at first; None when another worker has it or it waits no more."""
    rows = model.objects.for_system().filter(pk=pk, state=waiting)
    taken = {"claim": uuid.uuid4(), "lease_until": clock() + LEASE, "attempts": F("attempts") + 1}
    if not rows.update(state=to, **taken):
        return None
    return model.objects.for_system().select_related("actor").get(pk=pk)


def work_renew(work: Work, *, clock: Clock, **fields: Any) -> None:
    """Keep the claim and write `fields`, how far it is. Raises `TakenAway`."""
    held = type(work).objects.for_system().filter(pk=work.pk, claim=work.claim)
    if not held.update(lease_until=clock() + LEASE, **fields):
        raise TakenAway


def work_take_away(work: Work) -> None:
    """Let no worker write anything more to the locked `work`; the caller saves `claim` and `lease_until`."""
    work.claim = work.lease_until = None


def work_let_go(work: W, *, clock: Clock, tell: bool, **fields: Any) -> W:
    """End a phase: write `fields`, its state among them; `tell` whoever waits for it. Returns the work as stored.

    Writes nothing when it was taken away meanwhile.
    """
    rows = type(work).objects.for_system()
    with transaction.atomic():
        held = rows.filter(pk=work.pk, claim=work.claim).update(claim=None, lease_until=None, **fields)
        stored = rows.select_related("actor").get(pk=work.pk)
        if held and tell:
            collect("ended", stored, clock())
    return stored


def work_take_up(model: type[W], *, phases: Mapping[Any, tuple[Any, Any]], now: datetime) -> list[W]:
    """Everything of this kind that waits for a worker, after taking back what lost its worker.

    `phases` maps the state in which a worker has it to the one in which it waits and the one in which it is given up,
    after three workers.
    """
    rows = model.objects.for_system()
    for under_way, (waiting, given_up) in phases.items():
        lapsed = rows.filter(state=under_way, lease_until__lt=now)
        for work in lapsed.filter(attempts__gte=ATTEMPTS):
            work_let_go(work, clock=lambda: now, tell=True, state=given_up, error=LOST, finished_at=now)
        lapsed.filter(attempts__lt=ATTEMPTS).update(state=waiting, claim=None)
    return list(rows.filter(state__in=[waiting for waiting, _given_up in phases.values()]))
