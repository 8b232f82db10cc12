"""What is done in a care: verify, prepare, greet, leave out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.care.choices import CareStatus, Checked, Gift, GreetingWay, LeftOut, Reaction
from accounts.care.models import BirthdayCare
from accounts.choices import Consent
from accounts.services import contact_change
from accounts.services.checks import must_be_allowed
from kam.core.exceptions import ChangedMeanwhile, DomainError, FieldErrors, Text
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.core.plain import clean_text
from kam.core.states import move
from kam.people.models import Member

FACTS = {
    "name": ("name",),
    "gender": ("gender",),
    "birthday": ("birthday_calendar", "birthday_year", "birthday_month", "birthday_day", "birthday_leap"),
    "address": ("address",),
}
"""What is asked on Mondays (P4): name, sex, calendar and date of birth, address; with the columns of each."""

GIFTS = ("flowers", "card", "mms")
PREPARED = ("way", *GIFTS, "gift_note")
LONGEST_SAID = 300
LONGEST_NOTE = 200
LONGEST_GIFT_NOTE = 120


@transaction.atomic
def care_verify(*, care_pk: int, actor: Member | None, at: datetime) -> BirthdayCare:
    """All facts of the person are right. Raises `ChangedMeanwhile`, `NotAllowed`."""
    return _verified(_lock(care_pk, actor), dict.fromkeys(FACTS, Checked.RIGHT.value), actor, at)


@transaction.atomic
def care_correct(
    *, care_pk: int, actor: Member | None, at: datetime, data: Mapping[str, Any], version: int
) -> BirthdayCare:
    """Correct facts of the person; the others are right. Returns the care that stands now.

    With another calendar or date the care moves, or another one takes its place; nobody gets two. `version` is the
    person's. Raises `FieldErrors`, `EditConflict`, `ChangedMeanwhile`, `NotAllowed`.
    """
    seen = BirthdayCare.objects.for_system().get(pk=care_pk)
    must_be_allowed(seen, actor, "change")
    _person, edited = contact_change(contact_pk=seen.contact_id, actor=actor, data=data, version=version)
    checked = {
        fact: (Checked.CORRECTED if set(columns) & set(edited.written) else Checked.RIGHT).value
        for fact, columns in FACTS.items()
    }
    care = lock_row(BirthdayCare, care_pk)
    if not care.is_open:
        standing = BirthdayCare.objects.for_system().still_open().filter(contact=seen.contact_id).first()
        if standing is None:
            return care
        care = lock_row(BirthdayCare, standing.pk)
    return _verified(care, checked, actor, at)


def _verified(care: BirthdayCare, checked: dict[str, str], actor: Member | None, at: datetime) -> BirthdayCare:
    _must_be_open(care)
    values = {"verified_by": actor, "verified_at": at, "verified_fields": checked}
    if care.status == CareStatus.PLANNED:
        to = CareStatus.VERIFIED if _to_order(care) else CareStatus.PREPARED
        return move(care, to, actor=actor, extra_fields=values)
    return _keep(care, values, actor)


@transaction.atomic
def care_prepare(
    *, care_pk: int, actor: Member | None, at: datetime, data: Mapping[str, Any], version: int
) -> BirthdayCare:
    """Say how the person is greeted and how far the gifts are; once nothing is left to be ordered, it is prepared.

    Raises `FieldErrors`, `ChangedMeanwhile`, `NotAllowed`.
    """
    if unknown := set(data) - set(PREPARED):
        raise TypeError(f"cares have no {', '.join(sorted(unknown))}")
    care = _lock(care_pk, actor)
    _must_be_open(care)
    if care.version != version:
        raise ChangedMeanwhile(_("Somebody else has changed this meanwhile. Look at it again."))
    values: dict[str, Any] = {**data, "gift_note": clean_text(data.get("gift_note", care.gift_note))}
    if errors := _wrong_preparation(care, values):
        raise FieldErrors(errors)
    for name, value in values.items():
        setattr(care, name, value)
    if _to_order(care):
        if care.status == CareStatus.PREPARED:
            to = CareStatus.VERIFIED if care.verified_at else CareStatus.PLANNED
            return move(care, to, actor=actor, extra_fields=_next(care, values))
        return _keep(care, values, actor)
    values |= {"prepared_by": actor, "prepared_at": at}
    if care.status in (CareStatus.PLANNED, CareStatus.VERIFIED):
        return move(care, CareStatus.PREPARED, actor=actor, extra_fields=_next(care, values))
    return _keep(care, values, actor)


def _wrong_preparation(care: BirthdayCare, values: Mapping[str, Any]) -> dict[str, Text]:
    errors: dict[str, Text] = {}
    if values.get("way") == GreetingWay.SMS:
        if care.contact.consent != Consent.GIVEN:
            errors["way"] = _("This person has not agreed to messages: call or visit.")
        elif not care.contact.mobile:
            errors["way"] = _("No mobile is known: call or visit.")
    if len(values["gift_note"]) > LONGEST_GIFT_NOTE:
        errors["gift_note"] = _("At most 120 characters.")
    for name in ("way", *GIFTS):
        if name in values and values[name] not in (GreetingWay.values if name == "way" else Gift.values):
            errors[name] = _("Choose one of the list.")
    return errors


@transaction.atomic
def care_greeted(
    *, care_pk: int, actor: Member | None, at: datetime, reaction: str = Reaction.PLAIN, said: str = ""
) -> BirthdayCare:
    """The person was reached and greeted. A second word on the same care only completes the answer.

    Raises `DomainError` before the time, `FieldErrors`, `ChangedMeanwhile`, `NotAllowed`.
    """
    care = _lock(care_pk, actor)
    if care.status != CareStatus.DONE:
        _must_be_open(care)
    _must_be_time(care, at)
    values: dict[str, Any] = {"reaction": _reaction(reaction), "said": _said(said)}
    if care.status == CareStatus.DONE:
        return _keep(care, values, actor)
    values |= {"greeted_by": actor, "greeted_at": at, "again_on": None}
    return move(care, CareStatus.DONE, actor=actor, extra_fields=_next(care, values))


@transaction.atomic
def care_not_reached(
    *, care_pk: int, actor: Member | None, at: datetime, again_on: date, said: str = ""
) -> BirthdayCare:
    """Nobody answered; it is tried again on `again_on`. Also takes back a greeting noted by mistake.

    Raises `DomainError` before the time, `FieldErrors`, `ChangedMeanwhile`, `NotAllowed`.
    """
    care = _lock(care_pk, actor)
    if care.status != CareStatus.DONE:
        _must_be_open(care)
    _must_be_time(care, at)
    if again_on < timezone.localdate(at):
        raise FieldErrors({"again_on": _("Choose a day from today on.")})
    values = {"greeted_by": actor, "greeted_at": at, "again_on": again_on, "reaction": "", "said": _said(said)}
    if care.status == CareStatus.NOT_REACHED:
        return _keep(care, values, actor)
    return move(care, CareStatus.NOT_REACHED, actor=actor, extra_fields=_next(care, values))


@transaction.atomic
def care_leave_out(*, care_pk: int, actor: Member | None, note: str) -> BirthdayCare:
    """Nobody greets this time, for the reason noted. Raises `FieldErrors`, `ChangedMeanwhile`, `NotAllowed`."""
    care = _lock(care_pk, actor)
    _must_be_open(care)
    note = clean_text(note)
    if not note:
        raise FieldErrors({"note": _("Say why.")})
    if len(note) > LONGEST_NOTE:
        raise FieldErrors({"note": _("At most 200 characters.")})
    values = _next(care, {"left_out": LeftOut.BY_HAND, "note": note})
    return move(care, CareStatus.SKIPPED, actor=actor, reason=note, extra_fields=values)


@transaction.atomic
def care_take_up(*, care_pk: int, actor: Member | None) -> BirthdayCare:
    """Greet after all: takes back what was left out by hand. Raises `ChangedMeanwhile`, `NotAllowed`."""
    care = _lock(care_pk, actor)
    if care.left_out != LeftOut.BY_HAND:
        raise ChangedMeanwhile(_("This care was not left out by hand."))
    return move(care, CareStatus.PLANNED, actor=actor, extra_fields=_next(care, {"left_out": "", "note": ""}))


def _lock(care_pk: int, actor: Member | None) -> BirthdayCare:
    care = lock_row(BirthdayCare, care_pk)
    must_be_allowed(care, actor, "change")
    return care


def _must_be_open(care: BirthdayCare) -> None:
    if not care.is_open:
        raise ChangedMeanwhile(
            _("This was changed meanwhile: it is now “%(state)s”. Look at it again.")
            % {"state": care.get_status_display()}
        )


def _must_be_time(care: BirthdayCare, at: datetime) -> None:
    """Greeting early is well meant on the last working day before a day off, and odd on any other."""
    first = min(care.falls_on, care.prepare_on)
    if timezone.localdate(at) < first:
        raise DomainError(
            _("It is too early: this birthday is greeted from %(day)s on.") % {"day": f"{first:%Y-%m-%d}"}
        )


def _to_order(care: BirthdayCare) -> bool:
    return any(getattr(care, name) == Gift.WANTED for name in GIFTS)


def _reaction(reaction: str) -> str:
    if reaction not in Reaction.values:
        raise FieldErrors({"reaction": _("Choose one of the list.")})
    return reaction


def _said(said: str) -> str:
    said = clean_text(said)
    if len(said) > LONGEST_SAID:
        raise FieldErrors({"said": _("At most 300 characters.")})
    return said


def _next(care: BirthdayCare, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the version that a later form has to know."""
    return {**values, "version": care.version + 1}


def _keep(care: BirthdayCare, values: Mapping[str, Any], actor: Member | None) -> BirthdayCare:
    """Save values in the same state."""
    for name, value in _next(care, values).items():
        setattr(care, name, value)
    record_save(care, [*values, "version", "updated_at"], actor=actor)
    return care
