"""What cells of the registers mean, and how the meaning is shown beside the original."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.rules.banking import BankDetails
from accounts.rules.birthdays import Birthday, write_birthday
from accounts.rules.identity import normalise_credit_code
from accounts.rules.terms import PaymentTerm, write_term
from kam.core.exceptions import RuleError
from kam.core.imports.cells import cell_text
from kam.core.money import format_money
from kam.core.plain import plain
from kam.core.readers import read_money

CODE_DIGITS_OF_A_NUMBER_CELL = 15
_UNITS = "百千万萬亿億元圆块角分kKwW¥"


def read_limit(factor: Decimal | None) -> Callable[[Any], Decimal]:
    """A rule for credit limits; bare figures count in the unit that the header names (`factor`)."""

    def rule(value: Any) -> Decimal:
        bare = not isinstance(value, str) or not any(unit in plain(value) for unit in _UNITS)
        amount = read_money(value, 6) if bare and factor else read_money(value)
        if bare and factor:
            amount = read_money(amount * factor)
        if amount < 0:
            raise RuleError(_("A limit cannot be negative."), _("Write 0 or more."))
        return amount

    return rule


def read_code(value: Any) -> str:
    """A credit code; a number cell has lost its last digits."""
    if not isinstance(value, str) and len(cell_text(value)) > CODE_DIGITS_OF_A_NUMBER_CELL:
        raise RuleError(
            _("The spreadsheet has cut off digits of this number."),
            _("Format the cell as text and enter the number again."),
        )
    return normalise_credit_code(cell_text(value))


def show_money(amount: Decimal) -> str:
    """An amount as lists show it."""
    return format_money(amount)


def show_term(term: PaymentTerm) -> str:
    """A term in words."""
    return write_term(term, get_language() or "")


def show_birthday(birthday: Birthday) -> str:
    """A birthday in words."""
    return write_birthday(birthday, get_language() or "")


def show_bank(bank: BankDetails) -> str:
    """Bank and number."""
    return f"{bank.bank_name} {bank.account_number}".strip()
