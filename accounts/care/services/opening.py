"""Cares open with the calendar, and follow their people while nobody has been greeted yet.

People are locked before their cares, here as in the services of the dossier, so that a birthday corrected at this very
moment is either read after the correction or followed by it: nobody gets a second care.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.care.carers import carer_of
from accounts.care.choices import CareStatus, Gift, LeftOut
from accounts.care.models import BirthdayCare
from accounts.care.rules import LATE, coming, date_in, default_gifts, prepare_by, too_soon
from accounts.care.selectors import BLOCK, LIVE, has_birthday, is_here, yearless_birthday
from accounts.models import Account, Contact
from accounts.rules.birthdays import Birthday, care_year, kept_between
from kam.core.calendar import today
from kam.core.history import record_save
from kam.core.states import move

Renew = Callable[[], None]
BY_ITSELF = (LeftOut.LEFT, LeftOut.SUSPENDED, LeftOut.CORRECTED)
"""Reasons that may pass again: the care then comes back."""


def cares_refresh(*, first: date, last: date, on: date, actor: Any, renew: Renew = lambda: None) -> int:
    """Make every open care agree with its person, then open what is missing from `first` to `last`.

    `on` is today. Returns how many cares were opened. Safe to run at any time, any number of times.
    """
    cares_follow(on=on, actor=actor, renew=renew)
    return cares_open(first=first, last=last, on=on, actor=actor, renew=renew)


def cares_open(
    *,
    first: date,
    last: date,
    on: date,
    actor: Any,
    people: QuerySet[Contact] | None = None,
    renew: Renew = lambda: None,
) -> int:
    """Open the cares of birthdays kept from `first` to `last`, of `people` or of everybody; returns how many are new.

    `on` is today: a birthday before it is opened only for people who were known by then. A birthday too soon after one
    that was kept is written down as left out. `actor` is None for the calendar itself.
    """
    if last < first:
        return 0
    kept = kept_between(first, last)
    everybody = Contact.objects.for_system() if people is None else people
    born = everybody.filter(has_birthday(kept), account__status__in=LIVE).order_by("pk")
    opened, after = 0, 0
    while True:
        with transaction.atomic():
            locked = born.select_related("account__owner", "account__deputy").select_for_update(of=("self",))
            block = list(locked.filter(pk__gt=after)[:BLOCK])
            opened += _open_block(block, kept, on)
        if len(block) < BLOCK:
            return opened
        after = block[-1].pk
        renew()


def _open_block(people: Sequence[Contact], kept: dict[Birthday, date], on: date) -> int:
    known: dict[int, list[BirthdayCare]] = {}
    for care in BirthdayCare.objects.for_system().filter(contact__in=people):
        known.setdefault(care.contact_id, []).append(care)
    fresh = []
    for person in people:
        birthday = yearless_birthday(person)
        if birthday is None or not is_here(person, kept[birthday]):
            continue
        day = kept[birthday]
        if day < min(on, timezone.localdate(person.created_at)):
            continue
        mine, year = known.get(person.pk, []), care_year(birthday, day)
        if not any((care.calendar, care.care_year) == (birthday.calendar, year) for care in mine):
            fresh.append(_new(person, birthday, day, year, soon=too_soon(day, _kept_dates(mine))))
    BirthdayCare.objects.for_system().bulk_create(fresh, ignore_conflicts=True)
    return sum(care.is_open for care in fresh)


def _new(person: Contact, birthday: Birthday, day: date, year: int, *, soon: bool) -> BirthdayCare:
    gifts = dict.fromkeys(default_gifts(person.account.grade), Gift.WANTED)
    return BirthdayCare(
        account=person.account,
        contact=person,
        calendar=birthday.calendar,
        care_year=year,
        falls_on=day,
        prepare_on=prepare_by(day),
        owner=carer_of(person.account, day),
        status=CareStatus.SKIPPED if soon else CareStatus.PLANNED,
        left_out=LeftOut.TOO_SOON if soon else "",
        **gifts,
    )


def _kept_dates(cares: Iterable[BirthdayCare]) -> list[date]:
    return [care.falls_on for care in cares if care.is_kept]


def cares_follow(*, on: date, actor: Any, people: QuerySet[Contact] | None = None, renew: Renew = lambda: None) -> int:
    """Let open cares, and those left out by themselves, agree with their people; returns how many changed.

    A birthday that was corrected moves its care, or ends it where the calendar is another one; a person who left and a
    client that is suspended are left out; a care goes to whoever looks after the client now.
    """
    waiting = Q(left_out__in=BY_ITSELF, falls_on__gte=on)
    cares = BirthdayCare.objects.for_system()
    rows = cares.still_open() | cares.filter(waiting, status=CareStatus.SKIPPED)
    if people is not None:
        rows = rows.filter(contact__in=people)
    changed, after = 0, 0
    while True:
        with transaction.atomic():
            block = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", "contact_id")[:BLOCK])
            changed += _follow_block(block, on, actor)
        if len(block) < BLOCK:
            return changed
        after = block[-1][0]
        renew()


def _follow_block(block: Sequence[tuple[int, int]], on: date, actor: Any) -> int:
    persons = sorted({contact_pk for _pk, contact_pk in block})
    list(Contact.objects.for_system().select_for_update().filter(pk__in=persons).order_by("pk"))
    rows = BirthdayCare.objects.for_system().filter(pk__in=[pk for pk, _contact in block]).order_by("pk")
    related = ("contact", "account__owner", "account__deputy", "owner")
    cares = list(rows.select_related(*related).select_for_update(of=("self",)))
    kept: dict[int, list[BirthdayCare]] = {}
    for care in BirthdayCare.objects.for_system().kept().filter(contact__in=persons):
        kept.setdefault(care.contact_id, []).append(care)
    return sum(
        _follow(care, _kept_dates(other for other in kept.get(care.contact_id, []) if other != care), on, actor)
        for care in cares
    )


def _follow(care: BirthdayCare, kept: list[date], on: date, actor: Any) -> bool:
    """Bring one locked care up to date; whether anything was changed."""
    why, day = _standing(care, kept, on)
    if care.is_open and why:
        move(care, CareStatus.SKIPPED, actor=actor, extra_fields={"left_out": why})
        return True
    if care.status == CareStatus.SKIPPED and why:
        return False
    values: dict[str, Any] = {"owner": carer_of(care.account, day)}
    if day != care.falls_on:
        values |= {"falls_on": day, "prepare_on": prepare_by(day), **_gifts_anew(care)}
    if care.status == CareStatus.SKIPPED or (day != care.falls_on and care.status != CareStatus.PLANNED):
        move(care, CareStatus.PLANNED, actor=actor, extra_fields={**values, "left_out": ""})
        return True
    changed = [name for name, value in values.items() if getattr(care, name) != value]
    for name in changed:
        setattr(care, name, values[name])
    if changed:
        record_save(care, [*changed, "updated_at"], actor=actor)
    return bool(changed)


def _standing(care: BirthdayCare, kept: list[date], on: date) -> tuple[LeftOut | None, date]:
    """Why the care is not to be given, if it is not, and the day on which it is."""
    if care.account.status not in LIVE:
        return LeftOut.SUSPENDED, care.falls_on
    if not is_here(care.contact, care.falls_on):
        return LeftOut.LEFT, care.falls_on
    if care.is_kept:
        return None, care.falls_on
    birthday = yearless_birthday(care.contact)
    if birthday is None or birthday.calendar != care.calendar:
        return LeftOut.CORRECTED, care.falls_on
    day = date_in(birthday, care.care_year)
    if day != care.falls_on and day < on - LATE:
        return LeftOut.CORRECTED, care.falls_on
    if too_soon(day, kept):
        return LeftOut.TOO_SOON, care.falls_on
    return None, day


def _gifts_anew(care: BirthdayCare) -> dict[str, str]:
    """Gifts that were ordered for another day are to be ordered again."""
    return {name: Gift.WANTED for name in ("flowers", "mms", "card") if getattr(care, name) == Gift.READY}


def people_changed(*, people: QuerySet[Contact], actor: Any) -> None:
    """Listener of the dossier: cares of these people are right before the change is committed."""
    on = today()
    cares_follow(on=on, actor=actor, people=people)
    first, last = coming(on)
    cares_open(first=first, last=last, on=on, actor=actor, people=people)


def client_changed(*, account: Account, actor: Any) -> None:
    """Listener of the dossier: open cares of a client go to whoever looks after it now, or end with it.

    People are not read here: what changed about them, and a client that comes back, is seen by `cares_follow`.
    """
    rows = BirthdayCare.objects.for_system().still_open().filter(account=account)
    for care in rows.select_related("owner").select_for_update(of=("self",)):
        if account.status not in LIVE:
            why = LeftOut.SUSPENDED
            move(care, CareStatus.SKIPPED, actor=actor, extra_fields={"left_out": why})
        elif (carer := carer_of(account, care.falls_on)) != care.owner:
            care.owner = carer
            record_save(care, ["owner", "updated_at"], actor=actor)
