"""What a member has been told, and what a member wants to be told by mail and SMS."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count

from kam.core.exceptions import Text
from kam.core.states import Transition
from kam.outbox.checks import what_is_missing
from kam.outbox.choices import Channel, MessageState
from kam.outbox.kinds import all_kinds
from kam.outbox.models import ChannelOff, Message, MessageFile, Notice, NoticeQuerySet
from kam.people.models import Member

UNREAD_SHOWN = 99
"""The bell counts no further: one more is shown as “99+”."""


def notices_for(user: Any, *, unread_only: bool = False) -> NoticeQuerySet:
    """Notices of `user`, newest first, without those whose client or subject is out of sight; one query when read."""
    rows = Notice.objects.visible_to(user)
    return rows.filter(read_at__isnull=True) if unread_only else rows


def unread_count(user: Any) -> int:
    """How many notices `user` has not read, counted to one beyond `UNREAD_SHOWN`; one query."""
    return notices_for(user, unread_only=True).order_by()[: UNREAD_SHOWN + 1].count()


@dataclass(frozen=True)
class Standstill:
    """A channel that cannot send: what has to be set, and how many messages wait for it."""

    channel: Text
    missing: list[Text]
    waiting: int


def standstills(user: Any) -> list[Standstill]:
    """Channels that are not set up, with what waits for them; one query when there is any."""
    missing = what_is_missing()
    if not missing:
        return []
    waiting = dict(
        Message.objects.visible_to(user)
        .filter(state=MessageState.DUE, channel__in=missing)
        .order_by()
        .values_list("channel")
        .annotate(number=Count("pk"))
    )
    return [
        Standstill(Channel(channel).label, sentences, waiting.get(channel, 0)) for channel, sentences in missing.items()
    ]


@dataclass(frozen=True)
class Choice:
    """One kind of message in a member's choice, with its channels."""

    title: Text
    required: bool
    channels: list["ChannelChoice"]


@dataclass(frozen=True)
class ChannelChoice:
    """One box to tick: its name in the form, and whether it is ticked."""

    value: str
    label: Text
    on: bool


def channel_choices(member: Member) -> list[Choice]:
    """Which messages leave the product for this member, kind by kind; one query."""
    off = set(ChannelOff.objects.visible_to(member).values_list("kind", "channel"))
    return [
        Choice(
            kind.title,
            kind.required,
            [
                ChannelChoice(f"{kind.code}|{channel}", channel.label, kind.required or (kind.code, channel) not in off)
                for channel in kind.outward
            ],
        )
        for kind in all_kinds()
        if kind.outward and Channel.IN_APP in kind.channels
    ]


def acts_on(message: Message) -> list[dict[str, Any]]:
    """What people did with a message, the latest first, as `partials/_history.html` wants it; one query."""
    content_type = ContentType.objects.get_for_model(Message)
    rows = Transition.objects.filter(content_type=content_type, object_id=message.pk).select_related("actor")
    return [
        {
            "at": row.created_at,
            "who": row.actor.full_name if row.actor else "",
            "what": f"{MessageState(row.old).label} → {MessageState(row.new).label}",
        }
        for row in rows.order_by("-created_at", "-pk")
    ]


def file_names(message: Message) -> list[str]:
    """Names of the files that go with a message, without reading them; one query."""
    return list(MessageFile.objects.for_system().filter(message=message).values_list("name", flat=True))
