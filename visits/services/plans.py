"""Planning a month's visits (V1): lines come, change, go, are submitted and decided one by one."""

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.services.checks import lock_account
from kam.approvals.choices import RequestStatus
from kam.approvals.models import LIVE, Request
from kam.approvals.services import request_resubmit, request_submit, request_void
from kam.core.editing import Edited, apply_edit
from kam.core.exceptions import DomainError, EditConflict, FieldErrors, NotAllowed, Text
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.core.plain import clean_text
from kam.core.scoping import Reach, reach
from kam.core.states import move, record_move
from kam.people.models import Member
from visits import rules
from visits.choices import OPEN_LINES, TO_SUBMIT, LineStatus, PlanStatus
from visits.models import VisitPlan, VisitPlanLine
from visits.selectors import frozen_plan, keys_of, planned_visits, suggestions
from visits.services.checks import field_errors, must_be_own
from visits.services.overlaps import overlaps_tell
from visits.services.people import companions, named, people_met

KIND = "visit_plan"
PLAIN = ("on", "begins", "ends", "matters", "opportunity", "opportunity_amount", "probability")
FIELDS = (*PLAIN, "contacts", "companions")
MOST_LINES = 200
AGAIN = (RequestStatus.RETURNED, RequestStatus.WITHDRAWN, RequestStatus.VOID)


@transaction.atomic
def plan_open(*, actor: Member, month: date, now: datetime) -> VisitPlan:
    """The member's plan of a month, begun if there is none. Raises `FieldErrors` for a month that is over."""
    if reach(actor, VisitPlan, "add") is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))
    first = month.replace(day=1)
    lock_row(Member, actor.pk)
    known = VisitPlan.objects.for_system().filter(member=actor, month=first).first()
    if known is not None:
        return known
    if first < timezone.localtime(now).date().replace(day=1):
        raise FieldErrors({"month": _("This month is over; nothing can be planned in it any more.")})
    plan = VisitPlan(member=actor, month=first)
    plan.save(force_insert=True)
    record_move(plan, old="", new=plan.status, actor=actor)
    return plan


@transaction.atomic
def plan_line_add(
    *, plan_pk: int, account_pk: int, actor: Member, data: Mapping[str, Any], now: datetime
) -> VisitPlanLine:
    """Plan one more visit. Whoever plans or made one near it is told. Raises `FieldErrors`, `NotAllowed`."""
    plan = _open_plan(plan_pk, actor, now)
    account = lock_account(account_pk, actor, "change")
    if VisitPlanLine.objects.for_system().filter(plan=plan).count() >= MOST_LINES:
        raise DomainError(_("A plan holds at most %(n)s visits.") % {"n": MOST_LINES})
    line = VisitPlanLine(plan=plan, account=account)
    values, people, along = clean_line(line, data, on=_day(now))
    for name, value in values.items():
        setattr(line, name, value)
    _must_be_free(line, along or [])
    record_save(line, [], actor=actor)
    record_move(line, old="", new=line.status, actor=actor)
    line.contacts.set(people or [])
    line.companions.set(along or [])
    _reopen(plan, actor, now)
    overlaps_tell(account, planned_visits([line])[0], at=now)
    return line


@transaction.atomic
def suggested_lines_add(*, plan_pk: int, actor: Member, chosen: Collection[str], now: datetime) -> list[VisitPlanLine]:
    """Plan the suggested visits that were chosen ("client:day" as shown); those out of date are passed over."""
    plan = _open_plan(plan_pk, actor, now)
    wanted = set(chosen)
    found = [each for each in suggestions(actor, plan, today=_day(now)) if each.key in wanted]
    return [
        plan_line_add(
            plan_pk=plan.pk,
            account_pk=each.account.pk,
            actor=actor,
            data={"on": each.on, "matters": str(_("Regular visit"))},
            now=now,
        )
        for each in found
    ]


@transaction.atomic
def plan_line_change(
    *, line_pk: int, actor: Member, data: Mapping[str, Any], version: int, now: datetime
) -> tuple[VisitPlanLine, Edited]:
    """Change a planned visit that is still to be made. Its approval is void then: it must be submitted again.

    Raises `FieldErrors`, `EditConflict`, `NotAllowed`, `DomainError` for a visit that was made or cancelled.
    """
    plan, line = _open_line(line_pk, actor, now)
    account = lock_account(line.account_id, actor, "change")
    values, people, along = clean_line(line, data, on=_day(now))
    trial = copy(line)
    for name, value in values.items():
        setattr(trial, name, value)
    _must_be_free(trial, along or [])
    edited = _applied(line, values, version, actor)
    for relation, rows in (("contacts", people), ("companions", along)):
        if rows is not None and keys_of(line, relation) != {row.pk for row in rows}:
            getattr(line, relation).set(rows)
    if edited.written:
        _reopen(plan, actor, now)
        line = lock_row(VisitPlanLine, line.pk)
        if line.status != LineStatus.DRAFT:
            line = move(line, LineStatus.DRAFT, actor=actor, extra_fields={"returned_why": ""})
    overlaps_tell(account, planned_visits([line])[0], at=now)
    return line, edited


@transaction.atomic
def plan_line_cancel(*, line_pk: int, actor: Member, reason: str, now: datetime) -> VisitPlanLine:
    """Call a planned visit off, with the reason. What waits for a decision with it must be submitted again."""
    plan, line = _open_line(line_pk, actor, now)
    reason = clean_text(reason)
    if not reason or len(reason) > 200:
        raise FieldErrors({"reason": _("Say in a few words why it is called off.")})
    if line.status == LineStatus.SUBMITTED:
        _reopen(plan, actor, now)
        line = lock_row(VisitPlanLine, line.pk)
    return move(line, LineStatus.CANCELLED, actor=actor, reason=reason)


@transaction.atomic
def plan_submit(*, plan_pk: int, actor: Member, now: datetime, reason: str = "") -> Request:
    """Put the lines that nobody has approved yet before who decides; bound to exactly these.

    Raises `DomainError` when there is nothing to submit, `ChangedMeanwhile` when it waits already.
    """
    plan = _open_plan(plan_pk, actor, now)
    lines = list(_lines(plan).filter(status__in=TO_SUBMIT).order_by("on", "pk"))
    if not lines:
        raise DomainError(_("There is no visit to submit: plan one first."))
    for line in lines:
        move(line, LineStatus.SUBMITTED, actor=actor, extra_fields={"returned_why": ""})
    plan = move(plan, PlanStatus.SUBMITTED, actor=actor, reason=reason)
    snapshot = frozen_plan(plan, [line.pk for line in lines])
    latest = Request.objects.for_system().filter(kind=KIND, subject_id=plan.pk).order_by("-pk").first()
    if latest is not None and latest.status in AGAIN:
        return request_resubmit(
            request_pk=latest.pk,
            actor=actor,
            seen_revision=latest.revision,
            snapshot=snapshot,
            reason=reason,
            now=now,
        )
    return request_submit(
        kind=KIND,
        actor=actor,
        live_key=str(plan.pk),
        snapshot=snapshot,
        now=now,
        title=str(plan),
        reason=reason,
        account_name=plan.member.full_name,
        subject_id=plan.pk,
    )


@transaction.atomic
def plan_decided(
    *, plan_pk: int, line_pks: Collection[int], returned: Mapping[str, str], actor: Member, on_behalf_of: Member | None
) -> VisitPlan:
    """What was decided takes effect: the lines approved, or returned with the reason."""
    plan = lock_row(VisitPlan, plan_pk)
    for line in _lines(plan).filter(pk__in=line_pks, status=LineStatus.SUBMITTED).order_by("pk"):
        why = returned.get(str(line.pk), "")
        to = LineStatus.RETURNED if why else LineStatus.APPROVED
        move(line, to, actor=actor, on_behalf_of=on_behalf_of, reason=why, extra_fields={"returned_why": why})
    to_plan = PlanStatus.RETURNED if returned else PlanStatus.APPROVED
    return move(plan, to_plan, actor=actor, on_behalf_of=on_behalf_of)


@transaction.atomic
def plan_came_back(*, plan_pk: int, actor: Member | None, reason: str, is_returned: bool) -> VisitPlan:
    """The request was returned, withdrawn or is void: the plan and its lines are open again."""
    plan = lock_row(VisitPlan, plan_pk)
    for line in _lines(plan).filter(status=LineStatus.SUBMITTED).order_by("pk"):
        to = LineStatus.RETURNED if is_returned else LineStatus.DRAFT
        why = {"returned_why": reason if is_returned else ""}
        move(line, to, actor=actor, reason=reason, extra_fields=why)
    if plan.status != PlanStatus.SUBMITTED:
        return plan
    return move(plan, PlanStatus.RETURNED if is_returned else PlanStatus.DRAFT, actor=actor, reason=reason)


def clean_line(
    line: VisitPlanLine, data: Mapping[str, Any], *, on: date
) -> tuple[dict[str, Any], list[Any] | None, list[Member] | None]:
    """Columns, people and companions ready to store. Raises `FieldErrors` with a text for each wrong field."""
    if unknown := set(data) - set(FIELDS):
        raise TypeError(f"planned visits have no {', '.join(sorted(unknown))}")
    values = {
        name: clean_text(data[name]) if isinstance(data[name], str) else data[name] for name in PLAIN if name in data
    }
    trial = copy(line)
    for name, value in values.items():
        setattr(trial, name, value)
    errors = field_errors(trial, {*values, *(("on", "matters") if line.pk is None else ())})
    if "on" not in errors and line.on != trial.on:
        errors |= _day_errors(trial, on)
    if trial.ends and (trial.begins is None or trial.ends <= trial.begins):
        errors["ends"] = _("The end comes after the beginning.")
    people = along = None
    if "contacts" in data:
        people, wrong = people_met(trial.account, {getattr(row, "pk", row) for row in data["contacts"]}, trial.on)
        values["people_named"] = named(people, 400)
        if wrong:
            errors["contacts"] = wrong
    if "companions" in data:
        keys = {getattr(row, "pk", row) for row in data["companions"]}
        along, wrong = companions(keys, trial.plan.member, on)
        values["companions_named"] = named(along, 200)
        if wrong:
            errors["companions"] = wrong
    if errors:
        raise FieldErrors(errors)
    return values, people, along


def _day_errors(trial: VisitPlanLine, on: date) -> dict[str, Text]:
    month = trial.plan.month
    if (trial.on.year, trial.on.month) != (month.year, month.month):
        return {"on": _("This plan is for %(month)s.") % {"month": f"{month:%Y-%m}"}}
    return {"on": _("This day has passed: log the visit instead.")} if trial.on < on else {}


def _must_be_free(line: VisitPlanLine, along: Collection[Member]) -> None:
    """Nobody is planned to be at two places at once."""
    if line.begins is None:
        return
    keys = {line.plan.member_id, *(member.pk for member in along)}
    people = Member.objects.for_system().select_for_update().filter(pk__in=keys).order_by("pk").in_bulk()
    others = VisitPlanLine.objects.for_system().filter(on=line.on, begins__isnull=False, status__in=OPEN_LINES)
    others = others.filter(Q(plan__member__in=keys) | Q(companions__in=keys)).exclude(pk=line.pk)
    for other in others.select_related("plan").distinct():
        is_same_visit = other.account_id == line.account_id and other.plan_id != line.plan_id
        if is_same_visit or not rules.at_once(line.begins, line.ends, other.begins, other.ends):
            continue
        busy = people.get(other.plan.member_id)
        who = busy.full_name if busy else _("somebody who came along")
        raise FieldErrors(
            {
                "begins": _("%(who)s is at another visit at that time (%(begins)s).")
                % {"who": who, "begins": f"{other.begins:%H:%M}"}
            }
        )


def _open_plan(plan_pk: int, actor: Member, now: datetime) -> VisitPlan:
    plan = lock_row(VisitPlan, plan_pk)
    must_be_own(plan, actor)
    if plan.month < _day(now).replace(day=1):
        raise DomainError(_("This month is over; nothing can be planned in it any more."))
    return plan


def _open_line(line_pk: int, actor: Member, now: datetime) -> tuple[VisitPlan, VisitPlanLine]:
    seen = VisitPlanLine.objects.for_system().get(pk=line_pk)
    plan = _open_plan(seen.plan_id, actor, now)
    lock_row(Account, seen.account_id)  # before the line, as filing a log of it does
    line = lock_row(VisitPlanLine, line_pk)
    must_be_own(line, actor)
    if not line.is_open:
        raise DomainError(_("This visit was made or called off; it stays as it is."))
    return plan, line


def _reopen(plan: VisitPlan, actor: Member, now: datetime) -> None:
    """A change after submission voids what waits and takes the plan back to draft."""
    live = Request.objects.for_system().filter(kind=KIND, subject_id=plan.pk, status__in=LIVE).first()
    if live is not None:
        request_void(request_pk=live.pk, actor=actor, reason=_("changed since submission"), now=now)  # type: ignore[arg-type]
    plan = lock_row(VisitPlan, plan.pk)
    if plan.status in (PlanStatus.APPROVED, PlanStatus.RETURNED):
        move(plan, PlanStatus.DRAFT, actor=actor)


def _applied(line: VisitPlanLine, values: dict[str, Any], version: int, actor: Member) -> Edited:
    chosen_as = {"people_named": "contacts", "companions_named": "companions"}
    try:
        return apply_edit(line, values, version=version, actor=actor)
    except EditConflict as error:
        error.conflicts = [replace(each, field=chosen_as.get(each.field, each.field)) for each in error.conflicts]
        error.theirs_alone = tuple(chosen_as.get(name, name) for name in error.theirs_alone)
        raise


def _lines(plan: VisitPlan) -> Any:
    return VisitPlanLine.objects.for_system().filter(plan=plan).select_related("plan")


def _day(now: datetime) -> date:
    return timezone.localtime(now).date()
