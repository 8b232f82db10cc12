"""The unified social credit code (统一社会信用代码, GB 32100-2015) by which the state tells companies apart."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.cn.uscc import calc_check_digit

from kam.core.exceptions import RuleError
from kam.core.plain import squeezed

CODE_LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def normalise_credit_code(text: str | int) -> str:
    """The code in capitals and without blanks; `RuleError` unless length, characters and check character are right."""
    code = squeezed(str(text)).replace("-", "").upper()
    if len(code) != CODE_LENGTH:
        raise RuleError(
            format_lazy(_("The credit code has {count} characters."), count=len(code)),
            _("A credit code has 18 characters, as in 914403001922038216."),
        )
    for place, char in enumerate(code, start=1):
        if char not in ALPHABET:
            raise RuleError(
                format_lazy(_("Character {place} of the credit code is “{char}”."), place=place, char=char),
                _("Only digits and capitals without I, O, S, V and Z occur in a credit code."),
            )
    expected = calc_check_digit(code[:-1])
    if code[-1] != expected:
        raise RuleError(
            _("The credit code contains a typing mistake: its check character does not fit."),
            format_lazy(
                _("If all the others are right, the last character is {expected}; compare with the business licence."),
                expected=expected,
            ),
        )
    return code
