"""People at a client come, change and leave. Nobody is deleted: care and history need them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from accounts.rules.birthdays import Birthday
from accounts.rules.phones import read_mobile, read_phone
from accounts.services.checks import lock_account
from accounts.services.cleaning import field_errors
from accounts.services.search import search_terms_refresh
from accounts.telling import tell_of_people
from kam.core.editing import Edited, apply_edit
from kam.core.exceptions import FieldErrors, RuleError, Text
from kam.core.history import Operation, record_save
from kam.core.locking import lock_row
from kam.core.plain import clean_text
from kam.people.models import Member

CLEANED = (
    "name",
    "gender",
    "post",
    "unit_name",
    "mobile",
    "landline",
    "email",
    "wechat",
    "address",
    "birthday_calendar",
    "birthday_year",
    "birthday_month",
    "birthday_day",
    "birthday_leap",
    "preferences",
    "consent",
    "stance",
    "is_key",
    "note",
)


@transaction.atomic
def contact_create(
    *, account_pk: int, actor: Member | None, data: Mapping[str, Any], operation: Operation | None = None
) -> Contact:
    """Add a person to a client. Raises `FieldErrors`, `NotAllowed`."""
    account = lock_account(account_pk, actor, "change")
    contact = Contact(account=account)
    for name, value in clean_contact(data, contact).items():
        setattr(contact, name, value)
    record_save(contact, [], actor=actor, operation=operation)
    search_terms_refresh([account.pk])
    tell_of_people(pks=[contact.pk], actor=actor)
    return contact


@transaction.atomic
def contact_change(
    *,
    contact_pk: int,
    actor: Member | None,
    data: Mapping[str, Any],
    version: int,
    operation: Operation | None = None,
) -> tuple[Contact, Edited]:
    """Change a person's data. Raises `FieldErrors`, `EditConflict`, `NotAllowed`."""
    contact = lock_row(Contact, contact_pk)
    lock_account(contact.account_id, actor, "change")
    edited = apply_edit(contact, clean_contact(data, contact), version=version, actor=actor, operation=operation)
    if {"name", "mobile", "landline"} & set(edited.written):
        search_terms_refresh([contact.account_id])
    if edited.written:
        tell_of_people(pks=[contact.pk], actor=actor)
    return contact, edited


@transaction.atomic
def contact_leave(*, contact_pk: int, actor: Member | None, left_on: date | None) -> Contact:
    """The person left the client on that day; None takes it back."""
    contact = lock_row(Contact, contact_pk)
    lock_account(contact.account_id, actor, "change")
    contact.left_on = left_on
    record_save(contact, ["left_on", "updated_at"], actor=actor)
    tell_of_people(pks=[contact.pk], actor=actor)
    return contact


def clean_contact(data: Mapping[str, Any], contact: Contact) -> dict[str, Any]:
    """The fields ready to store. Raises `FieldErrors` with a text for each wrong field."""
    cleaned, errors = clean_contact_fields(data, contact)
    twin = _same_person(cleaned, contact)
    if twin and "mobile" not in errors and "name" not in errors:
        errors["mobile" if twin.mobile and cleaned.get("mobile") == twin.mobile else "name"] = format_lazy(
            _("{name} is in this client's dossier already."), name=twin.name
        )
    if errors:
        raise FieldErrors(errors)
    return cleaned


def clean_contact_fields(data: Mapping[str, Any], contact: Contact) -> tuple[dict[str, Any], dict[str, Text]]:
    """The fields of a person, each judged without asking the database, and what is wrong with them."""
    if unknown := set(data) - set(CLEANED):
        raise TypeError(f"contacts have no {', '.join(sorted(unknown))}")
    cleaned = {name: clean_text(value) if isinstance(value, str) else value for name, value in data.items()}
    errors: dict[str, Text] = {}
    for name, rule in (("mobile", read_mobile), ("landline", read_phone)):
        if cleaned.get(name):
            try:
                cleaned[name] = rule(cleaned[name])
            except RuleError as error:
                errors[name] = error.text
    errors |= _birthday_errors(cleaned)
    checked = set(cleaned) | ({"name"} if contact.pk is None else set())
    errors |= field_errors(Contact(account_id=contact.account_id, **cleaned), checked)
    return cleaned, errors


def _birthday_errors(cleaned: Mapping[str, Any]) -> dict[str, Text]:
    """A birthday is empty or possible: calendar, month and day together, the year if known."""
    parts = [cleaned.get(f"birthday_{part}") for part in ("calendar", "month", "day")]
    if not any((*parts, cleaned.get("birthday_year"))):
        return {}
    if not all(parts):
        return {"birthday_day": _("A birthday needs calendar, month and day.")}
    try:
        Birthday(parts[0], parts[1], parts[2], bool(cleaned.get("birthday_leap")), cleaned.get("birthday_year"))  # type: ignore[arg-type]
    except RuleError as error:
        return {"birthday_day": error.text}
    return {}


def _same_person(cleaned: Mapping[str, Any], contact: Contact) -> Contact | None:
    """The same mobile, or the same name where one of the two has no mobile (domain rules §2)."""
    name = cleaned.get("name", contact.name)
    mobile = cleaned.get("mobile", contact.mobile)
    others = Contact.objects.for_system().filter(account_id=contact.account_id).exclude(pk=contact.pk)
    if mobile and (twin := others.filter(mobile=mobile).first()):
        return twin
    same_name = others.filter(name=name)
    return (same_name.filter(mobile="") if mobile else same_name).first()
