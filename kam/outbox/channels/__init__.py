"""The ways out of the product: what every sender answers, and which one serves a channel."""

import http.client
import smtplib
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_noop

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


WORDS = {
    TimeoutError: gettext_noop("No answer in time."),
    ConnectionRefusedError: gettext_noop("The server takes no connections."),
    socket.gaierror: gettext_noop("The name of the server is not known."),
    ConnectionError: gettext_noop("The connection broke off."),
    http.client.HTTPException: gettext_noop("The connection broke off."),
    smtplib.SMTPServerDisconnected: gettext_noop("The connection broke off."),
    smtplib.SMTPAuthenticationError: gettext_noop("The mail server does not accept user or password."),
}


def words_of(error: Exception) -> str:
    """What went wrong on the line, for the clerk; translated where it is shown."""
    known = next((words for kind, words in WORDS.items() if isinstance(error, kind)), None)
    return known or f"{type(error).__name__}: {error}".removesuffix(": ")


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
