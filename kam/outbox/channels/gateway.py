"""An SMS gateway spoken to over HTTP; the whole request is described by settings (docs/messages.md).

Fields in braces are filled in anywhere in headers, body and the text that is signed. Nothing of key, secret, headers
or body is ever logged or kept.
"""

import base64
import hmac
import http.client
import json
import ssl
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import RuleError, Text
from kam.outbox.channels import Clock, Outcome, Result, Send, words_of
from kam.outbox.models import Message
from kam.outbox.rules import filled

LARGEST_ANSWER = 256 * 1024
TRY_AGAIN = {401, 403, 408, 425, 429, 503}
"""Answers with which nothing was taken, and which may pass: busy, or credentials that the clerk has yet to set."""


class NotReached(Exception):
    """No connection: the request has not left."""


class Broken(Exception):
    """The connection broke, or went silent, after the request may have arrived."""


def request_fields(at: datetime, **more: str) -> dict[str, str]:
    """What may be filled into a request, but for the signature."""
    return {
        "key": settings.SMS_GATEWAY_KEY,
        "secret": settings.SMS_GATEWAY_SECRET,
        "timestamp": str(int(at.timestamp())),
        "timestamp_ms": str(int(at.timestamp() * 1000)),
        "time": at.strftime("%Y%m%d%H%M%S"),
        "nonce": uuid.uuid4().hex,
        **more,
    }


def message_fields(message: Message) -> dict[str, str]:
    """What may be filled in of a message; `phone` is the number as dialled within China, `phone_e164` with +86."""
    phone = message.address.removeprefix("+86").replace(" ", "")
    return {
        "id": str(message.pk),
        "phone": phone,
        "phone_e164": phone if phone.startswith("+") else f"+86{phone}",
        "text": message.text,
    }


def with_signature(fields: Mapping[str, str], template: str) -> dict[str, str]:
    """The fields with `signature`: the HMAC of the filled template."""
    digest = hmac.new(
        settings.SMS_GATEWAY_SECRET.encode(), filled(template, fields).encode(), settings.SMS_GATEWAY_HASH
    ).digest()
    as_text = digest.hex() if settings.SMS_GATEWAY_SIGNATURE == "hex" else base64.b64encode(digest).decode()
    return {**fields, "signature": as_text}


def put_into(template: Any, fields: Mapping[str, str]) -> Any:
    """A template of objects, lists and texts with the fields filled into every text."""
    match template:
        case str():
            return filled(template, fields)
        case dict():
            return {name: put_into(value, fields) for name, value in template.items()}
        case list():
            return [put_into(value, fields) for value in template]
        case _:
            return template


def call(url: str, body_template: Any, sign: str, fields: Mapping[str, str]) -> tuple[int, Any]:
    """One signed request: status and the JSON of the answer (None when it is none).

    Raises `NotReached` and `Broken`. Redirects are not followed.
    """
    fields = with_signature(fields, sign) if sign else fields
    headers = {name: filled(value, fields) for name, value in settings.SMS_GATEWAY_HEADERS.items()}
    values = put_into(body_template, fields)
    parts = urlsplit(url)
    path, query, body = parts.path or "/", parts.query, None
    if settings.SMS_GATEWAY_METHOD == "GET":
        query = "&".join(word for word in (query, urlencode(values)) if word)
    elif settings.SMS_GATEWAY_FORMAT == "form":
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        body = urlencode(values).encode()
    else:
        headers.setdefault("Content-Type", "application/json; charset=utf-8")
        body = json.dumps(values, ensure_ascii=False).encode()
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.connect()
    except OSError as error:
        raise NotReached(words_of(error)) from error
    try:
        connection.request(settings.SMS_GATEWAY_METHOD, f"{path}?{query}" if query else path, body, headers)
        answer = connection.getresponse()
        return answer.status, _json(answer.read(LARGEST_ANSWER))
    except (OSError, http.client.HTTPException) as error:
        raise Broken(words_of(error)) from error
    finally:
        connection.close()


def dug(answer: Any, path: str) -> Any:
    """What lies at `data.list.0.id` in an answer; None when nothing does."""
    for name in path.split(".") if path else ():
        if isinstance(answer, dict):
            answer = answer.get(name)
        elif isinstance(answer, list) and name.isdigit() and int(name) < len(answer):
            answer = answer[int(name)]
        else:
            return None
    return answer


class GatewaySender:
    """Sends each SMS with one request."""

    def missing(self) -> list[Text]:
        """Address and credentials, and fields that do not exist."""
        unset = [name for name in ("URL", "KEY", "SECRET") if not getattr(settings, f"SMS_GATEWAY_{name}")]
        if unset:
            names = ", ".join(f"SMS_GATEWAY_{name}" for name in unset)
            return [format_lazy(_("{names} is not set: SMS wait."), names=names)]
        if urlsplit(settings.SMS_GATEWAY_URL).scheme not in {"http", "https"}:
            return [_("SMS_GATEWAY_URL is no address that begins with https://: SMS wait.")]
        return self._wrong_fields()

    def _wrong_fields(self) -> list[Text]:
        known = dict.fromkeys((*_FIELDS, "signature"), "")
        signable = dict.fromkeys(_FIELDS, "")
        found: list[Text] = []
        for name, fields in (("BODY", known), ("HEADERS", known), ("SIGN", signable)):
            try:
                put_into(getattr(settings, f"SMS_GATEWAY_{name}"), fields)
            except RuleError as error:
                found.append(format_lazy("SMS_GATEWAY_{name}: {error}", name=name, error=error.text))
        return found

    @contextmanager
    def opened(self, clock: Clock) -> Iterator[Send]:
        """A connection for each request: one that was kept open could break with a message on it."""
        yield lambda message: self._send(message, clock())

    def _send(self, message: Message, at: datetime) -> Outcome:
        fields = request_fields(at, **message_fields(message))
        try:
            status, answer = call(
                settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_BODY, settings.SMS_GATEWAY_SIGN, fields
            )
        except NotReached as error:
            return Outcome(Result.NOT_SENT, str(error))
        except Broken as error:
            return Outcome(Result.UNKNOWN, str(error))
        return judged(status, answer)


def judged(status: int, answer: Any) -> Outcome:
    """What an answer means: taken, refused for good, busy, or nobody knows."""
    said = str(dug(answer, settings.SMS_GATEWAY_ERROR_FIELD) or "")
    error = f"HTTP {status} {said}".strip()
    if status in TRY_AGAIN:
        return Outcome(Result.NOT_SENT, error)
    if status >= 500:
        return Outcome(Result.UNKNOWN, error)
    if status >= 300:
        return Outcome(Result.REFUSED, error)
    if answer is None:
        return Outcome(Result.UNKNOWN, f"HTTP {status}, no JSON")
    found = str(dug(answer, settings.SMS_GATEWAY_OK_FIELD))
    if found in settings.SMS_GATEWAY_OK_VALUES:
        return Outcome(Result.SENT, gateway_id=str(dug(answer, settings.SMS_GATEWAY_ID_FIELD) or "")[:80])
    error = f"{settings.SMS_GATEWAY_OK_FIELD}={found} {said}".strip()
    return Outcome(Result.REFUSED if found in settings.SMS_GATEWAY_REFUSED_VALUES else Result.NOT_SENT, error)


_FIELDS = ("key", "secret", "timestamp", "timestamp_ms", "time", "nonce", "id", "phone", "phone_e164", "text")


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(
            host, port, timeout=settings.SMS_GATEWAY_TIMEOUT, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, port, timeout=settings.SMS_GATEWAY_TIMEOUT)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
