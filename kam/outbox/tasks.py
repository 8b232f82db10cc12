"""What the workers do for messages."""

import logging
from collections.abc import Iterator
from datetime import datetime

from celery import shared_task

from kam.core.calendar import now
from kam.core.contributions import contribute
from kam.outbox import delivery
from kam.outbox.channels import reports
from kam.outbox.channels.gateway import Broken, NotReached
from kam.outbox.services.reports import awaited, reports_note
from kam.outbox.waking import when_written

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def deliver(channel: str) -> None:
    """Carry out one batch; what is left is another task, so that other work comes in between."""
    if delivery.deliver(channel=channel, clock=now):
        hand_out(channel)


@when_written
def hand_out(channel: str) -> None:
    """Put the channel before the workers once the transaction is committed."""
    deliver.delay_on_commit(channel)


@shared_task(ignore_result=True)
def read_reports() -> None:
    """Ask the gateway for delivery reports; one that does not answer is asked again in a minute."""
    try:
        found = reports.fetch(now())
    except (reports.NoReports, NotReached, Broken) as error:
        log.warning("No delivery reports: %s", error)
    else:
        reports_note(reports=found, at=now())


@contribute("sweep")
def sweep_messages(at: datetime) -> Iterator[int]:
    """Take back what lost its worker, hand out what waits."""
    yield delivery.take_back(now=at)
    for channel in delivery.channels_due(at):
        hand_out(channel)
    if reports.is_set_up() and awaited(at):
        read_reports.delay_on_commit()
