"""Phone numbers: read in any notation, kept as E.164 (an extension behind `;ext=`), written as people dial them."""

import re

import phonenumbers
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import RuleError
from kam.core.plain import squeezed

EXTENSION_MARK = ";ext="
SHORTEST_NUMBER = 7

_MOBILE = re.compile(r"1[3-9]\d{9}")
_SERVICE = re.compile(r"[48]00\d{7}")
_LANDLINE = re.compile(r"0(?:10|2\d)\d{8}|0(?![48]00)[3-9]\d{2}\d{7,8}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_CHINA = re.compile(r"^(?:(?:\+|00)86|86(?=1[3-9]\d{9}$))")
_ABROAD = re.compile(r"^00(?=[1-9])")
_EXTENSION = re.compile(r"(?:转|分机|;?ext[.=:]?|x|#|\*)[:.]?(?P<extension>\d{1,6})$", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"(?<=\d{7})-(?P<extension>\d{1,6})$")
_MARKS = re.compile(r"[-()./]")
_SEPARATORS = re.compile(r"[,;、/|]")
_DECIMALS_OF_A_NUMBER_CELL = re.compile(r"(?<=^\d{11})\.0$")

_RIGHT_MOBILE = _("A mobile number has 11 digits and begins with 1, as in 139 0555 2741.")
_RIGHT_PHONE = _("Write a mobile number as 139 0555 2741, a landline with its area code as 0555-1234567.")


def read_mobile(value: str | int | float) -> str:
    """A mainland mobile number as E.164; anything else, landlines too, is a `RuleError`."""
    number = _dialled(_as_text(value, _RIGHT_MOBILE))
    if _MOBILE.fullmatch(number):
        return f"+86{number}"
    if not number.isdigit():
        raise RuleError(_("This is not a mainland mobile number."), _RIGHT_MOBILE)
    if len(number) != 11:
        raise RuleError(format_lazy(_("The mobile number has {count} digits."), count=len(number)), _RIGHT_MOBILE)
    raise RuleError(_("Mobile numbers do not begin like this."), _RIGHT_MOBILE)


def read_phone(value: str | int | float) -> str:
    """Any phone number as E.164: mobile, landline with area code and perhaps extension, 400/800, or foreign with +."""
    text = _as_text(value, _RIGHT_PHONE)
    number, extension = _dialled(text), ""
    if not _MOBILE.fullmatch(number):
        text, extension = _split_extension(text)
        number = _dialled(text)
    if number.startswith("+"):
        return _read_foreign(number) + extension
    if _MOBILE.fullmatch(number) or _SERVICE.fullmatch(number):
        return f"+86{number}{extension}"
    if _LANDLINE.fullmatch(number):
        return f"+86{number[1:]}{extension}"
    if _LOCAL.fullmatch(number):
        raise RuleError(_("The area code is missing."), _RIGHT_PHONE)
    raise RuleError(_("This is not a phone number."), _RIGHT_PHONE)


def format_phone(e164: str, language: str = "zh-hans") -> str:
    """A number kept by `read_phone` or `read_mobile`, as people write it: 139 0555 2741, 0555-1234567 转 801."""
    number, _mark, extension = e164.partition(EXTENSION_MARK)
    written = _format_number(number)
    if not extension:
        return written
    return f"{written} 转 {extension}" if language.startswith("zh") else f"{written} ext. {extension}"


def _as_text(value: str | int | float, right: Promise) -> str:
    """The cell as squeezed text; numbers that Excel turned into scientific notation have lost digits."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _DECIMALS_OF_A_NUMBER_CELL.sub("", squeezed(str(value)))
    if not text:
        raise RuleError(_("The phone number is empty."), right)
    if re.fullmatch(r"[\d.]+e\+?\d+", text, re.IGNORECASE):
        raise RuleError(_("The spreadsheet has cut off digits of this number."), right)
    if sum(len(re.sub(r"\D", "", part)) >= SHORTEST_NUMBER for part in _SEPARATORS.split(text)) > 1:
        raise RuleError(_("The cell holds more than one number."), _("Write one number in each cell."))
    return text


def _split_extension(text: str) -> tuple[str, str]:
    """The number and its extension, the latter with its mark in front, or empty."""
    match = _EXTENSION.search(text) or _DASHED_EXTENSION.search(text)
    return (text[: match.start()], EXTENSION_MARK + match["extension"]) if match else (text, "")


def _dialled(text: str) -> str:
    """The digits as dialled within China, +86 555 1234567 with its 0 again; foreign numbers keep their +."""
    digits = _MARKS.sub("", text)
    national = _CHINA.sub("", digits)
    if national == digits:
        return _ABROAD.sub("+", digits)
    with_zero = f"0{national}"
    return with_zero if _LANDLINE.fullmatch(with_zero) else national


def _read_foreign(number: str) -> str:
    """The E.164 form of a number with a foreign country code."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException as error:
        raise RuleError(_("This is not a phone number."), _RIGHT_PHONE) from error
    if not phonenumbers.is_valid_number(parsed):
        raise RuleError(_("No such number exists in that country."), _RIGHT_PHONE)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _format_number(number: str) -> str:
    """The number itself, grouped by its kind."""
    national = number.removeprefix("+86")
    if national == number:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if _MOBILE.fullmatch(national):
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    if _SERVICE.fullmatch(national):
        return f"{national[:3]}-{national[3:6]}-{national[6:]}"
    area_length = 2 if national.startswith(("10", "2")) else 3
    return f"0{national[:area_length]}-{national[area_length:]}"
