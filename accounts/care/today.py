"""What care puts on the workbench: birthdays of today and of the coming week, and those that are late."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.care.choices import CareStatus, Gift
from accounts.care.models import BirthdayCare
from accounts.care.wording import age_at, birthday_words, late_words, phone_url
from kam.core.contributions import Action, TodayRow, contribute
from kam.core.scoping import Reach, reach
from kam.people.choices import Role

AHEAD_DAYS = timedelta(days=7)
MOST = 60
"""Rows at most: a page is no list."""
SUPERVISORS = (Role.DIRECTOR, Role.CLERK)


@contribute("today")
def birthdays(user: Any, on: date) -> Iterator[TodayRow]:
    """The member's own cares up to a week ahead, and what was greeted today; for clerk and director what is late."""
    if reach(user, BirthdayCare, "view") is Reach.NONE:
        return
    rows = (
        BirthdayCare.objects.visible_to(user).select_related("contact", "account", "owner").order_by("falls_on", "pk")
    )
    open_rows = rows.still_open()
    if user.role in SUPERVISORS:
        wanted = rows.late(on) | open_rows.filter(owner__isnull=True, falls_on__lte=on + AHEAD_DAYS)
    else:
        greeted = rows.filter(status=CareStatus.DONE, greeted_at__date=on, owner=user)
        wanted = open_rows.filter(owner=user, falls_on__lte=on + AHEAD_DAYS) | greeted
    for care in wanted[:MOST]:
        yield _row(care, on, named=user.role in SUPERVISORS)


def _row(care: BirthdayCare, on: date, *, named: bool) -> TodayRow:
    late = (on - care.due_on).days if care.is_open else 0
    owner = str(care.owner or gettext("nobody")) if named else ""
    tone, text, icon = _status(care, late)
    return TodayRow(
        kind="birthday",
        kind_label=_("Birthdays"),
        icon="cake",
        title=_title(care),
        url=care.get_absolute_url(),
        meta=(_day_words(care.falls_on, on), str(care.account), care.contact.post, owner, _gifts(care)),
        status_tone=tone,
        status_text=text,
        status_icon=icon,
        due_on=care.due_on,
        actions=_actions(care, on),
        account_id=care.account_id,
        done_at=care.greeted_at if care.status == CareStatus.DONE else None,
    )


def _title(care: BirthdayCare) -> str:
    age, name = age_at(care), care.contact.name
    if age is None:
        return gettext("Birthday of %(name)s") % {"name": name}
    return gettext("%(name)s turns %(age)s") % {"name": name, "age": age}


def _status(care: BirthdayCare, late: int) -> tuple[str, str, str]:
    """Tone, word and icon: late, not reached, or the lunar day on which it is kept."""
    if late > 0:
        return "bad", late_words(late), "alert-circle"
    if care.status == CareStatus.NOT_REACHED:
        return "warn", str(care.get_status_display()), "clock"
    if care.calendar == "lunar":
        return "idle", birthday_words(care), "moon"
    return "", "", ""


def _gifts(care: BirthdayCare) -> str:
    wanted = Gift.WANTED in (care.flowers, care.card, care.mms)
    return gettext("gifts to be ordered") if wanted and care.is_open else care.gift_note


def _actions(care: BirthdayCare, on: date) -> tuple[Action, ...]:
    """On the day the call and the answer; before it what is to be done next."""
    if not care.is_open:
        return ()
    call = (Action(_("Call"), phone_url(care.contact.mobile), icon="phone"),) if care.contact.mobile else ()
    if care.falls_on <= on:
        return (*call, Action(_("Note the answer"), care.get_absolute_url(), icon="check"))
    if care.status == CareStatus.PLANNED:
        return (*call, Action(_("Verify"), care.get_absolute_url(), icon="checklist"))
    return call


def _day_words(day: date, on: date) -> str:
    if day == on:
        return gettext("today")
    if day == on + timedelta(days=1):
        return gettext("tomorrow")
    return f"{day:%m-%d} {date_format(day, 'l')}"
