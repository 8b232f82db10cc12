"""SMS: to the terminal, into a file, or through the gateway that the settings describe."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import Text
from kam.outbox.channels import Clock, Outcome, Result, Send, Sender
from kam.outbox.channels.gateway import GatewaySender
from kam.outbox.models import Message


class UnsetSender:
    """No backend is chosen, or one that does not exist: everything waits."""

    def missing(self) -> list[Text]:
        """Which setting chooses the backend."""
        return [_("SMS_BACKEND is not set to console, file or gateway: SMS wait.")]

    @contextmanager
    def opened(self, clock: Clock) -> Iterator[Send]:
        """Never asked to send."""
        yield lambda _message: Outcome(Result.NOT_SENT)


class ConsoleSender:
    """Writes each SMS to the terminal of the worker."""

    def missing(self) -> list[Text]:
        """Nothing."""
        return []

    @contextmanager
    def opened(self, clock: Clock) -> Iterator[Send]:
        """The worker's terminal."""
        yield self._send

    def _send(self, message: Message) -> Outcome:
        sys.stdout.write(f"SMS {message.address}: {message.text}\n")
        sys.stdout.flush()
        return Outcome(Result.SENT)


class FileSender:
    """Appends each SMS as one line of JSON to `sms.jsonl` under `VAR_DIR`."""

    def missing(self) -> list[Text]:
        """Nothing."""
        return []

    @contextmanager
    def opened(self, clock: Clock) -> Iterator[Send]:
        """The open file; each line is on its way to the disk before the next."""
        with (settings.VAR_DIR / "sms.jsonl").open("a", encoding="utf-8", buffering=1) as file:

            def send(message: Message) -> Outcome:
                line = {"id": message.pk, "at": clock().isoformat(), "phone": message.address, "text": message.text}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                return Outcome(Result.SENT)

            yield send


def sms_sender() -> Sender:
    """The sender that `SMS_BACKEND` names."""
    match settings.SMS_BACKEND:
        case "console":
            return ConsoleSender()
        case "file":
            return FileSender()
        case "gateway":
            return GatewaySender()
        case _other:
            return UnsetSender()
