"""A stored client or person as the cells of its register, in words that the readers understand."""

from typing import Any

from accounts.choices import AccountKind, BirthdayCalendar, Gender
from accounts.models import Account, Address, BankAccount, Contact
from accounts.rules.birthdays import Birthday, write_birthday
from accounts.rules.phones import format_phone
from accounts.rules.terms import PaymentTerm, write_term

CHINESE = "zh-hans"
KINDS = {
    AccountKind.ALLIANCE: "联盟商户",
    AccountKind.ENTERPRISE: "企业",
    AccountKind.PUBLIC_BODY: "职能部门",
    AccountKind.CHAIN_RETAILER: "连锁卖场",
    AccountKind.SCHOOL_LIBRARY: "学校图书馆",
}
GENDERS = {Gender.MALE: "男", Gender.FEMALE: "女"}
CALENDARS = {BirthdayCalendar.SOLAR: "公历", BirthdayCalendar.LUNAR: "农历"}
SAME_NAMED = (
    "number",
    "name",
    "short_name",
    "credit_code",
    "province",
    "city",
    "county",
    "industry",
    "grade",
    "credit_limit",
    "source",
    "website",
    "note",
)
OF_A_PERSON = ("name", "unit_name", "post", "email", "wechat", "preferences", "note")


def client_cells(account: Account, address: Address | None = None, bank: BankAccount | None = None) -> dict[str, Any]:
    """The cells of a client, by column key; the limit is a number, everything else text."""
    return {name: getattr(account, name) for name in SAME_NAMED} | {
        "kind": KINDS.get(AccountKind(account.kind), "") if account.kind else "",
        "owner": account.owner.full_name if account.owner else "",
        "term": write_term(PaymentTerm(account.term_kind, account.term_days), CHINESE),  # type: ignore[arg-type]
        "address": address.line if address else "",
        "bank": bank_cell(bank.bank_name, bank.account_number) if bank else "",
    }


def bank_cell(bank_name: str, number: str) -> str:
    """Bank and number; a colon keeps a bank whose name has digits apart from a number."""
    plain = not any(char.isdigit() for char in bank_name) and number.isdigit()
    return f"{bank_name}{' ' if plain else '：'}{number}" if bank_name else number


def contact_cells(contact: Contact) -> dict[str, Any]:
    """The cells of a person, by column key: all of them text."""
    return {name: getattr(contact, name) for name in OF_A_PERSON} | {
        "number": contact.account.number,
        "account": contact.account.name,
        "gender": GENDERS.get(Gender(contact.gender), "") if contact.gender else "",
        "mobile": _phone(contact.mobile),
        "landline": _phone(contact.landline),
        "birthday": _birthday(contact),
        "calendar": CALENDARS[BirthdayCalendar(contact.birthday_calendar)] if contact.birthday_day else "",
    }


def _phone(number: str) -> str:
    return format_phone(number) if number else ""


def _birthday(contact: Contact) -> str:
    """The day in words; the calendar has a column of its own."""
    if not contact.birthday_day:
        return ""
    birthday = Birthday(
        contact.birthday_calendar,  # type: ignore[arg-type]
        contact.birthday_month or 0,
        contact.birthday_day,
        contact.birthday_leap,
        contact.birthday_year,
    )
    return write_birthday(birthday, CHINESE).removeprefix(CALENDARS[BirthdayCalendar(birthday.calendar)])
