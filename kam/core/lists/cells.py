"""What a table cell or a card shows, as plain data that `kam.core.markup` draws.

Kinds: text · name (link, second line) · day (dates and other phrases that stay on one line; a dash when empty) ·
money · number · grade · status (tone, icon, word) · bar (percent). Dictionaries, because templates read those fastest:
a page draws some two hundred of them.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypedDict

from django.db import models
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import get_language

from kam.core.exceptions import Text

PLACEHOLDER = 987654321


class Cell(TypedDict, total=False):
    """One cell, or one fact of a card (`label`).

    `value` is ready to be read; `tone` is ok, warn, bad, info or idle; `percent` is 0-100; `sub` stands beside it.
    """

    kind: str
    label: Text
    value: Any
    url: str
    sub: str
    tone: str
    icon: str
    percent: float | None


class Card(TypedDict, total=False):
    """A row on a phone: a name with grade and status, one bar, and what is worth knowing."""

    title: str
    url: str
    grade: str
    sub: str
    status: Cell
    bar: Cell
    aside: Cell
    facts: list[Cell]


def row_url(url_name: str, pk: int) -> str:
    """`reverse(url_name, args=[pk])` for the many rows of a page, twenty times as fast."""
    before, after = _around_pk(url_name, get_script_prefix())
    return f"{before}{pk}{after}"


@lru_cache(maxsize=256)
def _around_pk(url_name: str, _prefix: str) -> tuple[str, str]:
    before, _, after = reverse(url_name, args=[PLACEHOLDER]).partition(str(PLACEHOLDER))
    return before, after


def text(value: str, sub: str = "", url: str = "") -> Cell:
    """Words that may wrap."""
    return {"kind": "text", "value": value, "sub": sub, "url": url}


def phrase(value: str | None) -> Cell:
    """A few words that stay on one line; a dash when there are none."""
    return {"kind": "day", "value": value or ""}


def name(value: str, url: str, sub: str = "") -> Cell:
    """The name that opens the row, with a second line under it."""
    return {"kind": "name", "value": value, "url": url, "sub": sub}


def day(value: date | datetime | None, tone: str = "", icon: str = "") -> Cell:
    """A date, or the local day of a moment, as 2026-11-23."""
    return {"kind": "day", "value": day_text(value), "tone": tone, "icon": icon}


def money(value: Decimal | None) -> Cell:
    """An amount in CNY."""
    return {"kind": "money", "value": money_text(value)}


def number(value: int | None) -> Cell:
    """A count; nothing is a dimmed zero."""
    return {"kind": "number", "value": value or 0}


def grade(value: str) -> Cell:
    """The grade of a client in its box."""
    return {"kind": "grade", "value": value}


def status(value: str, tone: str, icon: str = "") -> Cell:
    """A state: colour, icon and word."""
    return {"kind": "status", "value": value, "tone": tone, "icon": icon}


def bar(value: str, percent: float | None, tone: str, sub: str) -> Cell:
    """A filled bar under its figure; `sub` is read aloud."""
    return {"kind": "bar", "value": value, "percent": percent, "tone": tone, "sub": sub}


def day_text(value: date | datetime | None) -> str:
    """2026-11-23, empty for nothing."""
    if value is None:
        return ""
    return f"{timezone.localtime(value) if isinstance(value, datetime) else value:%Y-%m-%d}"


def moment_text(value: datetime | None) -> str:
    """2026-11-23 16:05 in local time, empty for nothing."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def money_text(value: Decimal | None) -> str:
    """1,234,567.89, empty for nothing."""
    return "" if value is None else f"{value:,.2f}"


def word(choices: type[models.TextChoices], value: str) -> str:
    """The label of a stored choice in the language of the page; empty for an empty value, itself when unknown."""
    return _word(choices, value, get_language())


@lru_cache(maxsize=4096)
def _word(choices: type[models.TextChoices], value: str, _language: str | None) -> str:
    return str(choices(value).label) if value in choices.values else value
