"""E-mail through Django's backends, one connection for a batch."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import Text
from kam.outbox.channels import Clock, Outcome, Result, Send, words_of
from kam.outbox.channels.plain_text import plain_text
from kam.outbox.models import Message

SUBJECT_LENGTH = 90
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class MailSender:
    """Sends by `EMAIL_URL`."""

    def missing(self) -> list[Text]:
        """The address of the server, and a password where a user is named."""
        if not settings.EMAIL_URL:
            return [_("EMAIL_URL is not set: e-mail waits.")]
        if settings.EMAIL_BACKEND == SMTP and settings.EMAIL_HOST_USER and not settings.EMAIL_HOST_PASSWORD:
            return [_("EMAIL_URL names a user without a password: e-mail waits.")]
        return []

    @contextmanager
    def opened(self, clock: Clock) -> Iterator[Send]:
        """One connection, opened with the first mail and opened again after it broke."""
        line = _Line()
        try:
            yield line.send
        finally:
            line.close()


class _Line:
    """One connection to the mail server; when it cannot be opened the rest of the batch is not tried."""

    def __init__(self) -> None:
        self.connection: Any = get_connection(timeout=settings.EMAIL_TIMEOUT)
        self.is_open = False
        self.out_of_order = ""

    def send(self, message: Message) -> Outcome:
        """Send one mail."""
        if not self.is_open and not self.out_of_order:
            self._open()
        if self.out_of_order:
            return Outcome(Result.NOT_SENT, self.out_of_order)
        try:
            self.connection.send_messages([mail_of(message)])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return self._answered(code, words)
        except smtplib.SMTPResponseException as error:
            return self._answered(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Outcome(Result.UNKNOWN, words_of(error))
        return Outcome(Result.SENT)

    def close(self) -> None:
        """Hang up, whatever state the line is in."""
        self.is_open = False
        with suppress(smtplib.SMTPException, OSError):
            self.connection.close()

    def _open(self) -> None:
        try:
            self.connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self.out_of_order = words_of(error)
            self.close()
        else:
            self.is_open = True

    def _answered(self, code: int, words: Any) -> Outcome:
        """The server said no: for good with a code of 500 and more. The line is not trusted after that."""
        self.close()
        text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
        return Outcome(Result.REFUSED if code >= 500 else Result.NOT_SENT, f"{code} {text}")


def mail_of(message: Message) -> EmailMultiAlternatives:
    """The mail of a message: text and html from one template, in the recipient's language, with its files.

    The Message-ID is always the same, so that a reminder sent twice can be told as one by the mail program.
    """
    context = {
        "text": message.text,
        "lines": message.body.splitlines(),
        "url": f"{settings.BASE_URL}{message.url}" if message.url else "",
        "department": settings.DEPARTMENT_NAME,
    }
    with translation.override(message.language):
        html = render_to_string("outbox/mail.html", context).strip()
    mail = EmailMultiAlternatives(
        subject=_one_line(message.text),
        body=plain_text(html),
        to=[message.address],
        headers={"Message-ID": f"<kam-{message.pk}@{_host()}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    for file in message.files.all():
        mail.attach(file.name, bytes(file.content), file.content_type)
    return mail


def _one_line(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SUBJECT_LENGTH else words[: SUBJECT_LENGTH - 1] + "…"


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"
