"""Who decides what (domain rules §5): pure functions over plain values; amounts in CNY."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kam.core.calendar import add_working_days, is_working_day

EXECUTIVE = "executive"
DIRECTOR = "director"
DECISION = "decision"


@dataclass(frozen=True)
class Step:
    """One step of a policy. `above_amount` None: always taken; else only when the amount exceeds it."""

    step_kind: str
    role: str
    above_amount: Decimal | None = None


@dataclass(frozen=True)
class Handed:
    """A delegation as far as deciding needs it. `limit` is the grantor's own limit today, None without bound."""

    pk: int
    grantor: int
    grantor_role: str
    authority: str
    starts_on: date
    ends_on: date
    ceiling: Decimal | None = None
    limit: Decimal | None = None
    is_revoked: bool = False

    @property
    def reach(self) -> Decimal | None:
        """The largest amount it covers: the ceiling, but never more than the grantor may decide; None: any."""
        bounds = [bound for bound in (self.ceiling, self.limit) if bound is not None]
        return min(bounds, default=None)

    def is_live(self, on: date) -> bool:
        """Whether it counts on that day, both days included."""
        return not self.is_revoked and self.starts_on <= on <= self.ends_on


@dataclass(frozen=True)
class Question:
    """One step that waits: of which kind and amount, asked by whom, for which role.

    `spoken` are the members who decided an earlier step of this revision; `is_manned` says whether anybody but the
    requester holds the step's role.
    """

    kind: str
    amount: Decimal | None
    requester: int
    step_kind: str
    role: str
    spoken: frozenset[int] = frozenset()
    is_manned: bool = True


class Refusal(StrEnum):
    """Why somebody may not decide."""

    OWN_REQUEST = "own_request"
    OTHER_ROLE = "other_role"
    FROM_REQUESTER = "from_requester"
    ABOVE_CEILING = "above_ceiling"
    NOT_IN_FORCE = "not_in_force"
    SPOKE_BEFORE = "spoke_before"


@dataclass(frozen=True)
class Standing:
    """That somebody may decide, and as what: in the own role, under a delegation, or standing in."""

    delegation: int | None = None
    stands_in: bool = False


@dataclass(frozen=True)
class Refused:
    """That somebody may not decide, why, and the delegation that falls short, if any."""

    why: Refusal
    delegation: int | None = None


def steps_for(policy: Iterable[Step], amount: Decimal | None, requester_role: str) -> list[Step]:
    """The steps that a request takes: those whose amount is exceeded, in order.

    Decisions of the requester's own level go to the executive when the director asks; steps that then repeat the one
    before fall away.
    """
    taken = [step for step in policy if step.above_amount is None or (amount or 0) > step.above_amount]
    if requester_role == DIRECTOR:
        taken = [replace(step, role=EXECUTIVE) if step.role == DIRECTOR else step for step in taken]
    return [step for place, step in enumerate(taken) if not _said_before(step, taken[:place])]


def _said_before(step: Step, before: Sequence[Step]) -> bool:
    return any(step.step_kind == earlier.step_kind and step.role == earlier.role for earlier in before)


def limit_of(role: str, policy: Iterable[Step]) -> Decimal | None:
    """Up to which amount a decision of `role` is enough; None without bound.

    It is the lowest amount above which a decision of another role follows.
    """
    bounds = [
        step.above_amount
        for step in policy
        if step.step_kind == DECISION and step.role != role and step.above_amount is not None
    ]
    return min(bounds, default=None)


def decides(role: str, policy: Iterable[Step]) -> bool:
    """Whether `role` decides in this policy at all."""
    return any(step.step_kind == DECISION and step.role == role for step in policy)


def may_decide(question: Question, *, person: int, role: str, handed: Iterable[Handed], on: date) -> Standing | Refused:
    """Whether a person may take the step, and as what.

    The own role comes first, then a delegation from somebody of the step's role, last the executive, who stands in
    where nobody else can decide. Nobody decides on the own request, under no title, nor under a delegation that the
    requester gave; nobody takes two steps of one request.
    """
    if person == question.requester:
        return Refused(Refusal.OWN_REQUEST)
    if person in question.spoken:
        return Refused(Refusal.SPOKE_BEFORE)
    if role == question.role:
        return Standing()
    if role == EXECUTIVE and not question.is_manned:
        return Standing(stands_in=True)
    if question.step_kind != DECISION:
        return Refused(Refusal.OTHER_ROLE)
    return _under_delegation(question, handed, on)


def _under_delegation(question: Question, handed: Iterable[Handed], on: date) -> Standing | Refused:
    ranked = [Refused(Refusal.OTHER_ROLE)]
    for row in handed:
        if row.authority != question.kind or row.grantor_role != question.role:
            continue
        if row.grantor == question.requester:
            ranked.append(Refused(Refusal.FROM_REQUESTER, row.pk))
        elif not row.is_live(on):
            ranked.append(Refused(Refusal.NOT_IN_FORCE, row.pk))
        elif row.reach is not None and question.amount is not None and question.amount > row.reach:
            ranked.append(Refused(Refusal.ABOVE_CEILING, row.pk))
        else:
            return Standing(delegation=row.pk)
    return max(ranked, key=lambda refused: _TELLING.index(refused.why))


_TELLING = (Refusal.OTHER_ROLE, Refusal.NOT_IN_FORCE, Refusal.ABOVE_CEILING, Refusal.FROM_REQUESTER)
"""Reasons from the least to the most telling: the last one that applies is shown."""


def snapshot_hash(snapshot: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of what is asked: keys sorted, no spaces, characters as they are."""
    text = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def policy_faults(steps: Sequence[Step]) -> str:
    """What is wrong with the steps of a policy: "no_decision", "never_sure", "opinion_last", "repeated", or ""."""
    decisions = [step for step in steps if step.step_kind == DECISION]
    if not decisions:
        return "no_decision"
    if all(step.above_amount is not None for step in decisions):
        return "never_sure"
    if steps[-1].step_kind != DECISION:
        return "opinion_last"
    if len({(step.step_kind, step.role) for step in steps}) < len(steps):
        return "repeated"
    return ""


def number_after(latest: str, prefix: str, year: int) -> str:
    """The next number of a kind and year: SX-2026-0063 → SX-2026-0064; the count starts anew each year."""
    head = f"{prefix}-{year}-"
    count = int(latest.removeprefix(head)) if latest.startswith(head) else 0
    return f"{head}{count + 1:04d}"


def waited_days(since: date, on: date) -> int:
    """Whole days that a step has waited."""
    return max((on - since).days, 0)


def is_reminder_due(since: date, reminded: date | None, on: date, after_days: int) -> bool:
    """Whether to remind on that day: `after_days` working days since the step waits, and since the last time.

    Nobody is reminded on a day off; 0 is never.
    """
    if after_days <= 0 or not is_working_day(on):
        return False
    start = max(since, reminded) if reminded else since
    return add_working_days(start, after_days) <= on
