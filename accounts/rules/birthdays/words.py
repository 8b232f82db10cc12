"""Birthdays in words: read in every notation that registers use, and written for people."""

import re
from datetime import date
from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.rules.birthdays.value import Birthday, CalendarKind
from kam.core.exceptions import RuleError
from kam.core.numerals import read_spelt_digits
from kam.core.plain import plain, squeezed
from kam.core.readers import Number, eight_digits, exact_number, read_count, read_date, split_date

Speech = Literal["lunar", "numerals", "unclear", "figures"]

CALENDAR_WORDS: dict[str, CalendarKind] = {
    **dict.fromkeys(("农历", "阴历", "旧历", "夏历", "lunar"), "lunar"),
    **dict.fromkeys(("公历", "阳历", "新历", "西历", "solar"), "solar"),
}
_SHORT_WORDS: dict[str, CalendarKind] = {**dict.fromkeys("农阴旧", "lunar"), **dict.fromkeys("公阳新", "solar")}
"""Read in a column of their own only."""
_CALENDAR_WORD = re.compile(rf"[(\[]?(?P<word>{'|'.join(CALENDAR_WORDS)})[)\]]?:?", re.IGNORECASE)
_LEAP_WORD = re.compile(r"闰|\(leap month\)", re.IGNORECASE)

_NUMERAL = "[一二三四五六七八九十]"
_WORDS = re.compile(
    r"(?:(?P<year>\d{4}|[零一二三四五六七八九]{4})年)?"
    rf"(?P<month>\d{{1,2}}|[正冬腊]|{_NUMERAL}{{1,3}})月"
    rf"(?P<day>\d{{1,2}}|初{_NUMERAL}|{_NUMERAL}{{1,3}}|廿{_NUMERAL}?|卅一?)(?P<mark>[日号])?"
)
_MONTH_NAMES = {"正": 1, "冬": 11, "腊": 12}
_TENS = str.maketrans({"初": "", "廿": "二十", "卅": "三十"})

_LUNAR_MONTHS = "正二三四五六七八九十冬腊"
_LUNAR_TENS = ("初", "十", "廿")
_LUNAR_ROUND_DAYS = {10: "初十", 20: "二十", 30: "三十"}

_RIGHT_BIRTHDAY = _("Write 1981-02-28, 8月15日 or 农历八月十五.")


def read_calendar(text: str) -> CalendarKind:
    """The calendar that a word names: 农历, 阴历, 旧历 the lunar, 公历, 阳历, 新历 the solar one."""
    calendar = CALENDAR_WORDS.get(word := squeezed(text).lower().removesuffix("生日")) or _SHORT_WORDS.get(word)
    if calendar is None:
        raise RuleError(_("No calendar has this name."), _("Write 农历 or 公历, or leave it empty."))
    return calendar


def read_birthday(value: str | Number | date, calendar: str | None = None, date_1904: bool = False) -> Birthday:
    """A birthday in any notation, or a date cell.

    `calendar` is what another column says of it, if anything; words that contradict it are a `RuleError`.
    Where nothing names the calendar, month and day in lunar words mean lunar, all else solar.
    """
    column = read_calendar(calendar) if calendar and squeezed(calendar) else None
    text = _as_text(value, date_1904)
    named = {CALENDAR_WORDS[match["word"].lower()] for match in _CALENDAR_WORD.finditer(text)}
    text, leap_words = _LEAP_WORD.subn("", _CALENDAR_WORD.sub("", text))
    written = _read_written(text)
    said = named | ({column} if column else set())
    if leap_words or written.speech == "lunar" or (written.speech == "numerals" and not named):
        said = said | {"lunar"}
    if len(said) > 1:
        raise CalendarContradiction(
            _("Lunar and solar calendar contradict each other here."), _("Correct either the date or the calendar.")
        )
    if written.speech == "unclear" and not said:
        raise RuleError(_("It is not clear whether this day is lunar or solar."), _RIGHT_BIRTHDAY)
    return Birthday(
        said.pop() if said else "solar", written.month, written.day, leap=bool(leap_words), year=written.year
    )


def write_birthday(birthday: Birthday, language: str) -> str:
    """The birthday in words that `read_birthday` understands: 农历闰四月初三, lunar 4-3 (leap month)."""
    return _in_chinese(birthday) if language.startswith("zh") else _in_english(birthday)


class CalendarContradiction(RuleError):
    """The words of a birthday and what is said of its calendar exclude each other."""


class _Written(NamedTuple):
    """A birthday as it stands in the text, and what its words tell about the calendar.

    `lunar`: words of the lunar calendar only; `numerals`: Chinese numerals, which mean lunar unless the text names the
    solar calendar; `unclear`: a day like 八月五, said in neither way; `figures`: nothing.
    """

    year: int | None
    month: int
    day: int
    speech: Speech


def _as_text(value: str | Number | date, date_1904: bool) -> str:
    """The cell as text. A number of eight digits is one already: lunar days need not exist in the solar calendar."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    number = exact_number(value, _RIGHT_BIRTHDAY)
    if digits := eight_digits(number):
        return digits
    try:
        return read_date(number, date_1904).isoformat()
    except RuleError as error:
        raise RuleError(error.reason, _RIGHT_BIRTHDAY) from error


def _read_written(text: str) -> _Written:
    """Year, month and day of a text from which the words for calendar and leap month are gone."""
    match = _WORDS.fullmatch(squeezed(text))
    if not match:
        try:
            return _Written(*split_date(text), "figures")
        except RuleError as error:
            raise RuleError(error.reason, _RIGHT_BIRTHDAY) from error
    year, month, day, mark = match.group("year", "month", "day", "mark")
    return _Written(
        read_spelt_digits(year) if year else None,
        _MONTH_NAMES.get(month) or read_count(month, _RIGHT_BIRTHDAY),
        read_count(day.translate(_TENS), _RIGHT_BIRTHDAY),
        _speech(month, day, bool(mark)),
    )


def _speech(month: str, day: str, marked: bool) -> Speech:
    """What the words for month and day tell about the calendar; `marked`: 日 or 号 stands behind the day."""
    if month in _MONTH_NAMES or day[0] in "初廿卅":
        return "lunar"
    if marked or month.isdigit() or day.isdigit():
        return "figures"
    return "numerals" if "十" in day else "unclear"


def _in_chinese(birthday: Birthday) -> str:
    year = f"{birthday.year}年" if birthday.year else ""
    if birthday.calendar == "solar":
        return f"公历{year}{birthday.month}月{birthday.day}日"
    leap = "闰" if birthday.leap else ""
    tens, ones = divmod(birthday.day, 10)
    day = _LUNAR_ROUND_DAYS.get(birthday.day) or _LUNAR_TENS[tens] + "零一二三四五六七八九"[ones]
    return f"农历{year}{leap}{_LUNAR_MONTHS[birthday.month - 1]}月{day}"


def _in_english(birthday: Birthday) -> str:
    day = f"{birthday.month}-{birthday.day}"
    if birthday.year:
        day = f"{birthday.year}-{birthday.month:02}-{birthday.day:02}"
    return f"{birthday.calendar} {day}" + (" (leap month)" if birthday.leap else "")
