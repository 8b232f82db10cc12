"""Reads of care: whose birthdays fall on which days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet

from accounts.choices import AccountStatus
from accounts.models import Contact
from accounts.rules.birthdays import Birthday, kept_between

LIVE = (AccountStatus.PROSPECT, AccountStatus.ACTIVE)
"""Clients whose people are cared for: neither suspended nor ended."""
BLOCK = 500
PARTS = tuple(f"birthday_{part}" for part in ("calendar", "month", "day", "leap"))


@dataclass(frozen=True)
class Occasion:
    """A birthday that is kept on a day, and who looks after the person."""

    date: date
    calendar: str
    account: str
    contact: str
    owner: str


def has_birthday(birthdays: Iterable[Birthday]) -> Q:
    """Contacts with one of these birthdays, whatever the year of birth: one condition a month, not one a day."""

    def month_of(birthday: Birthday) -> tuple[str, bool, int]:
        return birthday.calendar, birthday.leap, birthday.month

    found = Q(pk__in=[])
    for (calendar, leap, month), same in groupby(sorted(birthdays, key=month_of), key=month_of):
        days = [birthday.day for birthday in same]
        found |= Q(birthday_calendar=calendar, birthday_leap=leap, birthday_month=month, birthday_day__in=days)
    return found


def in_blocks(rows: QuerySet[Any], size: int = BLOCK) -> Iterator[list[Any]]:
    """The rows in order of their keys, read anew a block at a time, so that neither memory nor a cursor is held."""
    last = 0
    while block := list(rows.order_by("pk").filter(pk__gt=last)[:size]):
        yield block
        last = block[-1].pk


def occasions(first: date, last: date) -> list[Occasion]:
    """Birthdays of live clients' people from `first` to `last`, in order of date, client and person."""
    kept = kept_between(first, last)
    live = Contact.objects.for_system().filter(has_birthday(kept), account__status__in=LIVE, left_on__isnull=True)
    rows = live.values_list(*PARTS, "account__name", "name", "account__owner__full_name")
    found = [
        Occasion(kept[Birthday(*birthday)], birthday[0], account, contact, owner or "")
        for *birthday, account, contact, owner in rows
    ]
    return sorted(found, key=lambda row: (row.date, row.account, row.contact))
