"""What members are told inside the product, and messages that leave it."""

from kam.outbox.models.messages import ChannelOff, Message, MessageFile, MessageQuerySet
from kam.outbox.models.notices import TEXT_LENGTH, Notice, NoticeQuerySet

__all__ = ["TEXT_LENGTH", "ChannelOff", "Message", "MessageFile", "MessageQuerySet", "Notice", "NoticeQuerySet"]
