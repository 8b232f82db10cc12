"""Asking the gateway what became of the SMS that it took."""

from datetime import datetime
from typing import Any

from django.conf import settings

from kam.outbox.channels.gateway import call, dug, request_fields
from kam.outbox.services.reports import Report


class NoReports(Exception):
    """The gateway did not answer with a list of reports."""


def is_set_up() -> bool:
    """Whether there is an address to ask."""
    return settings.SMS_BACKEND == "gateway" and bool(settings.SMS_REPORTS_URL)


def fetch(at: datetime) -> list[Report]:
    """The gateway's new reports; those of messages still under way are left out.

    Raises `NoReports`, `NotReached` and `Broken`.
    """
    status, answer = call(
        settings.SMS_REPORTS_URL, settings.SMS_REPORTS_BODY, settings.SMS_REPORTS_SIGN, request_fields(at)
    )
    rows = dug(answer, settings.SMS_REPORTS_LIST)
    if status != 200 or not isinstance(rows, list):
        raise NoReports(f"HTTP {status}")
    return [
        Report(
            gateway_id=_word(row, settings.SMS_REPORTS_ID_FIELD),
            own_id=_word(row, settings.SMS_REPORTS_OWN_ID_FIELD),
            delivered=_word(row, settings.SMS_REPORTS_STATE_FIELD) in settings.SMS_REPORTS_DELIVERED_VALUES,
        )
        for row in rows
        if _word(row, settings.SMS_REPORTS_STATE_FIELD) not in ("", *settings.SMS_REPORTS_WAITING_VALUES)
    ]


def _word(row: Any, path: str) -> str:
    value = dug(row, path)
    return "" if value is None or value == row else str(value)
