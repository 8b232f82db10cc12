"""What members are told: the month's list, the week to verify, the birthdays of the day, what is late."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.care import messages
from accounts.care.choices import CareStatus, GreetingWay
from accounts.care.models import BirthdayCare
from accounts.care.sheet import HEADINGS, month_file
from accounts.care.wording import short_line
from kam.core.services import export_record
from kam.core.words import listed
from kam.outbox.models import Notice
from kam.outbox.services import File, message_send
from kam.people.choices import Role
from kam.people.models import Member

Renew = Callable[[], None]
MOST_LINES = 60
"""Birthdays named in the text of a mail; the workbook holds them all."""
MOST_NAMES = 3
BY_WAY = {
    GreetingWay.CALL: _("%(person)s (%(client)s) has a birthday today: please call."),
    GreetingWay.VISIT: _("%(person)s (%(client)s) has a birthday today: a visit is arranged."),
    GreetingWay.SMS: _("%(person)s (%(client)s) has a birthday today: please call, the SMS could not be sent."),
}
MISSED = _("%(person)s (%(client)s) had a birthday on %(day)s and was not greeted: please call now.")
NOT_YET = _("%(person)s (%(client)s) has a birthday and was not greeted yet: please call.")


def month_list_send(*, first: date, last: date, at: datetime, actor: Any, renew: Renew = lambda: None) -> int:
    """Send the birthdays from `first` to `last`, a month, to director, clerks and owners with a workbook each.

    Returns how many members were told now; a second time nobody is.
    """
    cares = _shown().filter(falls_on__gte=first, falls_on__lte=last)
    if not cares.exists():
        return 0
    month, on, told = f"{first:%Y-%m}", timezone.localdate(at), 0
    known = _told_of_month(month)
    files: dict[str, File] = {}
    for member in _supervisors(on).exclude(pk__in=known):
        if member.language not in files:
            files[member.language] = month_file(cares.iterator(chunk_size=500), month, member.language)
        told += _tell_month(member, cares, month, files[member.language], at)
        renew()
    for owner in _owners(cares):
        if owner.pk not in known and owner.role not in (Role.DIRECTOR, Role.CLERK):
            own = cares.filter(owner=owner)
            told += _tell_month(owner, own, month, month_file(own, month, owner.language), at)
            renew()
    return told


def _told_of_month(month: str) -> set[int]:
    """Members who have the list already: a run that is taken up again writes no workbook for them."""
    rows = Notice.objects.for_system().filter(kind=messages.MONTH.code, key=f"care.month:{month}")
    return set(rows.values_list("recipient_id", flat=True))


@transaction.atomic
def _tell_month(member: Member, cares: QuerySet[BirthdayCare], month: str, file: File, at: datetime) -> bool:
    count = cares.count()
    new = message_send(
        kind=messages.MONTH,
        recipient=member,
        key=f"care.month:{month}",
        text=_("%(count)s birthdays in %(month)s: please verify them and order flowers and cards in time."),
        params={"count": count, "month": month},
        lines=_lines(cares),
        url=f"{reverse('care:month')}?month={month}",
        attachments=[file],
        at=at,
    )
    if new:
        export_record(
            page="care.birthdaycare",
            title=file.name,
            query=f"month={month}",
            columns=[str(heading) for heading in HEADINGS],
            file_format="xlsx",
            rows=count,
            actor=member,
        )
    return new


def week_send(*, first: date, last: date, at: datetime, actor: Any) -> int:
    """Put the birthdays of the week before their owners to be verified; returns how many were told now."""
    cares = _shown().filter(falls_on__gte=first, falls_on__lte=last)
    return sum(_tell_week(owner, cares.filter(owner=owner), first, at) for owner in _owners(cares))


@transaction.atomic
def _tell_week(owner: Member, cares: QuerySet[BirthdayCare], first: date, at: datetime) -> bool:
    count = cares.count()
    return message_send(
        kind=messages.WEEK,
        recipient=owner,
        key=f"care.week:{first}",
        text=ngettext_lazy(
            "%(count)s birthday this week, %(names)s: please verify name, calendar, date and address.",
            "%(count)s birthdays this week, %(names)s: please verify name, calendar, date and address.",
            count,
        ),
        params={"count": count, "names": _names(cares)},
        lines=_lines(cares),
        url=reverse("care:recheck"),
        at=at,
    )


def tell_of_birthday(*, care: BirthdayCare, on: date, at: datetime) -> bool:
    """Ask the owner to greet, in the caller's transaction: on the day, or late when `on` is past.

    Without an owner the clerks are asked. Returns whether anybody was told now.
    """
    late = timezone.localdate(at) > on
    text = MISSED if late else BY_WAY[GreetingWay(care.way)]
    key = f"care.today:{care.pk}:{care.falls_on}"
    return sum(_tell_of(care, member, text, key, at) for member in _asked(care, at)) > 0


def overdue_send(*, on: date, at: datetime, actor: Any) -> int:
    """Name what was not done by the afternoon of `on`: to the owner, then to clerks and director.

    Returns how many cares are late.
    """
    due = Q(falls_on=on) & ~Q(status=CareStatus.NOT_REACHED) | Q(status=CareStatus.NOT_REACHED, again_on__lte=on)
    late = _shown().filter(due)
    for care in late.iterator(chunk_size=500):
        with transaction.atomic():
            for member in _asked(care, at):
                _tell_of(care, member, NOT_YET, f"care.overdue:{care.pk}:{on}", at, kind=messages.OVERDUE)
    count = late.count()
    for member in _supervisors(timezone.localdate(at)) if count else ():
        with transaction.atomic():
            _tell_supervisor(member, late, count, on, at)
    return count


def _tell_supervisor(member: Member, late: QuerySet[BirthdayCare], count: int, on: date, at: datetime) -> None:
    message_send(
        kind=messages.OVERDUE,
        recipient=member,
        key=f"care.overdue:{on}",
        text=ngettext_lazy(
            "%(count)s birthday was not greeted by the afternoon of %(day)s: %(names)s.",
            "%(count)s birthdays were not greeted by the afternoon of %(day)s: %(names)s.",
            count,
        ),
        params={"count": count, "day": on.isoformat(), "names": _names(late)},
        lines=_lines(late, with_owner=True),
        url=f"{reverse('care:month')}?due=today",
        at=at,
    )


def _tell_of(care: BirthdayCare, member: Member, text: Any, key: str, at: datetime, kind: Any = messages.TODAY) -> bool:
    return message_send(
        kind=kind,
        recipient=member,
        key=key,
        text=text,
        params={"person": care.contact.name, "client": str(care.account), "day": care.falls_on.isoformat()},
        url=care.get_absolute_url(),
        account_id=care.account_id,
        at=at,
    )


def _shown() -> QuerySet[BirthdayCare]:
    rows = BirthdayCare.objects.for_system().still_open().select_related("contact__account", "account", "owner")
    return rows.order_by("falls_on", "pk")


def _supervisors(on: date) -> QuerySet[Member]:
    return Member.objects.for_system().present(on).filter(role__in=(Role.DIRECTOR, Role.CLERK)).order_by("pk")


def _owners(cares: QuerySet[BirthdayCare]) -> Iterable[Member]:
    return Member.objects.for_system().filter(pk__in=cares.order_by().values("owner")).order_by("pk").iterator()


def _asked(care: BirthdayCare, at: datetime) -> Sequence[Member]:
    """Who is to greet: the owner, or the clerks where nobody looks after the client."""
    if care.owner is not None:
        return [care.owner]
    return [member for member in _supervisors(timezone.localdate(at)) if member.role == Role.CLERK]


def _names(cares: QuerySet[BirthdayCare]) -> str:
    names = list(cares.values_list("contact__name", flat=True)[: MOST_NAMES + 1])
    return listed([*names[:MOST_NAMES], *("…" for _more in names[MOST_NAMES:])])


def _lines(cares: QuerySet[BirthdayCare], *, with_owner: bool = False) -> Iterator[str]:
    for care in cares[:MOST_LINES]:
        yield f"{short_line(care)} · {care.owner or ''}" if with_owner else str(short_line(care))
