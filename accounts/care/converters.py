"""Months in addresses."""

from datetime import date

from accounts.care.rules import Month


class MonthConverter:
    """`2027-01`, a month of the lunar table; anything else is no address."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """First day of the month; `ValueError` where there is none."""
        return Month.of(date.fromisoformat(f"{value}-01")).first

    def to_url(self, value: date | str) -> str:
        """2027-01, from a day of the month or as written."""
        return value if isinstance(value, str) else f"{value:%Y-%m}"
