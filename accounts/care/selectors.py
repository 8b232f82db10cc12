"""Reads of care: whose birthdays fall on which days."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.care.choices import CareStatus
from accounts.care.models import BirthdayCare, is_late
from accounts.care.rules import Month
from accounts.choices import AccountStatus
from accounts.models import Contact
from accounts.rules.birthdays import Birthday, kept_between
from accounts.selectors import BIRTHDAY_FIELDS, birthday_of

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


def is_here(contact: Contact, on: date) -> bool:
    """Whether the person still works at the client on that day."""
    return contact.left_on is None or contact.left_on > on


def yearless_birthday(contact: Contact) -> Birthday | None:
    """The person's birthday without the year, as it is kept; None when it is not known."""
    birthday = birthday_of(*(getattr(contact, column) for column in BIRTHDAY_FIELDS))
    return None if birthday is None else replace(birthday, year=None)


def month_figures(user: Any, month: Month, *, on: date) -> list[dict[str, Any]]:
    """How far a month is, over what `user` sees: all, verified, prepared, greeted, late; one query."""
    rows = BirthdayCare.objects.visible_to(user).filter(falls_on__gte=month.first, falls_on__lte=month.last)
    cared = rows.exclude(status=CareStatus.SKIPPED)
    found = cared.aggregate(
        all=Count("pk"),
        verified=Count("pk", filter=Q(verified_at__isnull=False)),
        prepared=Count("pk", filter=Q(status__in=(CareStatus.PREPARED, CareStatus.NOT_REACHED, CareStatus.DONE))),
        greeted=Count("pk", filter=Q(status=CareStatus.DONE)),
        due=Count("pk", filter=Q(falls_on__lte=on)),
        late=Count("pk", filter=is_late(on)),
    )
    whole = {"measure": f"/ {found['all']}"}
    return [
        {"label": _("Birthdays"), "value": found["all"]},
        {"label": _("Verified"), "value": found["verified"], **whole},
        {"label": _("Prepared"), "value": found["prepared"], **whole},
        {"label": _("Greeted"), "value": found["greeted"], "measure": _("/ %(n)s due so far") % {"n": found["due"]}},
        {"label": pgettext("care", "Late"), "value": found["late"], "tone": "bad" if found["late"] else ""},
    ]


def care_began(on: date) -> date:
    """The day on which the first care was opened here; `on`, which is today, where there is none yet."""
    first = BirthdayCare.objects.for_system().order_by("pk").values_list("created_at", flat=True).first()
    return timezone.localdate(first) if first else on


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
