"""Birthdays and greetings in words."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext

from accounts.care.choices import CareStatus, GreetingWay
from accounts.care.models import BirthdayCare
from accounts.care.selectors import yearless_birthday
from accounts.choices import Gender
from accounts.models import Contact
from accounts.rules.birthdays import write_birthday
from kam.outbox.rules import filled

TONES = {
    CareStatus.PLANNED: "warn",
    CareStatus.VERIFIED: "info",
    CareStatus.PREPARED: "info",
    CareStatus.NOT_REACHED: "warn",
    CareStatus.DONE: "ok",
    CareStatus.SKIPPED: "idle",
}
TITLES = {Gender.MALE: "先生", Gender.FEMALE: "女士"}
WAY_ICONS = {GreetingWay.CALL: "phone", GreetingWay.VISIT: "map-pin", GreetingWay.SMS: "message-exclamation"}


def birthday_words(care: BirthdayCare) -> str:
    """How the person keeps the birthday, without the year: 农历八月十五; empty when it is no longer known."""
    birthday = yearless_birthday(care.contact)
    return write_birthday(birthday, get_language() or "") if birthday else ""


def age_at(care: BirthdayCare) -> int | None:
    """How old the person turns; None without a year of birth. Lunar years count from one lunar birthday to the next."""
    return care.care_year - care.contact.birthday_year if care.contact.birthday_year else None


def late_words(days: int) -> str:
    """By how much an open care is late."""
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}


def greeting_fields(contact: Contact) -> dict[str, str]:
    """The personal fields of the greeting SMS."""
    title = TITLES.get(contact.gender, "")  # type: ignore[call-overload]
    return {"name": contact.name, "title": title, "client": str(contact.account), "company": settings.COMPANY_NAME}


def greeting_text(contact: Contact) -> str:
    """The greeting SMS for this person, without the signature. Raises `RuleError` for an unknown field."""
    return filled(settings.BIRTHDAY_GREETING, greeting_fields(contact))


def phone_url(number: str) -> str:
    """The address that a phone dials; empty without a number."""
    return f"tel:{number}" if number else ""


def short_line(care: BirthdayCare) -> Any:
    """One line of a message: day, how it is kept, who, where."""
    parts = (f"{care.falls_on:%m-%d}", birthday_words(care), care.contact.name, care.account.name, care.contact.post)
    return " · ".join(part for part in parts if part)
