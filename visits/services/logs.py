"""Filing a visit, correcting it, and what director and clerk make of it at the month's end."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from accounts.services.checks import lock_account
from kam.core.editing import Edited, apply_edit
from kam.core.exceptions import DomainError, EditConflict, FieldErrors, Text
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.core.plain import clean_text
from kam.core.states import move, record_move
from kam.outbox.services import message_send
from kam.people.models import Member
from visits import rules
from visits.choices import LineStatus, LogStatus
from visits.messages import HANDLED
from visits.models import VisitLog, VisitPlanLine
from visits.selectors import companions_of, keys_of, made_visits, visit_rules
from visits.services.checks import field_errors, must_be_open, must_be_own
from visits.services.overlaps import overlaps_tell
from visits.services.people import companions, named, people_met
from visits.services.photos import keep_photos

PLAIN = ("on", "begins", "ends", "place", "others_met", "matters", "said", "result", "next_step", "next_on")
FIELDS = (*PLAIN, "contacts", "companions")
REQUIRED_AT_FILING = ("on", "matters")


@dataclass
class Cleaned:
    """A log's data ready to be stored: columns, and the rows of both relations."""

    values: dict[str, Any]
    contacts: list[Contact] | None = None
    companions: list[Member] | None = None
    errors: dict[str, Text] = field(default_factory=dict)

    def refuse(self) -> None:
        """Raise `FieldErrors` when anything is wrong."""
        if self.errors:
            raise FieldErrors(self.errors)


@transaction.atomic
def visit_log_file(
    *,
    account_pk: int,
    actor: Member,
    data: Mapping[str, Any],
    now: datetime,
    photos: Sequence[Any] = (),
    line_pk: int | None = None,
) -> VisitLog:
    """File what happened at a client; `data` by `FIELDS`, with keys of contacts and companions.

    `line_pk` names the planned visit that this was. Whoever visited the same person or client near in time is told,
    and so is `actor`. Raises `FieldErrors` beside the fields, `NotAllowed`, `DomainError` for a photo that is none.
    """
    account = lock_account(account_pk, actor, "change")
    on = timezone.localtime(now).date()
    line = _made(line_pk, account.pk, actor) if line_pk is not None else None
    log = VisitLog(account=account, visitor=actor, filed_at=now, line=line)
    cleaned = clean_log(log, data, on=on)
    cleaned.refuse()
    for name, value in cleaned.values.items():
        setattr(log, name, value)
    _must_be_free(log, cleaned.companions or [])
    log.is_late = rules.is_late(log.on, on, visit_rules().late_after_days)
    record_save(log, [], actor=actor)
    record_move(log, old="", new=log.status, actor=actor)
    log.contacts.set(cleaned.contacts or [])
    log.companions.set(cleaned.companions or [])
    keep_photos(log, photos, actor)
    overlaps_tell(account, made_visits([log])[0], at=now)
    return log


@transaction.atomic
def visit_log_change(
    *, log_pk: int, actor: Member, data: Mapping[str, Any], version: int, now: datetime
) -> tuple[VisitLog, Edited]:
    """Correct a log that nobody has handled yet; only who was there may. The mark of lateness stays.

    Raises `FieldErrors`, `EditConflict`, `NotAllowed`, `ChangedMeanwhile` once it is handled.
    """
    seen = VisitLog.objects.for_system().get(pk=log_pk)
    account = lock_account(seen.account_id, actor, "view")
    log = lock_row(VisitLog, log_pk)
    must_be_own(log, actor)
    must_be_open(log)
    cleaned = clean_log(log, data, on=timezone.localtime(now).date())
    cleaned.refuse()
    trial = copy(log)
    for name, value in cleaned.values.items():
        setattr(trial, name, value)
    _must_be_free(trial, cleaned.companions if cleaned.companions is not None else companions_of(log))
    edited = _applied(log, cleaned.values, version, actor)
    if "people_named" in edited.written or _differs(log, "contacts", cleaned.contacts):
        log.contacts.set(cleaned.contacts or [])
    if "companions_named" in edited.written or _differs(log, "companions", cleaned.companions):
        log.companions.set(cleaned.companions or [])
    overlaps_tell(account, made_visits([log])[0], at=now)
    return log, edited


@transaction.atomic
def visit_log_handle(*, log_pk: int, actor: Member, handling: str, comment: str, now: datetime) -> VisitLog:
    """State what was done about a log and what is thought of it (V3); the visitor is told.

    Raises `NotAllowed` for anybody but director and clerk and for one's own log, `FieldErrors`, `ChangedMeanwhile`.
    """
    log = lock_row(VisitLog, log_pk)
    must_be_own(log, actor, "handle")
    if log.visitor_id == actor.pk:
        raise DomainError(_("Somebody else looks at your own log."))
    handling, comment = clean_text(handling), clean_text(comment)
    errors: dict[str, Text] = {}
    if not handling:
        errors["handling"] = _("Say what was done about it, in a sentence.")
    errors |= field_errors(VisitLog(handling=handling, comment=comment), ("handling", "comment"))
    if errors:
        raise FieldErrors(errors)
    log = move(
        log,
        LogStatus.HANDLED,
        actor=actor,
        expected=LogStatus.FILED,
        extra_fields={"handling": handling, "comment": comment, "handled_by": actor, "handled_at": now},
    )
    message_send(
        kind=HANDLED,
        recipient=log.visitor,
        key=f"visits.handled:{log.pk}",
        at=now,
        text=_("%(who)s handled your log of %(client)s on %(day)s: %(what)s"),
        params={"who": actor.full_name, "client": str(log.account), "day": f"{log.on:%m-%d}", "what": handling},
        url=log.get_absolute_url(),
        account_id=log.account_id,
    )
    return log


@transaction.atomic
def next_step_done(*, log_pk: int, actor: Member, on: date) -> VisitLog:
    """Note that the next step of a log is taken; a second time changes nothing. Raises `NotAllowed`, `DomainError`."""
    log = lock_row(VisitLog, log_pk)
    must_be_own(log, actor)
    if not log.next_step:
        raise DomainError(_("This log names no next step."))
    if log.next_done_on is None:
        log.next_done_on = on
        record_save(log, ["next_done_on"], actor=actor)
    return log


def _made(line_pk: int, account_pk: int, actor: Member) -> VisitPlanLine:
    """The planned visit, made by now. Raises `ChangedMeanwhile` when it has been logged or cancelled before."""
    line = VisitPlanLine.objects.for_system().get(pk=line_pk, account_id=account_pk)
    must_be_own(line, actor)
    return move(line, LineStatus.DONE, actor=actor)


def clean_log(log: VisitLog, data: Mapping[str, Any], *, on: date) -> Cleaned:
    """The fields ready to store, tried on a copy of `log`, with a text for each wrong field. `on` is today."""
    if unknown := set(data) - set(FIELDS):
        raise TypeError(f"visit logs have no {', '.join(sorted(unknown))}")
    values = {
        name: clean_text(data[name]) if isinstance(data[name], str) else data[name] for name in PLAIN if name in data
    }
    cleaned = Cleaned(values)
    trial = copy(log)
    for name, value in values.items():
        setattr(trial, name, value)
    cleaned.errors = field_errors(trial, {*values, *(REQUIRED_AT_FILING if log.pk is None else ())})
    if "on" not in cleaned.errors and trial.on > on:
        cleaned.errors["on"] = _("A visit is logged once it has been made.")
    if trial.ends and (trial.begins is None or trial.ends <= trial.begins):
        cleaned.errors["ends"] = _("The end comes after the beginning.")
    if trial.next_on and not trial.next_step:
        cleaned.errors["next_step"] = _("Say what is to be done on that day.")
    _clean_people(trial, data, cleaned, on)
    return cleaned


def _clean_people(trial: VisitLog, data: Mapping[str, Any], cleaned: Cleaned, on: date) -> None:
    day = trial.on if "on" not in cleaned.errors else None
    if "contacts" in data:
        cleaned.contacts, wrong = people_met(trial.account, _keys(data["contacts"]), day)
        cleaned.values["people_named"] = named(cleaned.contacts, 400)
        if wrong:
            cleaned.errors["contacts"] = wrong
        elif not cleaned.contacts and not trial.others_met:
            cleaned.errors["contacts"] = _("Say whom you met.")
    if "companions" in data:
        cleaned.companions, wrong = companions(_keys(data["companions"]), trial.visitor, on)
        cleaned.values["companions_named"] = named(cleaned.companions, 200)
        if wrong:
            cleaned.errors["companions"] = wrong


def _keys(rows: Collection[Any]) -> set[int]:
    return {getattr(row, "pk", row) for row in rows}


def _must_be_free(log: VisitLog, along: Collection[Member]) -> None:
    """Nobody is at two places at once: visitor and companions are free at that time of that day."""
    if log.begins is None:
        return
    keys = {log.visitor_id, *(member.pk for member in along)}
    people = Member.objects.for_system().select_for_update().filter(pk__in=keys).order_by("pk").in_bulk()
    same_day = VisitLog.objects.for_system().filter(on=log.on, begins__isnull=False).exclude(pk=log.pk)
    for other in same_day.filter(Q(visitor__in=keys) | Q(companions__in=keys)).distinct():
        is_same_visit = other.account_id == log.account_id and other.visitor_id != log.visitor_id
        if is_same_visit or not rules.at_once(log.begins, log.ends, other.begins, other.ends):
            continue
        busy = people.get(other.visitor_id)
        who = busy.full_name if busy else _("somebody who came along")
        raise FieldErrors(
            {
                "begins": _("%(who)s is at another visit at that time (%(begins)s).")
                % {"who": who, "begins": f"{other.begins:%H:%M}"}
            }
        )


def _differs(log: VisitLog, relation: str, rows: Collection[Any] | None) -> bool:
    return rows is not None and keys_of(log, relation) != {row.pk for row in rows}


def _applied(log: VisitLog, values: dict[str, Any], version: int, actor: Member) -> Edited:
    """Write the columns; a clash about who was there is told beside the field on which people are chosen."""
    chosen_as = {"people_named": "contacts", "companions_named": "companions"}
    try:
        return apply_edit(log, values, version=version, actor=actor)
    except EditConflict as error:
        error.conflicts = [replace(each, field=chosen_as.get(each.field, each.field)) for each in error.conflicts]
        error.theirs_alone = tuple(chosen_as.get(name, name) for name in error.theirs_alone)
        raise
