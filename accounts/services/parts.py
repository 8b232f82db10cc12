"""Bank accounts, addresses and warehouses of a client: small parts that are created, changed and removed alike."""

from collections.abc import Mapping
from copy import copy
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Address, BankAccount, Warehouse
from accounts.rules.phones import read_phone
from accounts.services.checks import lock_account
from kam.core.editing import Edited, apply_edit
from kam.core.exceptions import FieldErrors, RuleError, Text
from kam.core.history import Operation, record_save
from kam.core.locking import lock_row
from kam.core.plain import clean_text
from kam.people.models import Member

Part = TypeVar("Part", BankAccount, Address, Warehouse)
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    BankAccount: ("bank_name", "account_number", "holder", "is_default"),
    Address: ("kind", "province", "city", "line", "recipient", "phone"),
    Warehouse: ("code", "name", "line", "recipient", "phone"),
}


@transaction.atomic
def part_create(
    *,
    model: type[Part],
    account_pk: int,
    actor: Member | None,
    data: Mapping[str, Any],
    operation: Operation | None = None,
) -> Part:
    """Add a part to a client. Raises `FieldErrors`, `NotAllowed`."""
    account = lock_account(account_pk, actor, "change")
    part = model(account=account)
    for name, value in _clean(part, data).items():
        setattr(part, name, value)
    record_save(part, [], actor=actor, operation=operation)
    _one_default(part, actor)
    return part


@transaction.atomic
def part_change(
    *, model: type[Part], part_pk: int, actor: Member | None, data: Mapping[str, Any], version: int
) -> tuple[Part, Edited]:
    """Change a part; `version` is the one that the person saw (`version_of`).

    Raises `FieldErrors`, `EditConflict`, `NotAllowed`.
    """
    part = lock_row(model, part_pk)
    lock_account(part.account_id, actor, "change")
    edited = apply_edit(part, _clean(part, data), version=version, actor=actor)
    _one_default(part, actor)
    return part, edited


@transaction.atomic
def part_remove(*, model: type[Part], part_pk: int, actor: Member | None) -> None:
    """Remove a part; its history stays."""
    part = lock_row(model, part_pk)
    lock_account(part.account_id, actor, "change")
    part._history_user = actor  # type: ignore[attr-defined]
    part.delete()


def _clean(part: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields ready to store, tried on a copy of `part`. Raises `FieldErrors` with a text for each wrong field."""
    if unknown := set(data) - set(FIELDS[type(part)]):
        raise TypeError(f"{type(part).__name__} has no {', '.join(sorted(unknown))}")
    errors: dict[str, Text] = {}
    values: dict[str, Any] = {}
    trial = copy(part)
    for name, value in data.items():
        cleaned = clean_text(value) if isinstance(value, str) else value
        if name == "phone" and cleaned:
            try:
                cleaned = read_phone(cleaned)
            except RuleError as error:
                errors[name] = error.text
        if name == "account_number":
            cleaned = "".join(str(cleaned).split())
            if not cleaned.replace("-", "").isalnum() or not cleaned.isascii():
                errors[name] = _("An account number consists of digits, letters and hyphens.")
        values[name] = cleaned
        setattr(trial, name, cleaned)
    try:
        trial.full_clean()
    except ValidationError as error:
        errors |= {name: " ".join(texts) for name, texts in error.message_dict.items() if name not in errors}
    if errors:
        raise FieldErrors({("code" if name == "__all__" else name): text for name, text in errors.items()})
    return values


def _one_default(part: Any, actor: Member | None) -> None:
    """One bank account at most stands on the invoices."""
    if not getattr(part, "is_default", False):
        return
    others = BankAccount.objects.for_system().filter(account_id=part.account_id, is_default=True).exclude(pk=part.pk)
    for other in others.select_for_update():
        other.is_default = False
        record_save(other, ["is_default"], actor=actor)
