"""Writes judged rows through the services of the dossier, a block at a time."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.choices import AddressKind
from accounts.imports.asking import ask
from accounts.imports.clients import COMPARED
from accounts.imports.contacts import BIRTHDAY
from accounts.imports.contacts import TEXTS as CONTACT_TEXTS
from accounts.models import Account, Address, BankAccount, Contact
from accounts.services.accounts import account_change
from accounts.services.checks import lock_account
from accounts.services.contacts import contact_change
from accounts.services.openings import Opening, account_create_many, contact_create_many
from kam.core.exceptions import DomainError, Text
from kam.core.history import record_save
from kam.core.imports.models import ImportRow, ImportRun, RowState
from kam.core.imports.plan import Outcome

OPENING = (*COMPARED, "number", "grade", "term_kind", "term_days")
PERSON = ("name", "gender", "mobile", "landline", "email", *CONTACT_TEXTS, *BIRTHDAY)
LONGEST_REMARK = 300


def clients_write(run: ImportRun, rows: list[ImportRow]) -> None:
    """Open the new clients of the block and change the known ones."""
    fresh = [row for row in rows if row.outcome == Outcome.NEW]
    results = account_create_many(
        actor=run.actor, openings=[_opening(row.data) for row in fresh], operation=_operation(run)
    )
    for row, result in zip(fresh, results, strict=True):
        _mark(row, result)
    for row in rows:
        if row.outcome == Outcome.CHANGED:
            _one_by_one(run, row, _change_client)


def contacts_write(run: ImportRun, rows: list[ImportRow]) -> None:
    """Add the new people of the block and change the known ones; those whose client did not go in stay out."""
    opened = _opened_clients(run, rows)
    fresh = []
    for row in rows:
        account_pk = row.data.get("account") or opened.get(row.waits_for)
        if row.outcome == Outcome.NEW and account_pk:
            fresh.append((row, account_pk))
        elif row.outcome == Outcome.NEW:
            _mark(row, format_lazy(_("The client in row {row} was not imported."), row=row.waits_row or ""))
    people = [(account_pk, _fields(row.data, PERSON)) for row, account_pk in fresh]
    results = contact_create_many(actor=run.actor, people=people, operation=_operation(run))
    for (row, _account_pk), result in zip(fresh, results, strict=True):
        _mark(row, result)
    for row in rows:
        if row.outcome == Outcome.CHANGED:
            _one_by_one(run, row, _change_contact)


def _opening(data: dict[str, Any]) -> Opening:
    fields = _fields(data, OPENING)
    if "credit_limit" in data:
        fields["credit_limit"] = Decimal(data["credit_limit"])
    bank = (data["bank_name"], data["bank_number"]) if "bank_number" in data else None
    return Opening(fields, data.get("owner"), data.get("address", ""), bank)


def _fields(data: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}


def _opened_clients(run: ImportRun, rows: list[ImportRow]) -> dict[Any, int]:
    """Keys of the clients that rows of this file opened, by sheet and row."""
    waited = {row.waits_row for row in rows if row.waits_row is not None}
    clients = ImportRow.objects.for_system().filter(run=run, row__in=waited, state=RowState.WRITTEN)
    found = clients.filter(register="accounts.account").values_list("sheet", "row", "written")
    return {(sheet, number): pk for sheet, number, pk in found if pk}


def _one_by_one(run: ImportRun, row: ImportRow, change: Any) -> None:
    try:
        with transaction.atomic():
            change(run, row)
    except (DomainError, Account.DoesNotExist, Contact.DoesNotExist) as error:
        row.state = RowState.REFUSED
        reason = error if isinstance(error, DomainError) else _("It is gone, or out of your reach, meanwhile.")
        row.remark = str(reason)[:LONGEST_REMARK]


def _change_client(run: ImportRun, row: ImportRow) -> None:
    account = lock_account(row.target or 0, run.actor, "change")
    _must_be_unchanged(account, row)
    fields = {change["field"] for change in row.changes}
    row.before = {"updated_at": account.updated_at.isoformat(), "version": account.version}
    row.before["fields"] = {name: getattr(account, name) for name in fields if name in COMPARED}
    data = {name: row.data[name] for name in fields if name in COMPARED}
    if data:
        account_change(
            account_pk=account.pk,
            actor=run.actor,
            data=data,
            version=account.version,
            similar_are_others=True,
            operation=_operation(run),
        )
    if "address" in fields:
        part: Any = Address(account=account, kind=AddressKind.OFFICE, line=row.data["address"])
        record_save(part, [], actor=run.actor, operation=run.operation)
    if "bank" in fields:
        part = BankAccount(account=account, bank_name=row.data["bank_name"], account_number=row.data["bank_number"])
        record_save(part, [], actor=run.actor, operation=run.operation)
    _mark(row, account)
    ask(run, row, account)
    if not fields and not row.before["requests"]:
        row.state = RowState.REFUSED


def _change_contact(run: ImportRun, row: ImportRow) -> None:
    contact = Contact.objects.for_system().select_for_update(of=("self",)).get(pk=row.target)
    _must_be_unchanged(contact, row)
    fields = {change["field"] for change in row.changes}
    names = [name for name in PERSON if name in fields or (name in BIRTHDAY and "birthday" in fields)]
    row.before = {
        "updated_at": contact.updated_at.isoformat(),
        "version": contact.version,
        "fields": {name: getattr(contact, name) for name in names},
    }
    data = {name: row.data[name] for name in names}
    contact_change(
        contact_pk=contact.pk, actor=run.actor, data=data, version=contact.version, operation=_operation(run)
    )
    _mark(row, contact)


def _must_be_unchanged(stored: Account | Contact, row: ImportRow) -> None:
    if stored.version != row.version:
        raise DomainError(_("Somebody changed this since the dry run. Judge the file again."))


def _mark(row: ImportRow, result: Any) -> None:
    """Written under the key of the stored row, or refused with the reason."""
    if isinstance(result, Account | Contact):
        row.state, row.written = RowState.WRITTEN, result.pk
    else:
        reason: Text = result
        row.state, row.remark = RowState.REFUSED, str(reason)[:LONGEST_REMARK]


def _operation(run: ImportRun) -> Any:
    return run.operation
