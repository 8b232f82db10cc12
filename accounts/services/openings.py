"""Many clients and people opened at once, by the same rules as one by one and in a handful of queries a block."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.choices import AddressKind, GrantSource
from accounts.models import Account, AccountGrant, Address, BankAccount, Contact
from accounts.rules.likeness import is_same_contact
from accounts.services.accounts import NUMBER_DIGITS, NUMBER_PREFIX, next_number
from accounts.services.cleaning import clean_account_fields
from accounts.services.contacts import clean_contact_fields
from accounts.services.grants import FULL
from accounts.services.search import search_terms_add, search_terms_refresh
from accounts.telling import tell_of_people
from kam.core.exceptions import NotAllowed, Text
from kam.core.history import Operation
from kam.core.scoping import Reach, reach
from kam.core.states import Transition
from kam.people.choices import Role
from kam.people.models import Member


@dataclass(frozen=True)
class Opening:
    """A client to open: the fields of `account_create`, an address and a bank account if there are any."""

    data: Mapping[str, Any]
    owner_id: int | None = None
    address: str = ""
    bank: tuple[str, str] | None = None


@transaction.atomic
def account_create_many(
    *, actor: Member | None, openings: Sequence[Opening], operation: Operation
) -> list[Account | Text]:
    """Open many dossiers; for each the client, or the reason why it was refused. Raises `NotAllowed`."""
    if actor is not None and reach(actor, Account, "add") is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))
    results: list[Account | Text] = []
    for opening in openings:
        cleaned, errors = clean_account_fields(opening.data)
        owner = actor.pk if actor is not None and actor.role == Role.MANAGER else opening.owner_id
        results.append(next(iter(errors.values())) if errors else Account(**cleaned, owner_id=owner))
    _refuse_known(results)
    accounts = [row for row in results if isinstance(row, Account)]
    _give_numbers(accounts)
    Account.objects.bulk_create(accounts)
    _write_history(Account, accounts, actor, operation)
    _record_births(accounts, actor)
    _grant(accounts, actor)
    _open_parts([(row, opening) for row, opening in zip(results, openings, strict=True)], actor, operation)
    search_terms_refresh([account.pk for account in accounts])
    return results


@transaction.atomic
def contact_create_many(
    *, actor: Member | None, people: Sequence[tuple[int, Mapping[str, Any]]], operation: Operation
) -> list[Contact | Text]:
    """Add many people, each with the key of the client; for each the person, or the reason of the refusal."""
    keys = {account_pk for account_pk, _data in people}
    locked = {account.pk for account in Account.objects.for_system().select_for_update().filter(pk__in=keys)}
    if actor is not None:
        locked &= set(Account.objects.visible_to(actor, "change").filter(pk__in=keys).values_list("pk", flat=True))
    known: dict[int, list[Contact]] = {}
    for person in Contact.objects.for_system().filter(account__in=keys):
        known.setdefault(person.account_id, []).append(person)
    results: list[Contact | Text] = []
    for account_pk, data in people:
        contact = Contact(account_id=account_pk)
        cleaned, errors = clean_contact_fields(data, contact)
        for name, value in cleaned.items():
            setattr(contact, name, value)
        here = known.setdefault(account_pk, [])
        if account_pk not in locked:
            results.append(_("You may see this client but not do this. Ask the account manager or the director."))
        elif errors:
            results.append(next(iter(errors.values())))
        elif any(is_same_contact(one.name, one.mobile, contact.name, contact.mobile) for one in here):
            results.append(format_lazy(_("{name} is in this client's dossier already."), name=contact.name))
        else:
            here.append(contact)
            results.append(contact)
    created = [row for row in results if isinstance(row, Contact)]
    Contact.objects.bulk_create(created)
    _write_history(Contact, created, actor, operation)
    search_terms_add(created)
    tell_of_people(pks=[row.pk for row in created], actor=actor)
    return results


class _Known:
    """The numbers, credit codes and names by which a client is recognised."""

    def __init__(self) -> None:
        self.numbers: set[str] = set()
        self.codes: set[str] = set()
        self.codes_by_name: dict[str, set[str]] = {}

    def add(self, account: Account) -> None:
        """Recognise this client from now on."""
        if account.number:
            self.numbers.add(account.number)
        if account.credit_code:
            self.codes.add(account.credit_code)
        self.codes_by_name.setdefault(account.name_key, set()).add(account.credit_code or "")

    def has(self, account: Account) -> bool:
        """Same number, same code, or same name; of two with the same name both may have codes, and they differ."""
        if account.number in self.numbers or account.credit_code in self.codes:
            return True
        namesakes = self.codes_by_name.get(account.name_key)
        return namesakes is not None and (not account.credit_code or "" in namesakes)


def _refuse_known(results: list[Account | Text]) -> None:
    """Put the reason in the place of every client that is stored already, or stands further up in the block."""
    fresh = [row for row in results if isinstance(row, Account)]
    alike = Q(number__in=[row.number for row in fresh if row.number])
    alike |= Q(credit_code__in=[row.credit_code for row in fresh if row.credit_code])
    alike |= Q(name_key__in=[row.name_key for row in fresh])
    known = _Known()
    for stored in Account.objects.for_system().filter(alike):
        known.add(stored)
    for place, result in enumerate(results):
        if isinstance(result, Account):
            if known.has(result):
                results[place] = _("This client was opened by somebody else meanwhile.")
            else:
                known.add(result)


def _give_numbers(accounts: Iterable[Account]) -> None:
    """The next free numbers to those without one."""
    waiting = [account for account in accounts if not account.number]
    if not waiting:
        return
    given = {account.number for account in accounts}
    counted = int(next_number().removeprefix(NUMBER_PREFIX))
    while waiting:
        wanted = [f"{NUMBER_PREFIX}{counted + step:0{NUMBER_DIGITS}}" for step in range(len(waiting))]
        taken = set(Account.objects.for_system().filter(number__in=wanted).values_list("number", flat=True))
        for number in wanted:
            if number not in taken and number not in given:
                waiting.pop(0).number = number
        counted += len(wanted)


def _write_history(model: Any, rows: list[Any], actor: Member | None, operation: Operation) -> None:
    model.history.bulk_history_create(
        rows, default_user=actor, custom_historical_attrs={"operation": operation, "on_behalf_of": None}
    )


def _record_births(accounts: list[Account], actor: Member | None) -> None:
    content_type = ContentType.objects.get_for_model(Account)
    Transition.objects.bulk_create(
        Transition(content_type=content_type, object_id=account.pk, old="", new=account.status, actor=actor)
        for account in accounts
    )


def _grant(accounts: list[Account], actor: Member | None) -> None:
    """As `write_grants` does for one client: owners who are account managers hold the grants of their clients."""
    owners = {account.owner_id for account in accounts}
    managers: dict[int | None, Member] = {
        member.pk: member for member in Member.objects.for_system().filter(pk__in=owners, role=Role.MANAGER)
    }
    permissions = list(Permission.objects.filter(codename__in=FULL, content_type__app_label="accounts"))
    AccountGrant.objects.bulk_create(
        AccountGrant(
            content_object=account,
            user=managers[account.owner_id],
            permission=permission,
            source=GrantSource.OWN,
            granted_by=actor,
        )
        for account in accounts
        if account.owner_id in managers
        for permission in permissions
    )


def _open_parts(opened: list[tuple[Account | Text, Opening]], actor: Member | None, operation: Operation) -> None:
    addresses, banks = [], []
    for account, opening in opened:
        if isinstance(account, Account) and opening.address:
            addresses.append(Address(account=account, kind=AddressKind.OFFICE, line=opening.address))
        if isinstance(account, Account) and opening.bank:
            name, number = opening.bank
            banks.append(BankAccount(account=account, bank_name=name, account_number=number))
    parts: list[tuple[type[models.Model], list[Any]]] = [(Address, addresses), (BankAccount, banks)]
    for model, rows in parts:
        model._default_manager.bulk_create(rows)
        _write_history(model, rows, actor, operation)
