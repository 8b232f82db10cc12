"""The month's birthdays as a workbook, as it goes with the mail of the 1st."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.care.choices import CareStatus, Gift, GreetingWay
from accounts.care.models import BirthdayCare
from accounts.care.wording import age_at, birthday_words
from accounts.choices import Gender
from accounts.rules.phones import format_phone
from kam.core.lists.cells import word
from kam.core.lists.sheets import XLSX, Sheet
from kam.outbox.services import File

HEADINGS: Mapping[str | Promise, Callable[[BirthdayCare], Any]] = {
    _("Birthday"): lambda care: care.falls_on,
    _("Kept as"): birthday_words,
    _("Name"): lambda care: care.contact.name,
    _("Gender"): lambda care: word(Gender, care.contact.gender),
    _("Turns"): age_at,
    _("Client"): lambda care: care.account.name,
    _("Post"): lambda care: care.contact.post,
    _("Mobile"): lambda care: format_phone(care.contact.mobile) if care.contact.mobile else "",
    _("Address"): lambda care: care.contact.address,
    _("Greeting"): lambda care: word(GreetingWay, care.way),
    _("Flowers"): lambda care: word(Gift, care.flowers),
    _("Card"): lambda care: word(Gift, care.card),
    _("MMS"): lambda care: word(Gift, care.mms),
    _("Prepared by"): lambda care: care.prepare_on,
    pgettext_lazy("of a client", "Owner"): lambda care: str(care.owner or ""),
    _("State"): lambda care: word(CareStatus, care.status),
}


def month_file(cares: Iterable[BirthdayCare], month: str, language: str) -> File:
    """One line a care, in the language of whoever reads it; `month` is 2027-01."""
    with translation.override(language):
        sheet = Sheet([str(heading) for heading in HEADINGS], _lines(cares))
        with XLSX().export_data(sheet) as stored:
            content = stored.read()
        name = str(_("Birthdays %(month)s.xlsx") % {"month": month})
    return File(name, XLSX.CONTENT_TYPE, content)


def _lines(cares: Iterable[BirthdayCare]) -> Iterator[list[Any]]:
    for care in cares:
        yield [value(care) for value in HEADINGS.values()]
