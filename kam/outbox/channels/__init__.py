"""The ways out of the product: what every sender answers, and which one serves a channel."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kam.core.exceptions import Text
from kam.outbox.choices import Channel
from kam.outbox.models import Message

Clock = Callable[[], datetime]


class Result(StrEnum):
    """What is known of a message after one attempt."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    """Nothing left: it may be tried again without fear."""
    REFUSED = "refused"
    """It will never be taken as it stands."""
    SKIPPED = "skipped"
    """It was not to be sent any more; the reason stands in place of the error."""
    UNKNOWN = "unknown"
    """It may have left or not."""


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt; `error` is shown to the clerk, `gateway_id` is the gateway's number of the message."""

    result: Result
    error: str = ""
    gateway_id: str = ""


Send = Callable[[Message], Outcome]


class Sender(Protocol):
    """Carries messages of one channel."""

    def missing(self) -> list[Text]:
        """What has to be set before anything can be sent, one sentence each; messages wait until then."""
        ...

    def opened(self, clock: Clock) -> AbstractContextManager[Send]:
        """For one batch: a function that sends one message. Opening does not fail; sending says what went wrong."""
        ...


def sender_of(channel: str) -> Sender:
    """The sender of a channel, as the settings say."""
    from kam.outbox.channels.mail import MailSender
    from kam.outbox.channels.sms import sms_sender

    return MailSender() if channel == Channel.EMAIL else sms_sender()
