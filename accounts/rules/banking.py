"""Bank accounts as registers hold them: bank and number in one cell."""

import re
from typing import NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import RuleError
from kam.core.plain import plain
from kam.core.readers import Number, exact_number

SHORTEST_NUMBER, LONGEST_NUMBER = 8, 32
EXACT_DIGITS_OF_A_SPREADSHEET = 15

_RIGHT_ACCOUNT = _("Write the bank and the number, as in 农业银行 5750 0407 9337 9156.")
_LABEL = re.compile(r"^(?:开户行|开户银行|银行):|(?:[账帐]号|账户|卡号):?")
_BANK_AND_NUMBER = re.compile(r"(?P<bank>[^\d]*?)[\s:,;/]*(?P<number>\d[\d\s-]*)")
_SET_APART = re.compile(r"(?P<bank>.*?)(?:[\s:,;/]+|\((?=[\d\s-]+\)$))(?P<number>\d[\d\s-]*)\)?")
"""A bank whose name has digits, 招商银行3号支行, and a number in brackets."""


class BankDetails(NamedTuple):
    """A bank, empty where only the number is known, and the account number in digits."""

    bank_name: str
    account_number: str


def read_bank_account(value: str | Number) -> BankDetails:
    """Bank and account number; number cells beyond 15 digits are refused, because spreadsheets round them."""
    text = plain(value) if isinstance(value, str) else _exact_digits(value)
    text = _LABEL.sub("", text)
    match = _BANK_AND_NUMBER.fullmatch(text) or _SET_APART.fullmatch(text)
    if not match:
        raise RuleError(_("This is not a bank account."), _RIGHT_ACCOUNT)
    number = "".join(char for char in match["number"] if char.isdigit())
    if not SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER:
        raise RuleError(
            format_lazy(_("The account number has {count} digits."), count=len(number)),
            format_lazy(
                _("Account numbers have {least} to {most} digits."), least=SHORTEST_NUMBER, most=LONGEST_NUMBER
            ),
        )
    return BankDetails(match["bank"].strip(), number)


def _exact_digits(value: Number) -> str:
    """The digits of a number cell that are certain to be those that were entered."""
    number = exact_number(value, _RIGHT_ACCOUNT)
    if number >= 10**EXACT_DIGITS_OF_A_SPREADSHEET:
        raise RuleError(
            _("The spreadsheet has cut off digits of this number."),
            _("Format the cell as text and enter the number again."),
        )
    return f"{number:f}"
