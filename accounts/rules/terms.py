"""Payment terms: how they are written, and when a receipt falls due (domain rules §3)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import RuleError
from kam.core.numerals import NUMERAL
from kam.core.plain import squeezed
from kam.core.readers import Number, exact_number, read_count

LONGEST_DAYS = 730

_RIGHT_TERM = _("Write 30天, 月结60天, 现结 or 预付.")

_COUNT = rf"(?P<days>\d{{1,5}}|[{NUMERAL}]{{1,7}})"
_DAYS = r"(?:天|日|days?|d)?"
_BEFORE = "(?:[账帐]期:?|到货|货到|收货|收到货|签收|验收(?:合格)?|net)?后?"
_BEHIND = "(?:[账帐]期|内?付款|内)?"
_BRACKETS = re.compile(r"[()\[\]]")
_NOTATIONS: list[tuple[Literal["days", "month_end"], re.Pattern[str]]] = [
    ("month_end", re.compile(rf"(?:月结|月底|月末|monthend)\+?{_COUNT}{_DAYS}{_BEHIND}", re.IGNORECASE)),
    ("month_end", re.compile(rf"{_COUNT}[天日]月结")),
    ("days", re.compile(rf"{_BEFORE}{_COUNT}{_DAYS}{_BEHIND}", re.IGNORECASE)),
]
_ON_RECEIPT = ("现结", "现款", "现付", "现款现货", "现款现结", "货到付款", "货到即付", "货到现结")
_PREPAID = (
    *("预付", "预付款", "全额预付", "全款预付", "预付全款", "100%预付", "预付100%", "预付款100%", "100%预付款"),
    *("先款后货", "先付款后发货", "先付后发", "款到发货", "款到付货", "付款发货", "prepaid", "prepayment"),
)
_FROM_INVOICE = re.compile("票")
_MONTHS = re.compile("个月|半年|年")


@dataclass(frozen=True)
class PaymentTerm:
    """What payment is counted from, and how many calendar days; prepaid terms have no days."""

    kind: Literal["prepaid", "days", "month_end"]
    days: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.days <= LONGEST_DAYS:
            raise RuleError(
                format_lazy(_("A term of {days} days is not possible."), days=self.days),
                format_lazy(_("Terms run from 0 to {longest} days."), longest=LONGEST_DAYS),
            )


def read_term(value: str | Number) -> PaymentTerm:
    """A term as registers hold it: 30, 30天, 三十天, 货到30天, 月结60天, 现结, 预付."""
    if not isinstance(value, str):
        number = exact_number(value, _RIGHT_TERM)
        if number != int(number):
            raise RuleError(_("A term has whole days."), _RIGHT_TERM)
        return PaymentTerm("days", int(number))
    text = _BRACKETS.sub("", squeezed(value))
    if text in _ON_RECEIPT:
        return PaymentTerm("days", 0)
    if text.lower() in _PREPAID:
        return PaymentTerm("prepaid")
    for kind, notation in _NOTATIONS:
        if match := notation.fullmatch(text):
            return PaymentTerm(kind, read_count(match["days"], _RIGHT_TERM))
    raise _unreadable_term(text)


def write_term(term: PaymentTerm, language: str) -> str:
    """The term in words that `read_term` understands."""
    chinese = language.startswith("zh")
    if term.kind == "prepaid":
        return "预付" if chinese else "prepaid"
    if term.kind == "month_end":
        return f"月结{term.days}天" if chinese else f"month end + {term.days} days"
    return f"{term.days}天" if chinese else f"{term.days} days"


def due_date(term: PaymentTerm, received_on: date) -> date:
    """The day on which goods received by the client are to be paid at the latest; days off do not move it."""
    if term.kind == "month_end":
        last_of_month = calendar.monthrange(received_on.year, received_on.month)[1]
        return received_on.replace(day=last_of_month) + timedelta(days=term.days)
    return received_on + timedelta(days=term.days)


def _unreadable_term(text: str) -> RuleError:
    """The most helpful refusal of a text that is no term."""
    if not text:
        return RuleError(_("The term is empty."), _RIGHT_TERM)
    if _FROM_INVOICE.search(text):
        return RuleError(_("Terms run from the client's receipt, not from the invoice."), _RIGHT_TERM)
    if _MONTHS.search(text):
        return RuleError(_("Months differ in length; a term is counted in days."), _RIGHT_TERM)
    return RuleError(_("This is not a payment term."), _RIGHT_TERM)
