"""Clock and working days of the product.

`now` and `today` are the only places that read the time; everything deeper gets it passed in. Working days follow the
State Council's yearly table. What the department enters itself is passed in as `overrides`: date → worked or not.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from chinese_calendar.constants import holidays, workdays
from django.utils import timezone

Overrides = Mapping[date, bool]

NO_OVERRIDES: Overrides = MappingProxyType({})

_ONE_DAY = timedelta(days=1)
_FIRST_YEAR = min(holidays).year
_LAST_YEAR = max(holidays).year
_SATURDAY = 5


def now() -> datetime:
    """The present moment, aware."""
    return timezone.now()


def today() -> date:
    """Today's date in Asia/Shanghai."""
    return timezone.localdate()


def known_until() -> date:
    """The last day for which the State Council's table is built in."""
    return date(_LAST_YEAR, 12, 31)


def is_announced(day: date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether holidays of that year are known, built in or entered; if not, Monday to Friday is assumed: say so."""
    return _FIRST_YEAR <= day.year <= _LAST_YEAR or any(entered.year == day.year for entered in overrides)


def is_working_day(day: date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether the department works on that day."""
    if day in overrides:
        return overrides[day]
    return day in workdays or (day.weekday() < _SATURDAY and day not in holidays)


def add_working_days(day: date, count: int, overrides: Overrides = NO_OVERRIDES) -> date:
    """The `count`-th working day after that day, or before it for a negative count; 0 gives the day itself."""
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    for _worked in range(abs(count)):
        day += step
        while not is_working_day(day, overrides):
            day += step
    return day


def last_working_day_before(day: date, overrides: Overrides = NO_OVERRIDES) -> date:
    """The last working day earlier than that day."""
    return add_working_days(day, -1, overrides)


def last_working_day_on_or_before(day: date, overrides: Overrides = NO_OVERRIDES) -> date:
    """That day if it is worked, otherwise the last working day before it."""
    return day if is_working_day(day, overrides) else last_working_day_before(day, overrides)
