"""Rows of today as the to-do list draws them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kam.core.contributions import TodayRow
from kam.desk.rules import Group, is_late

DOT = format_html('<span class="dot">{}</span>', "·")
TONES = ("bad", "warn", "info")


def todo_groups(groups: Sequence[Group], on: date) -> list[dict[str, Any]]:
    """Groups of the day as context of `_todo.html`; the first row with figures is open and asks first."""
    rows = [row for group in groups for row in group.items]
    opened = next((row for row in rows if row.figures and row.done_at is None), None)
    return [
        {"title": group.title, "items": [todo_item(row, on, is_open=row is opened) for row in group.items]}
        for group in groups
    ]


def todo_item(row: TodayRow, on: date, *, is_open: bool) -> dict[str, Any]:
    """One row as `_todo.html` wants it."""
    late = is_late(row, on)
    tone = row.status_tone or ("bad" if late else "")
    return {
        "icon": row.icon,
        "tone": "info" if row.waits_for_me else tone if tone in TONES else "",
        "title": row.title,
        "url": row.url,
        "meta": _joined(row),
        "status": {"tone": tone or "idle", "word": row.status_text, "icon": row.status_icon}
        if row.status_text
        else None,
        "actions": [replace(action, primary=row.choice is None) for action in row.actions] if is_open else row.actions,
        "figures": row.figures if is_open else (),
        "choice": row.choice if is_open else None,
        "done": row.done_at is not None,
        "open": is_open,
    }


def _joined(row: TodayRow) -> SafeString:
    return format_html_join(DOT, "{}", ((part,) for part in row.meta if part))
