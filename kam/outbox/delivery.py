"""Carrying messages out: claim a batch, send it with no transaction open, record what came of each.

A worker that dies leaves its claims to lapse. What must come at least once is then due again; what must come at most
once is uncertain and waits for a person. A worker that was only slow still records what it sent: the claim stays on the
row until another worker, or a person, takes the message up.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from kam.outbox.channels import Clock, Outcome, Result, Send, Sender, sender_of
from kam.outbox.choices import Channel, MessageState, Once, SkipReason
from kam.outbox.models import Message, MessageQuerySet
from kam.outbox.rules import BACK_OFF, next_attempt, next_sms_time
from kam.outbox.sight import out_of_sight
from kam.outbox.zone import ZONE

LEASE = timedelta(minutes=5)
RENEW = timedelta(minutes=1)
BATCH = {Once.AT_LEAST: 100, Once.AT_MOST: 20}
"""Messages claimed at once: fewer of those that become uncertain with their worker."""
LOST = gettext_noop("The worker went away while sending.")
RECORDED = ["state", "skip_reason", "error", "send_after", "lease_until", "ended_at", "gateway_id"]

log = logging.getLogger(__name__)


def deliver(*, channel: str, clock: Clock) -> int:
    """Claim and carry out one batch of a channel; returns how many messages it took, 0 when nothing is to be done.

    Nothing is taken while the channel is not set up, or at night for SMS. The number of queries does not depend on the
    number of messages.
    """
    sender = sender_of(channel)
    now = clock()
    if sender.missing() or is_quiet(channel, now):
        return 0
    for once in (Once.AT_MOST, Once.AT_LEAST):
        batch = _Batch(channel, once, clock)
        if batch.claim(now):
            batch.carry_out(sender)
            return len(batch.messages)
    return 0


def is_quiet(channel: str, now: datetime) -> bool:
    """Whether messages of that channel wait for the morning."""
    return channel == Channel.SMS and next_sms_time(now, ZONE) != now


def due(channel: str, now: datetime) -> MessageQuerySet:
    """Messages of a channel whose time has come, and not gone."""
    rows = Message.objects.for_system().filter(state=MessageState.DUE, channel=channel, send_after__lte=now)
    return rows.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))


class _Batch:
    """Messages in the hand of one worker."""

    def __init__(self, channel: str, once: str, clock: Clock) -> None:
        self.channel, self.once, self.clock = channel, once, clock
        self.token = uuid.uuid4()
        self.messages: list[Message] = []
        self.outcomes: dict[int, Outcome] = {}

    def claim(self, now: datetime) -> bool:
        """Take what is due, as far as no other worker was faster; whether there is anything."""
        mine = due(self.channel, now).filter(once=self.once)
        while not self.messages:
            keys = list(mine.order_by("send_after", "pk").values_list("pk", flat=True)[: BATCH[Once(self.once)]])
            if not keys:
                return False
            mine.filter(pk__in=keys).update(
                state=MessageState.CLAIMED,
                claim=self.token,
                lease_until=now + LEASE,
                attempts=F("attempts") + 1,
                error="",
            )
            self.messages = list(self._held().select_related("recipient").prefetch_related("files").order_by("pk"))
        return True

    def carry_out(self, sender: Sender) -> None:
        """Send one after the other; what cannot be sent any more is skipped. Everything is recorded in the end."""
        on = timezone.localdate(self.clock())
        hidden = out_of_sight(self.messages, on)
        renewed = self.clock()
        held = {message.pk for message in self.messages}
        with sender.opened(self.clock) as send:
            for message in self.messages:
                if self.clock() - renewed >= RENEW:
                    renewed = self.clock()
                    held = self._record_and_renew(renewed)
                if message.pk not in held:
                    continue
                if message.recipient is not None and not message.recipient.may_sign_in(on):
                    self.outcomes[message.pk] = Outcome(Result.SKIPPED, SkipReason.LEFT)
                elif message.pk in hidden:
                    self.outcomes[message.pk] = Outcome(Result.SKIPPED, SkipReason.OUT_OF_SIGHT)
                else:
                    self.outcomes[message.pk] = _attempt(send, message)
        self._record(self.clock())

    def _held(self) -> MessageQuerySet:
        return Message.objects.for_system().filter(claim=self.token, state=MessageState.CLAIMED)

    def _record_and_renew(self, now: datetime) -> set[int]:
        """Write down what is done and hold on to the rest; keys of what is still in hand."""
        self._record(now)
        self._held().update(lease_until=now + LEASE)
        return set(self._held().values_list("pk", flat=True))

    @transaction.atomic
    def _record(self, now: datetime) -> None:
        """Also what lapsed meanwhile is recorded, unless somebody else took it up."""
        rows = list(
            Message.objects.for_system()
            .filter(claim=self.token, pk__in=self.outcomes)
            .exclude(state__in=ENDED)
            .select_for_update()
        )
        for row in rows:
            _note(row, self.outcomes[row.pk], now)
        Message.objects.for_system().bulk_update(rows, RECORDED)
        self.outcomes = {}


ENDED = (MessageState.SENT, MessageState.FAILED, MessageState.SKIPPED)


def _attempt(send: Send, message: Message) -> Outcome:
    try:
        return send(message)
    except Exception as error:
        log.exception("Message %s could not be sent", message.pk)
        return Outcome(Result.UNKNOWN, type(error).__name__)


def _note(row: Message, outcome: Outcome, now: datetime) -> None:
    """Set on the row what came of the attempt."""
    row.error, row.lease_until = outcome.error[:300], None
    again_at = next_attempt(row.attempts, now)
    match outcome.result:
        case Result.SENT:
            _end(row, MessageState.SENT, now)
            row.gateway_id = outcome.gateway_id
        case Result.SKIPPED:
            _end(row, MessageState.SKIPPED, now)
            row.skip_reason, row.error = outcome.error, ""
        case Result.UNKNOWN if row.once == Once.AT_MOST:
            _end(row, MessageState.UNCERTAIN, now)
        case Result.REFUSED:
            _end(row, MessageState.FAILED, now)
        case _ if again_at is None:
            _end(row, MessageState.FAILED, now)
        case _:
            row.state, row.send_after = MessageState.DUE, again_at
            if row.channel == Channel.SMS:
                row.send_after = next_sms_time(again_at, ZONE)


def _end(row: Message, state: MessageState, now: datetime) -> None:
    row.state, row.ended_at = state, now


@transaction.atomic
def take_back(*, now: datetime) -> int:
    """Deal with claims that lapsed and messages whose time has passed; returns how many."""
    rows = Message.objects.for_system()
    lapsed = rows.filter(state=MessageState.CLAIMED, lease_until__lt=now)
    found = lapsed.filter(once=Once.AT_MOST).update(
        state=MessageState.UNCERTAIN, lease_until=None, ended_at=now, error=LOST
    )
    found += lapsed.filter(attempts__gt=len(BACK_OFF)).update(
        state=MessageState.FAILED, lease_until=None, ended_at=now, error=LOST
    )
    found += lapsed.update(state=MessageState.DUE, lease_until=None, send_after=now)
    late = rows.filter(state=MessageState.DUE, expires_at__lte=now)
    found += late.update(state=MessageState.SKIPPED, skip_reason=SkipReason.TOO_LATE, ended_at=now)
    return found


def channels_due(now: datetime) -> list[str]:
    """Channels with something to send now."""
    return [channel for channel in outward() if not is_quiet(channel, now) and due(channel, now).exists()]


def outward() -> Iterable[str]:
    """The channels that leave the product."""
    return [channel for channel in Channel if channel != Channel.IN_APP]
