"""Readers of cells and fields: amounts, dates, addresses in every notation that people use; never a guess."""

import math
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import RuleError, Text
from kam.core.money import LARGEST_AMOUNT, format_money, format_price
from kam.core.numerals import NUMERAL, read_numeral, read_spelt_digits
from kam.core.plain import plain, squeezed

Number = int | float | Decimal

FIRST_DAY = date(1930, 1, 1)
LAST_DAY = date(2099, 12, 31)
LONGEST_AMOUNT = 60

_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)

_RIGHT_AMOUNT = _("Write 500000, 500,000.00 or 50万.")
_RIGHT_EMAIL = _("Write an address as in name@example.com.")
_RIGHT_DATE = _("Write year, month and day, as in 2026-11-23.")

_FOREIGN = re.compile(r"[$€£]|[美港欧日]元|美金|港币|USD|HKD|EUR|JPY")
_NEGATIVE = re.compile(r"^(?P<currency>¥?)[-负]|^\((?=.*\)$)")
_CURRENCY = re.compile(r"^(?:人民币|RMB|CNY|¥)[:]?|(?:RMB|CNY|人民币)$")
_UNITS = {"百": 100, "千": 1000, "K": 1000, "万": 10_000, "W": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_FIGURES = re.compile(
    r"(?P<figures>\d+|\d{1,3}(?:,\d{3})+)(?P<decimals>\.\d+)?(?P<unit>[百千]?万|[百千亿KW])?(?:[元圆]?[整正]?|块)"
)
_SUMMED = re.compile(r"(?:\d+(?:[百千]?万|[百千亿])){2,}(?:[元圆]?[整正]?|块)")
_SUMMAND = re.compile(r"(\d+)([百千]?万|[百千亿])")
_TRADITIONAL = str.maketrans("萬億", "万亿")
_DIGIT = "[零一二三四五六七八九壹贰叁肆伍陆柒捌玖]"
_WORDS = re.compile(
    rf"(?=.)(?:(?P<whole>[{NUMERAL}]+)(?:[元圆块]|$))?零?(?:(?P<jiao>{_DIGIT})角)?零?(?:(?P<fen>{_DIGIT})分)?[整正]?"
)

_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_DATE_NOTATIONS = [
    re.compile(notation)
    for notation in (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<year>)(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?",
        r"(?:(?P<year>[零一二三四五六七八九]{4})年)?(?P<month>[一二三四五六七八九十]{1,3})月(?P<day>[一二三四五六七八九十]{1,3})[日号]?",
    )
]
_SHORT_YEAR = re.compile(r"\d{2}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年.*|\d{4})")
_YEAR_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_INCOMPLETE = re.compile(r"\d{4}(?:[-/.]\d{1,2}|\d{2}|年(?:\d{1,2}月?)?)?|[^月]*月")


def read_money(value: str | Number, places: int = 2) -> Decimal:
    """An amount in CNY with `places` decimals, from 50万, ¥300,000, １００, (1,200.50), 伍拾万元整 or a number cell."""
    amount = _read_amount_text(value) if isinstance(value, str) else exact_number(value, _RIGHT_AMOUNT)
    if abs(amount) > LARGEST_AMOUNT:
        raise RuleError(
            _("The amount is too large."),
            format_lazy(_("Amounts go up to {largest}."), largest=format_money(LARGEST_AMOUNT)),
        )
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    if rounded != amount:
        raise RuleError(
            format_lazy(_("The amount has more than {places} decimals."), places=places),
            format_lazy(_("Rounded it is {amount}."), amount=format_price(rounded)),
        )
    return rounded


def exact_number(value: object, right: Text = "") -> Decimal:
    """A number cell exactly as the spreadsheet shows it: 15 significant digits, no binary dust."""
    if isinstance(value, bool) or not isinstance(value, Number) or not math.isfinite(value):
        raise RuleError(_("This is not a number."), right)
    return Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)


def read_email(text: str) -> str:
    """An e-mail address in lower case; its domain needs a dot."""
    address = plain(text).lower()
    if re.fullmatch(r"[^@\s]+@[^@.\s]+", address):
        raise RuleError(_("The part behind @ has no dot."), _RIGHT_EMAIL)
    try:
        EmailValidator()(address)
    except ValidationError as error:
        reason = _("This is not an e-mail address.") if address else _("The e-mail address is empty.")
        raise RuleError(reason, _RIGHT_EMAIL) from error
    return address


def read_date(value: str | Number | date, date_1904: bool = False) -> date:
    """A full date from any notation, a date cell, or a day number (`date_1904`: of a workbook with that system)."""
    if isinstance(value, str):
        day = _existing(*split_date(value))
    elif isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    else:
        day = _read_number_as_date(value, date_1904)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise RuleError(format_lazy(_("The year {year} cannot be right."), year=day.year), _RIGHT_DATE)
    return day


def split_date(text: str) -> tuple[int | None, int, int]:
    """Year, month and day as written, the year None where it is left out. They need not make a day that exists."""
    written = "".join(_TIME.sub("", plain(text)).split())
    for notation in _DATE_NOTATIONS:
        if match := notation.fullmatch(written):
            year, month, day = match["year"], match["month"], match["day"]
            return (
                read_spelt_digits(year) if year else None,
                read_count(month, _RIGHT_DATE),
                read_count(day, _RIGHT_DATE),
            )
    raise _unreadable_date(written)


def eight_digits(number: Decimal) -> str:
    """A whole number of eight digits, which is how dates are written as numbers; empty for any other."""
    return f"{number:f}" if number == int(number) and 10**7 <= number < 10**8 else ""


def read_count(text: str, right: Text = "") -> int:
    """A whole number in figures or as a Chinese numeral; `right` is what a refusal recommends."""
    try:
        return int(text) if text.isdigit() else read_numeral(text)
    except ValueError as error:
        raise RuleError(format_lazy(_("“{text}” is not a number."), text=text), right) from error


def _read_amount_text(text: str) -> Decimal:
    """The amount that a text states, before its decimals are checked."""
    written = plain(text).upper().translate(_TRADITIONAL)
    if not written:
        raise RuleError(_("The amount is empty."), _RIGHT_AMOUNT)
    if len(written) > LONGEST_AMOUNT:
        raise RuleError(_("This is not an amount."), _RIGHT_AMOUNT)
    if _FOREIGN.search(written):
        raise RuleError(_("The amount is in another currency."), _("Write the amount in yuan."))
    if re.search(r"\d\s+[\d.,]|[.,]\s+\d", written):
        raise RuleError(_("There is a blank inside the number."), _RIGHT_AMOUNT)
    unsigned, negative = _NEGATIVE.subn(r"\g<currency>", squeezed(written))
    unsigned = _CURRENCY.sub("", unsigned.removesuffix(")") if negative else unsigned)
    amount = _read_unsigned(unsigned)
    return -amount if negative else amount


def _read_unsigned(text: str) -> Decimal:
    """An amount without sign and currency, in figures or in words."""
    if match := _FIGURES.fullmatch(text):
        figures = Decimal(match["figures"].replace(",", "") + (match["decimals"] or ""))
        return figures * _UNITS.get(match["unit"], 1)
    if _SUMMED.fullmatch(text):
        return _add_up([(int(figures), _UNITS[unit]) for figures, unit in _SUMMAND.findall(text)])
    if match := _WORDS.fullmatch(text):
        whole, jiao, fen = (
            read_count(part, _RIGHT_AMOUNT) if part else 0 for part in match.group("whole", "jiao", "fen")
        )
        return whole + Decimal(jiao * 10 + fen) / 100
    raise RuleError(_("This is not an amount."), _RIGHT_AMOUNT)


def _add_up(parts: list[tuple[int, int]]) -> Decimal:
    """30万5千 as its parts: each is less than one unit of the part before, or the amount is none."""
    for (_figures, unit), (figures, lesser) in pairwise(parts):
        if figures * lesser >= unit:
            raise RuleError(_("This is not an amount."), _RIGHT_AMOUNT)
    return Decimal(sum(figures * unit for figures, unit in parts))


def _existing(year: int | None, month: int, day: int) -> date:
    """The date, if there is one and its year is known."""
    if year is None:
        raise RuleError(_("The year is missing."), _RIGHT_DATE)
    try:
        return date(year, month, day)
    except ValueError as error:
        reason = format_lazy(_("There is no {month}-{day} in {year}."), year=year, month=month, day=day)
        raise RuleError(reason, _RIGHT_DATE) from error


def _read_number_as_date(value: Number, date_1904: bool) -> date:
    """A date from a number cell: 20261123 as it reads, otherwise the count of days that spreadsheets keep."""
    number = exact_number(value, _RIGHT_DATE)
    if digits := eight_digits(number):
        return _existing(*split_date(digits))
    epoch = _EPOCH_1904 if date_1904 else _EPOCH_1900
    if not (FIRST_DAY - epoch).days <= number < (LAST_DAY - epoch).days + 1:
        raise _unreadable_date(str(value))
    return epoch + timedelta(days=int(number))


def _unreadable_date(written: str) -> RuleError:
    """The most helpful refusal of a text that no notation reads."""
    if _SHORT_YEAR.fullmatch(written):
        return RuleError(_("The year has only two digits."), _RIGHT_DATE)
    if _YEAR_LAST.fullmatch(written):
        return RuleError(_("The year stands last, so day and month cannot be told apart."), _RIGHT_DATE)
    if _INCOMPLETE.fullmatch(written):
        return RuleError(_("The date is incomplete."), _RIGHT_DATE)
    if re.fullmatch(r"\d{5}", written):
        return RuleError(_("This is a bare number, not a date."), _RIGHT_DATE)
    return RuleError(_("This is not a date.") if written else _("The date is empty."), _RIGHT_DATE)
