"""Rules of birthday care (domain rules §4): how close two cares may lie, when to prepare, what is given by default."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from accounts.rules.birthdays import Birthday, birthday_in_lunar_year, birthday_in_solar_year, month_bounds
from kam.core.calendar import NO_OVERRIDES, Overrides, last_working_day_on_or_before

GAP = timedelta(days=180)
"""Nobody is cared for a second time within so many days of the last time."""
AHEAD = timedelta(days=14)
"""How far ahead cares are opened whatever the month: longer than the longest holiday, so that gifts can be ordered."""
LATE = timedelta(days=14)
"""How long after the day a greeting still makes sense when a birthday turns out to lie behind us."""

GIFTS_BY_GRADE = {"A": ("flowers", "card"), "B": ("card",)}
"""What a client's grade gives each of its people; the owner takes away and adds."""


def too_soon(day: date, kept: Iterable[date]) -> bool:
    """Whether a birthday on `day` lies within 180 days of one that was kept."""
    return any(abs(day - other) <= GAP for other in kept)


def prepare_by(day: date, overrides: Overrides = NO_OVERRIDES) -> date:
    """The day by which everything is ready: the birthday, or the last working day before when that is a day off."""
    return last_working_day_on_or_before(day, overrides)


def default_gifts(grade: str) -> tuple[str, ...]:
    """Gifts that a new care begins with: `flowers`, `card`."""
    return GIFTS_BY_GRADE.get(grade, ())


def date_in(birthday: Birthday, year: int) -> date:
    """The date on which the birthday is kept in that year of its own calendar."""
    if birthday.calendar == "lunar":
        return birthday_in_lunar_year(birthday, year)
    return birthday_in_solar_year(birthday, year)[0]


def coming(on: date) -> tuple[date, date]:
    """From today to the end of the month, and at least `AHEAD`: the days for which cares are to be open."""
    month_end = (on.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return on, max(month_end, on + AHEAD)


def week_of(on: date) -> tuple[date, date]:
    """Monday and Sunday of the week of that day."""
    monday = on - timedelta(days=on.weekday())
    return monday, monday + timedelta(days=6)


@dataclass(frozen=True)
class Month:
    """A month of the lunar table, with its neighbours as first days (None beyond the table)."""

    first: date
    last: date
    before: date | None
    after: date | None

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of that day; `ValueError` outside the table."""
        first, last = month_bounds(day.year, day.month)
        return cls(first, last, _month_at(first - timedelta(days=1)), _month_at(last + timedelta(days=1)))

    @property
    def name(self) -> str:
        """2027-01."""
        return f"{self.first:%Y-%m}"


def _month_at(day: date) -> date | None:
    try:
        return month_bounds(day.year, day.month)[0]
    except ValueError:
        return None
