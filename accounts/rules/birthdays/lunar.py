"""The lunar calendar by its published table, lunar years 1900 to 2100."""

from datetime import date

from borax.calendars.lunardate import LCalendars, LunarDate

FIRST_YEAR = 1900
LAST_YEAR = 2100
LONGEST_MONTH = 30


def month_length(year: int, month: int, leap: bool = False) -> int:
    """Days of a lunar month: 29 or 30, or 0 for a leap month that this year does not have."""
    if leap and LCalendars.leap_month(year) != month:
        return 0
    return LCalendars.ndays(year, month, int(leap))


def has_ever_been_leap(month: int) -> bool:
    """Whether any year of the table has this month twice."""
    return bool(LCalendars.get_leap_years(month))


def solar_date(year: int, month: int, day: int, leap: bool = False) -> date:
    """The date on which a lunar day falls."""
    return LunarDate(year, month, day, int(leap)).to_solar_date()


def lunar_year_of(day: date) -> int:
    """The lunar year to which a date belongs."""
    return LunarDate.from_solar(day).year


def lunar_day_of(day: date) -> tuple[int, int, bool]:
    """Month, day and whether the month is a leap one, of a date in the lunar calendar."""
    lunar = LunarDate.from_solar(day)
    return lunar.month, lunar.day, bool(lunar.leap)
