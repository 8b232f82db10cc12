"""What a birthday is, and which ones cannot exist."""

import calendar as solar_calendar
from dataclasses import dataclass
from typing import Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rules.birthdays import lunar
from kam.core.exceptions import RuleError

CalendarKind = Literal["solar", "lunar"]

FIRST_YEAR = lunar.FIRST_YEAR
LAST_YEAR = lunar.LAST_YEAR
A_LEAP_YEAR = 2000


@dataclass(frozen=True)
class Birthday:
    """A birthday that can exist; the year is None where it is unknown. An impossible one is a `RuleError`."""

    calendar: CalendarKind
    month: int
    day: int
    leap: bool = False
    year: int | None = None

    def __post_init__(self) -> None:
        if self.year is not None and not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise RuleError(
                format_lazy(_("The year {year} cannot be a year of birth."), year=self.year),
                format_lazy(_("Years from {first} to {last} are known."), first=FIRST_YEAR, last=LAST_YEAR),
            )
        if not 1 <= self.month <= 12:
            raise RuleError(
                format_lazy(_("There is no month {month}."), month=self.month), _("Months run from 1 to 12.")
            )
        if self.calendar == "lunar":
            self._check_lunar()
        else:
            self._check_solar()

    def _check_solar(self) -> None:
        """Refuse days that the month never has, or did not have in the year of birth."""
        if self.leap:
            raise RuleError(_("Only the lunar calendar has leap months."), _("Leave out 闰, or choose lunar."))
        last = solar_calendar.monthrange(self.year or A_LEAP_YEAR, self.month)[1]
        if not 1 <= self.day <= last:
            reason = _("There is no {month}-{day} in {year}.")
            if self.year is None:
                reason = _("There is no {month}-{day} in the solar calendar.")
            raise RuleError(
                format_lazy(reason, month=self.month, day=self.day, year=self.year),
                format_lazy(_("That month has {last} days."), last=last),
            )

    def _check_lunar(self) -> None:
        """Refuse days beyond the 30th, and months and days that the lunar year of birth did not have."""
        if self.leap and not lunar.has_ever_been_leap(self.month):
            raise RuleError(
                format_lazy(_("Lunar month {month} is never a leap month."), month=self.month),
                _("Check the month, or leave out 闰."),
            )
        last = lunar.LONGEST_MONTH
        if self.year is not None:
            last = lunar.month_length(self.year, self.month, self.leap)
        if not last:
            raise RuleError(
                format_lazy(_("The lunar year {year} has no leap month {month}."), year=self.year, month=self.month),
                _("Check the year, or leave out 闰."),
            )
        if not 1 <= self.day <= last:
            raise RuleError(
                format_lazy(_("There is no day {day} in that lunar month."), day=self.day),
                format_lazy(_("That month has {last} days."), last=last),
            )
