"""What the gateway reports of SMS that it took."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kam.outbox.choices import Channel, Delivery, MessageState
from kam.outbox.models import Message
from kam.people.models import Member

BLOCK = 200
AWAITED = timedelta(days=3)
"""How long a report is asked for."""
HANDED_OVER = (MessageState.SENT, MessageState.UNCERTAIN)


@dataclass(frozen=True)
class Report:
    """One report: by the gateway's number, or by ours where the gateway hands it back."""

    gateway_id: str
    own_id: str
    delivered: bool


def awaited(now: datetime) -> bool:
    """Whether there is an SMS of which the gateway may still report."""
    rows = Message.objects.for_system().filter(channel=Channel.SMS, state__in=HANDED_OVER, delivery=Delivery.NONE)
    return rows.filter(ended_at__gt=now - AWAITED).exists()


def reports_note(*, reports: Collection[Report], actor: Member | None = None, at: datetime) -> int:
    """Note deliveries; returns how many were new. The first report of a message counts.

    Reports of unknown messages and those that come again change nothing. An uncertain message of which the gateway
    reports has been sent after all.
    """
    found = list(reports)
    return sum(_note(found[start : start + BLOCK], at) for start in range(0, len(found), BLOCK))


@transaction.atomic
def _note(reports: list[Report], at: datetime) -> int:
    by_gateway = {report.gateway_id: report for report in reversed(reports) if report.gateway_id}
    by_own = {int(report.own_id): report for report in reversed(reports) if _is_key(report.own_id)}
    rows = list(
        Message.objects.for_system()
        .filter(Q(gateway_id__in=by_gateway) | Q(pk__in=by_own), channel=Channel.SMS, delivery=Delivery.NONE)
        .filter(state__in=HANDED_OVER)
        .select_for_update()
    )
    for row in rows:
        report = by_gateway.get(row.gateway_id) or by_own[row.pk]
        row.delivery = Delivery.DELIVERED if report.delivered else Delivery.UNDELIVERED
        row.delivered_at, row.state = at, MessageState.SENT
        row.gateway_id = row.gateway_id or report.gateway_id
    Message.objects.for_system().bulk_update(rows, ["delivery", "delivered_at", "state", "gateway_id"])
    return len(rows)


def _is_key(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 19
