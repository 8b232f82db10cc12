"""How a day is laid out: greeting, lunar date, groups and segments of rows. No clock, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rules.birthdays import Birthday, lunar_day_of, write_birthday
from kam.core.contributions import Text, TodayRow

WEEK = timedelta(days=7)
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)

GREETINGS: tuple[tuple[int, Text], ...] = (
    (5, _("Good night")),
    (11, _("Good morning")),
    (13, _("Good day")),
    (18, _("Good afternoon")),
    (24, _("Good evening")),
)
"""Up to which hour, exclusive, which greeting fits."""


def greeting(hour: int) -> Text:
    """The greeting for an hour of 0 to 23."""
    return next(words for until, words in GREETINGS if hour < until)


def lunar_date(day: date, language: str) -> str:
    """The lunar date in words: 农历十月十五, lunar 10-15."""
    month, number, leap = lunar_day_of(day)
    return write_birthday(Birthday("lunar", month, number, leap=leap), language)


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    title: Text
    items: Sequence[TodayRow]


@dataclass(frozen=True)
class Segment:
    """One kind of rows and how many there are; the first one stands for all."""

    key: str
    title: Text
    count: int
    current: bool


def is_late(row: TodayRow, on: date) -> bool:
    """Overdue by its own rule, or by its date."""
    return row.done_at is None and (row.late or (row.due_on is not None and row.due_on < on))


def groups(rows: Iterable[TodayRow], on: date, at_most: int = 1000) -> list[Group]:
    """Late first, then today, then the week ahead, then later; what is done closes the list. Empty groups are left out.

    Within a group the earliest comes first; a row without a date counts as today's. Of open rows only the first
    `at_most` are taken.
    """
    late: list[TodayRow] = []
    due: list[TodayRow] = []
    week: list[TodayRow] = []
    later: list[TodayRow] = []
    done: list[TodayRow] = []
    for row in rows:
        if row.done_at is not None:
            done.append(row)
        elif is_late(row, on):
            late.append(row)
        elif row.due_on is None or row.due_on <= on:
            due.append(row)
        else:
            (week if row.due_on <= on + WEEK else later).append(row)
    for found in (late, due, week, later):
        found.sort(key=lambda row: row.due_on or on)
        del found[max(0, at_most) :]
        at_most -= len(found)
    done.sort(key=lambda row: row.done_at or LONG_AGO, reverse=True)
    named = (
        Group(_("First: already late"), late),
        Group(pgettext_lazy("heading", "Today"), due),
        Group(_("This week"), week),
        Group(_("Later"), later),
        Group(_("Done today"), done),
    )
    return [group for group in named if group.items]


def segments(rows: Sequence[TodayRow], chosen: str) -> list[Segment]:
    """Kinds of rows in order of appearance with how many are open, headed by all of them."""
    still = [row for row in rows if row.done_at is None]
    kinds = {row.kind: row.kind_label for row in still}
    counted = [
        Segment(kind, label, sum(row.kind == kind for row in still), kind == chosen) for kind, label in kinds.items()
    ]
    return [Segment("", _("All"), len(still), chosen not in kinds), *counted]
