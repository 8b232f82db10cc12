"""Rules of visiting (domain rules §4): lateness, overlap, being at two places at once. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from kam.core.calendar import NO_OVERRIDES, Overrides, add_working_days

USUAL_LENGTH = timedelta(hours=1)
"""How long a visit lasts of which only the beginning is known."""


def is_late(visited_on: date, filed_on: date, working_days: int = 1, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether a log comes after the end of the `working_days`-th working day after the visit."""
    return filed_on > add_working_days(visited_on, working_days, overrides)


@dataclass(frozen=True)
class Visit:
    """A visit, planned or made, as far as two of them can meet: whose it is, where, when, with whom."""

    member: int
    account: int
    on: date
    contacts: frozenset[int] = frozenset()
    companions: frozenset[int] = frozenset()
    key: str = ""
    """How the caller knows it again."""


class OverlapKind(StrEnum):
    """How two visits overlap; the person counts for more than the client."""

    PERSON = "person"
    CLIENT = "client"


@dataclass(frozen=True)
class Overlap:
    """Another member's visit that comes too near to `mine`."""

    mine: Visit
    other: Visit
    kind: OverlapKind


def overlap(mine: Visit, other: Visit, person_days: int = 7, *, same_day: bool = True) -> OverlapKind | None:
    """How two visits to one client overlap, if they do: the same person within `person_days`, or the client on one day.

    One's own visits never overlap, nor does the same visit told by a companion.
    """
    if mine.member == other.member or mine.account != other.account:
        return None
    together = mine.member in other.companions or other.member in mine.companions
    if together and mine.on == other.on:
        return None
    if mine.contacts & other.contacts and abs((mine.on - other.on).days) <= person_days:
        return OverlapKind.PERSON
    return OverlapKind.CLIENT if same_day and mine.on == other.on else None


def overlaps(
    mine: Iterable[Visit], others: Sequence[Visit], person_days: int = 7, *, same_day: bool = True
) -> list[Overlap]:
    """Every overlap of `mine` with `others`, in the order of both."""
    return [
        Overlap(one, other, kind)
        for one in mine
        for other in others
        if (kind := overlap(one, other, person_days, same_day=same_day)) is not None
    ]


def cadence_days(last: date | None, every: int, first: date, until: date) -> list[date]:
    """The days from `first` to `until` on which a client is due that was visited `last` and is seen every `every` days.

    Whoever is overdue, or was never visited, is due at once.
    """
    due = first if last is None else max(last + timedelta(days=every), first)
    days = []
    while due <= until:
        days.append(due)
        due += timedelta(days=every)
    return days


def at_once(begins: time, ends: time | None, other_begins: time, other_ends: time | None) -> bool:
    """Whether two visits of one day fall into the same time; where one ends the other may begin."""
    return begins < _end(other_begins, other_ends) and other_begins < _end(begins, ends)


def _end(begins: time, ends: time | None) -> time:
    if ends is not None:
        return ends
    later = datetime.combine(date(2000, 1, 1), begins) + USUAL_LENGTH
    return later.time() if later.day == 1 else time.max
