"""What clients put on the workbench: birthdays of the coming week, shares that end."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import GrantSource
from accounts.models import Account, AccountGrant, Contact
from accounts.rules.birthdays import Birthday, lunar_day_of, next_birthday, write_birthday
from accounts.selectors import birthday_of
from kam.core.contributions import Action, TodayRow, contribute
from kam.core.scoping import Reach, permission_id, reach
from kam.people.choices import Role

AHEAD_DAYS = 7
MOST = 60
"""Rows of one kind at most: a page is no list."""


@contribute("today")
def birthdays_ahead(user: Any, on: date) -> Iterator[TodayRow]:
    """Birthdays within `AHEAD_DAYS` of people at the manager's clients; the other roles care by lists."""
    if user.role != Role.MANAGER or reach(user, Contact, "view") is Reach.NONE:
        return
    people = Contact.objects.visible_to(user).filter(_kept_within(on), left_on__isnull=True)
    for contact in people.select_related("account").order_by("pk")[:MOST]:
        row = _birthday_row(contact, on)
        if row is not None:
            yield row


def _kept_within(on: date) -> Q:
    """Birthdays that may fall on the coming days, by month and day; the rule itself decides afterwards."""
    found = Q(birthday_calendar="solar", birthday_month=2, birthday_day=29)
    for days in range(AHEAD_DAYS + 1):
        day = on + timedelta(days=days)
        found |= Q(birthday_calendar="solar", birthday_month=day.month, birthday_day=day.day)
        month, number, _leap = lunar_day_of(day)
        numbers = [29, 30] if number == 29 else [number]
        found |= Q(birthday_calendar="lunar", birthday_month=month, birthday_day__in=numbers)
    return found


def _birthday_row(contact: Contact, on: date) -> TodayRow | None:
    birthday = birthday_of(contact)
    if birthday is None:
        return None
    due_on = next_birthday(birthday, on)
    if due_on > on + timedelta(days=AHEAD_DAYS):
        return None
    is_lunar = birthday.calendar == "lunar"
    yearless = Birthday(birthday.calendar, birthday.month, birthday.day, leap=birthday.leap)
    return TodayRow(
        kind="birthday",
        kind_label=_("Birthdays"),
        icon="cake",
        title=_birthday_title(contact.name, birthday.year, due_on),
        url=contact.account.get_absolute_url(),
        meta=(_day_words(due_on, on), str(contact.account), contact.post, contact.preferences),
        status_tone="idle" if is_lunar else "",
        status_text=write_birthday(yearless, get_language() or "") if is_lunar else "",
        status_icon="moon" if is_lunar else "",
        due_on=due_on,
        actions=(Action(_("Call"), f"tel:{contact.mobile}", icon="phone"),) if contact.mobile else (),
        account_id=contact.account_id,
    )


def _birthday_title(name: str, year: int | None, due_on: date) -> str:
    if year is None:
        return gettext("Birthday of %(name)s") % {"name": name}
    return gettext("%(name)s turns %(age)s") % {"name": name, "age": due_on.year - year}


def _day_words(day: date, on: date) -> str:
    if day == on:
        return gettext("today")
    if day == on + timedelta(days=1):
        return gettext("tomorrow")
    return f"{day:%m-%d} {date_format(day, 'l')}"


@contribute("today")
def shares_ending(user: Any, on: date) -> Iterable[TodayRow]:
    """Shares that end within `AHEAD_DAYS`: those the manager holds, and those of the manager's own clients."""
    if user.role != Role.MANAGER:
        return []
    grants = (
        AccountGrant.objects.visible_to(user)
        .filter(source=GrantSource.SHARE, permission_id=permission_id("view"))
        .filter(ends_on__gte=on, ends_on__lte=on + timedelta(days=AHEAD_DAYS))
    )
    return [_share_row(grant, user, on) for grant in grants.select_related("content_object", "user")[:MOST]]


def _share_row(grant: AccountGrant, user: Any, on: date) -> TodayRow:
    account: Account = grant.content_object
    ends_on: date = grant.ends_on or on
    days = (ends_on - on).days
    return TodayRow(
        kind="share",
        kind_label=_("Shares"),
        icon="share",
        title=gettext("Share of %(client)s ends") % {"client": account},
        url=account.get_absolute_url(),
        meta=(
            gettext("with you") if grant.user_id == user.pk else gettext("with %(name)s") % {"name": grant.user},
            gettext("until %(day)s") % {"day": f"{ends_on:%Y-%m-%d}"},
        ),
        status_tone="warn",
        status_text=ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
        if days
        else gettext("ends today"),
        status_icon="clock",
        due_on=ends_on,
        account_id=account.pk,
    )
