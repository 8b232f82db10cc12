"""What clients put on the workbench: birthdays of the coming week, shares that end."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import GrantSource
from accounts.models import AccountGrant, Contact
from accounts.rules.birthdays import Birthday, lunar_day_of, next_birthday, write_birthday
from accounts.selectors import BIRTHDAY_FIELDS, birthday_of
from kam.core.contributions import Action, TodayRow, contribute
from kam.core.lists.cells import row_url
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
    people = Contact.objects.visible_to(user).filter(_kept_within(on), left_on__isnull=True).order_by("pk")
    columns = ("name", "post", "preferences", "mobile", "account", "account__name", "account__short_name")
    for contact in people.values(*columns, *BIRTHDAY_FIELDS)[:MOST]:
        row = _birthday_row(contact, on)
        if row is not None:
            yield row


def _kept_within(on: date) -> Q:
    """Birthdays that may fall on the coming days, by month and day; the rule itself decides afterwards."""
    kept: dict[tuple[str, int], set[int]] = {("solar", 2): {29}}
    for days in range(AHEAD_DAYS + 1):
        day = on + timedelta(days=days)
        kept.setdefault(("solar", day.month), set()).add(day.day)
        month, number, _leap = lunar_day_of(day)
        kept.setdefault(("lunar", month), set()).update({29, 30} if number == 29 else {number})
    found = Q()
    for (calendar, month), numbers in kept.items():
        found |= Q(birthday_calendar=calendar, birthday_month=month, birthday_day__in=numbers)
    return found


def _birthday_row(contact: dict[str, Any], on: date) -> TodayRow | None:
    birthday = birthday_of(*(contact[column] for column in BIRTHDAY_FIELDS))
    if birthday is None:
        return None
    due_on = next_birthday(birthday, on)
    if due_on > on + timedelta(days=AHEAD_DAYS):
        return None
    is_lunar = birthday.calendar == "lunar"
    yearless = Birthday(birthday.calendar, birthday.month, birthday.day, leap=birthday.leap)
    client = contact["account__short_name"] or contact["account__name"]
    return TodayRow(
        kind="birthday",
        kind_label=_("Birthdays"),
        icon="cake",
        title=_birthday_title(contact["name"], birthday.year, due_on),
        url=row_url("accounts:account_detail", contact["account"]),
        meta=(_day_words(due_on, on), client, contact["post"], contact["preferences"]),
        status_tone="idle" if is_lunar else "",
        status_text=write_birthday(yearless, get_language() or "") if is_lunar else "",
        status_icon="moon" if is_lunar else "",
        due_on=due_on,
        actions=(Action(_("Call"), f"tel:{contact['mobile']}", icon="phone"),) if contact["mobile"] else (),
        account_id=contact["account"],
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
    columns = ("content_object", "content_object__name", "content_object__short_name", "user", "user__full_name")
    return [_share_row(row, user, on) for row in grants.values(*columns, "ends_on")[:MOST]]


def _share_row(grant: dict[str, Any], user: Any, on: date) -> TodayRow:
    ends_on: date = grant["ends_on"]
    days = (ends_on - on).days
    client = grant["content_object__short_name"] or grant["content_object__name"]
    with_whom = gettext("with you") if grant["user"] == user.pk else gettext("with %(name)s")
    return TodayRow(
        kind="share",
        kind_label=_("Shares"),
        icon="share",
        title=gettext("Share of %(client)s ends") % {"client": client},
        url=row_url("accounts:account_detail", grant["content_object"]),
        meta=(
            with_whom % {"name": grant["user__full_name"]},
            gettext("until %(day)s") % {"day": f"{ends_on:%Y-%m-%d}"},
        ),
        status_tone="warn",
        status_text=ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
        if days
        else gettext("ends today"),
        status_icon="clock",
        due_on=ends_on,
        account_id=grant["content_object"],
    )
