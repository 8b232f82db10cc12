"""What clerk and director do with messages that did not arrive, and members with their channels."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.locking import lock_row
from kam.core.scoping import allowed
from kam.core.states import record_move
from kam.outbox.choices import Channel, MessageState, SkipReason
from kam.outbox.kinds import all_kinds
from kam.outbox.models import ChannelOff, Message, MessageFile
from kam.outbox.rules import next_sms_time
from kam.outbox.services.sending import address_of
from kam.outbox.waking import wake
from kam.outbox.zone import ZONE
from kam.people.models import Member

RESENT_FROM = (MessageState.FAILED, MessageState.UNCERTAIN, MessageState.SKIPPED)
GIVEN_UP_FROM = (MessageState.DUE, MessageState.FAILED, MessageState.UNCERTAIN)
NOT_TO_BE_SENT = (SkipReason.NO_CONSENT, SkipReason.OPTED_OUT, SkipReason.UNWANTED, SkipReason.LEFT)
"""Reasons that only the recipient can take away."""


def may_resend(message: Message) -> bool:
    """Whether the state of a message allows it to be sent again by hand."""
    return message.state in RESENT_FROM and message.skip_reason not in NOT_TO_BE_SENT


def may_give_up(message: Message) -> bool:
    """Whether there is anything to give up."""
    return message.state in GIVEN_UP_FROM


@transaction.atomic
def message_resend(*, message_pk: int, seen: str, actor: Member, at: datetime) -> Message:
    """Send a message that failed, is uncertain or was skipped once more, to the address that a member has now.

    `seen` is the state in which the person saw it. Raises `NotAllowed`, `ChangedMeanwhile` when it stands otherwise by
    now, `DomainError` when there is still no address or the recipient does not want it.
    """
    message = _locked(message_pk, seen, actor)
    if not may_resend(message):
        raise DomainError(_("This message cannot be sent again."))
    if message.recipient is not None:
        message.address, reason = address_of(message.recipient, message.channel)
        if reason:
            raise DomainError(SkipReason(reason).label)
    elif not message.address:
        raise DomainError(SkipReason.NO_MOBILE.label)
    message.state, message.skip_reason, message.error = MessageState.DUE, "", ""
    message.attempts, message.claim, message.ended_at = 0, None, None
    message.expires_at = None
    message.send_after = next_sms_time(at, ZONE) if message.channel == Channel.SMS else at
    return _saved(message, seen, actor)


@transaction.atomic
def message_give_up(*, message_pk: int, seen: str, actor: Member, at: datetime) -> Message:
    """Let a message be: it is not sent any more. Raises as `message_resend` does."""
    message = _locked(message_pk, seen, actor)
    if not may_give_up(message):
        raise DomainError(_("There is nothing to give up."))
    message.state, message.skip_reason = MessageState.SKIPPED, SkipReason.GIVEN_UP
    message.claim, message.ended_at = None, at
    return _saved(message, seen, actor)


@transaction.atomic
def channels_choose(*, actor: Member, wanted: Collection[tuple[str, str]]) -> int:
    """Note which messages a member wants beyond the product itself: pairs of kind and channel.

    Kinds that the department requires are sent whatever is said. Returns how many are switched off.
    """
    lock_row(Member, actor.pk)
    off = [
        ChannelOff(member=actor, kind=kind.code, channel=channel)
        for kind in all_kinds()
        if not kind.required
        for channel in kind.outward
        if (kind.code, str(channel)) not in wanted
    ]
    ChannelOff.objects.for_system().filter(member=actor).delete()
    return len(ChannelOff.objects.for_system().bulk_create(off))


@transaction.atomic
def messages_drop_old(
    *, files_before: datetime, messages_before: datetime, actor: Member | None = None
) -> tuple[int, int]:
    """Delete files and messages of what ended before those moments; returns how many files and messages.

    What waits or is uncertain stays, however old.
    """
    ended = (MessageState.SENT, MessageState.FAILED, MessageState.SKIPPED)
    files = MessageFile.objects.for_system().filter(message__state__in=ended, message__ended_at__lt=files_before)
    dropped = files.delete()[0]
    old = Message.objects.for_system().filter(state__in=ended, ended_at__lt=messages_before)
    return dropped, old.delete()[0]


def _locked(message_pk: int, seen: str, actor: Member) -> Message:
    message = lock_row(Message, message_pk)
    if not allowed(actor, message, "change"):
        raise NotAllowed(_("Your role may not do this."))
    if message.state != seen:
        raise ChangedMeanwhile(
            _("This was changed meanwhile: it is now “%(state)s”. Look at it again.")
            % {"state": message.get_state_display()}
        )
    return message


def _saved(message: Message, old: str, actor: Member) -> Message:
    message.save(
        update_fields=[
            *("state", "skip_reason", "error", "attempts", "claim", "ended_at", "expires_at", "send_after", "address")
        ]
    )
    record_move(message, old=old, new=message.state, actor=actor)
    if message.state == MessageState.DUE:
        wake(message.channel)
    return message
