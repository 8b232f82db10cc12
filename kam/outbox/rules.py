"""Rules of messages: parts and signature of an SMS, quiet hours, back-off, personal fields. Pure functions."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import RuleError
from kam.core.words import listed

SINGLE_PART = 70
"""Characters of an SMS that goes out in one part."""
LONG_PART = 67
"""Characters of each part of a longer one."""
SMS_FROM, SMS_UNTIL = time(8), time(21)
"""SMS leave between these hours only."""
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
"""How long to wait after each failed attempt; after the one behind the last wait a message has failed."""

_FIELD = re.compile(r"\{([^{}]*)\}")


def sms_parts(text: str) -> int:
    """In how many parts an SMS of this text, signature included, is charged. A character outside the BMP counts two."""
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= SINGLE_PART else -(-length // LONG_PART)


def signed(text: str, signature: str, *, first: bool) -> str:
    """The text with the signature 【…】 before or behind it; one that stands there already is not set twice."""
    mark = f"【{signature.strip('【】')}】"
    if not signature or mark in text:
        return text
    return f"{mark}{text}" if first else f"{text}{mark}"


def next_sms_time(moment: datetime, zone: tzinfo) -> datetime:
    """That moment if an SMS may leave then, otherwise the next 08:00 in `zone`."""
    local = moment.astimezone(zone)
    if SMS_FROM <= local.time() < SMS_UNTIL:
        return moment
    day = local if local.time() < SMS_FROM else local + timedelta(days=1)
    return day.replace(hour=SMS_FROM.hour, minute=0, second=0, microsecond=0)


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """When to try again after that many attempts; None when it has been tried often enough."""
    return at + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def filled(template: str, fields: Mapping[str, str]) -> str:
    """A template with its personal fields `{name}` filled in.

    `RuleError` for a field that does not exist, with those that do.
    """
    for name in _FIELD.findall(template):
        if name not in fields:
            raise RuleError(
                format_lazy(_("There is no field “{field}”."), field=name),
                format_lazy(_("Fields are: {fields}."), fields=listed(f"{{{known}}}" for known in fields)),
            )
    return _FIELD.sub(lambda found: fields[found.group(1)], template)
