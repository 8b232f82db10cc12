"""What the pages of care show, ready to be drawn."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.care.choices import CareStatus, Checked, Gift
from accounts.care.models import BirthdayCare
from accounts.care.rules import Month
from accounts.care.wording import TONES, WAY_ICONS, age_at, birthday_words, late_words
from accounts.models import Account
from accounts.rules.birthdays import Birthday, lunar_day_of, write_birthday
from accounts.rules.phones import format_phone
from kam.core.calendar import is_working_day
from kam.core.contributions import TimelineEvent
from kam.core.scoping import allowed
from kam.core.states import Transition
from kam.core.words import days_away

EARLIER = 8
"""Earlier cares shown beside a care."""
WEEK_DAYS = 7


@dataclass(frozen=True)
class Fact:
    """One fact of a person as it is to be verified; a missing one says so."""

    key: str
    label: str
    value: str
    missing: bool
    checked: str = ""


@dataclass(frozen=True)
class Line:
    """A care as the lists within pages draw it."""

    care: BirthdayCare
    words: str
    age: int | None
    phone: str
    tone: str
    state: str
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """One day of the month's calendar."""

    date: date
    in_month: bool
    is_today: bool
    is_worked: bool
    lunar: str
    cares: list[Line]


def line_of(care: BirthdayCare, on: date, *, with_facts: bool = False) -> Line:
    """A care with its words, in the language of the page."""
    person = care.contact
    late = (on - care.due_on).days if care.is_open else 0
    return Line(
        care=care,
        words=birthday_words(care),
        age=age_at(care),
        phone=format_phone(person.mobile) if person.mobile else "",
        tone="bad" if late > 0 else TONES[CareStatus(care.status)],
        state=late_words(late) if late > 0 else str(care.get_status_display()),
        facts=facts_of(care) if with_facts else [],
    )


def facts_of(care: BirthdayCare) -> list[Fact]:
    """Name, sex, calendar and date, address: what is verified on Mondays (P4)."""
    person, words = care.contact, birthday_words(care)
    if person.birthday_year and words:
        words = _("%(birthday)s, born %(year)s") % {"birthday": words, "year": person.birthday_year}
    values = (
        ("name", pgettext("of a person", "Name"), person.name),
        ("gender", _("Gender"), str(person.get_gender_display()) if person.gender else ""),
        ("birthday", _("Birthday"), words),
        ("address", _("Address"), person.address),
    )
    return [Fact(key, label, value or _("missing"), not value, _checked(care, key)) for key, label, value in values]


def _checked(care: BirthdayCare, key: str) -> str:
    found = care.verified_fields.get(key, "")
    return str(Checked(found).label) if found in Checked.values else ""


def week_to_verify(user: Any, first: date, last: date) -> tuple[list[Line], list[Line]]:
    """Open cares of the week: those to be verified, and those verified since Monday; the own ones first."""
    rows = BirthdayCare.objects.visible_to(user).still_open().filter(falls_on__gte=first, falls_on__lte=last)
    found = sorted(
        rows.select_related("contact", "account", "owner", "verified_by").order_by("falls_on", "pk"),
        key=lambda care: care.owner_id != user.pk,
    )
    may = set(_changeable(found, user))
    lines = [line_of(care, first, with_facts=True) for care in found if care.pk in may]
    monday = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    verified = [line for line in lines if line.care.verified_at and line.care.verified_at >= monday]
    return [line for line in lines if line not in verified], verified


def _changeable(cares: Iterable[BirthdayCare], user: Any) -> Iterable[int]:
    keys = [care.pk for care in cares]
    return BirthdayCare.objects.visible_to(user, "change").filter(pk__in=keys).values_list("pk", flat=True)


def calendar_weeks(user: Any, month: Month, *, on: date) -> list[list[Day]]:
    """The weeks that the month touches, Monday first, with what `user` sees; one query."""
    start = month.first - timedelta(days=month.first.weekday())
    end = month.last + timedelta(days=WEEK_DAYS - 1 - month.last.weekday())
    rows = BirthdayCare.objects.visible_to(user).filter(falls_on__gte=month.first, falls_on__lte=month.last)
    by_day: dict[date, list[Line]] = {}
    for care in rows.exclude(status=CareStatus.SKIPPED).select_related("contact", "account", "owner"):
        by_day.setdefault(care.falls_on, []).append(line_of(care, on))
    days = [
        Day(
            date=day,
            in_month=day.month == month.first.month,
            is_today=day == on,
            is_worked=is_working_day(day),
            lunar=_lunar_words(day) if month.first <= day <= month.last else "",
            cares=by_day.get(day, []),
        )
        for day in (start + timedelta(days=number) for number in range((end - start).days + 1))
    ]
    return [days[at : at + WEEK_DAYS] for at in range(0, len(days), WEEK_DAYS)]


def _lunar_words(day: date) -> str:
    """The lunar day as calendars print it: the month on its first day, otherwise the day alone."""
    month, number, leap = lunar_day_of(day)
    words = write_birthday(Birthday("lunar", month, number, leap=leap), get_language() or "")
    if not (get_language() or "").startswith("zh"):
        return words.removeprefix("lunar ")
    whole = words.removeprefix("农历")
    return whole.partition("月")[0] + "月" if number == 1 else whole.partition("月")[2]


def care_page(care: BirthdayCare, user: Any, *, on: date) -> dict[str, Any]:
    """Everything on a care's page: the person, the steps, what happened, earlier birthdays."""
    line = line_of(care, on, with_facts=True)
    return {
        "care": care,
        "line": line,
        "day_words": f"{care.falls_on:%Y-%m-%d} {date_format(care.falls_on, 'l')}",
        "away": days_away((care.falls_on - on).days),
        "steps": _steps(care),
        "gifts": _gifts(care),
        "way_icon": WAY_ICONS[care.way],  # type: ignore[index]
        "events": care_events(care),
        "earlier": _earlier(care, user, on),
        "may_correct": allowed(user, care.contact, "change"),
    }


def _steps(care: BirthdayCare) -> list[dict[str, str]]:
    """Verify, prepare, greet, answer: what is done, and what comes next."""
    if care.status == CareStatus.SKIPPED:
        return []
    done = care.status == CareStatus.DONE
    ready = care.status in (CareStatus.PREPARED, CareStatus.NOT_REACHED, CareStatus.DONE)
    steps = (
        (_("Verify"), care.verified_at is not None),
        (_("Prepare"), ready),
        (_("Greet"), care.greeted_at is not None),
        (pgettext("of a greeting", "Answer"), done),
    )
    upcoming = next((place for place, (_word, is_done) in enumerate(steps) if not is_done), None)
    return [
        {"word": word, "state": "ok" if is_done else "now" if place == upcoming else ""}
        for place, (word, is_done) in enumerate(steps)
    ]


def _gifts(care: BirthdayCare) -> list[dict[str, str]]:
    tones = {Gift.WANTED: "warn", Gift.READY: "ok"}
    return [
        {"label": label, "word": str(Gift(value).label), "tone": tones[Gift(value)]}
        for label, value in ((_("Flowers"), care.flowers), (_("Card"), care.card), (_("MMS"), care.mms))
        if value != Gift.NONE
    ]


def care_events(care: BirthdayCare) -> list[TimelineEvent]:
    """How the care went on: each move with who and when, newest first, and the SMS."""
    content_type = ContentType.objects.get_for_model(BirthdayCare)
    moves = Transition.objects.filter(content_type=content_type, object_id=care.pk).select_related("actor")
    events = [
        TimelineEvent(
            at=move.created_at,
            who=str(move.actor or _("System")),
            text=_("%(old)s → %(new)s") % {"old": CareStatus(move.old).label, "new": CareStatus(move.new).label},
            quote=care.said if move.new == CareStatus.DONE else move.reason,
            tone="ok" if move.new == CareStatus.DONE else "",
        )
        for move in moves
    ]
    if care.sms_at:
        events.append(TimelineEvent(at=care.sms_at, who=str(_("System")), text=_("Greeting SMS written")))
    events.append(TimelineEvent(at=care.created_at, who=str(_("System")), text=_("Came up")))
    return sorted(events, key=lambda event: event.at, reverse=True)


def _earlier(care: BirthdayCare, user: Any, on: date) -> list[Line]:
    rows = BirthdayCare.objects.visible_to(user).filter(contact=care.contact_id).exclude(pk=care.pk)
    return [
        line_of(row, on) for row in rows.select_related("contact", "account").order_by("-falls_on", "-pk")[:EARLIER]
    ]


def cares_of_client(account: Account, user: Any, *, on: date) -> dict[str, Any]:
    """Cares of a client's people: what is open, in order of date, and what is over, the newest first."""
    rows = BirthdayCare.objects.visible_to(user).filter(account=account).select_related("contact", "account", "owner")
    return {
        "coming": [line_of(care, on) for care in rows.still_open().order_by("falls_on", "pk")[:50]],
        "over": [
            line_of(care, on)
            for care in rows.filter(status__in=(CareStatus.DONE, CareStatus.SKIPPED)).order_by("-falls_on", "-pk")[:20]
        ],
        "list_url": reverse("care:month"),
    }
