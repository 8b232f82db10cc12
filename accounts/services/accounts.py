"""Clients come and change."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountStatus, Grade
from accounts.models import Account
from accounts.services.checks import lock_account
from accounts.services.cleaning import CLEANED, NAME_KEYS, clean_account
from accounts.services.grants import tell_assigned, write_grants, wrong_people
from accounts.services.search import search_terms_refresh
from accounts.telling import tell_of_client
from kam.approvals.models import Request
from kam.approvals.services import requests_recheck
from kam.core.calendar import now
from kam.core.editing import Edited, apply_edit
from kam.core.exceptions import DomainError, FieldErrors, NotAllowed
from kam.core.history import Operation, record_save
from kam.core.scoping import Reach, reach
from kam.core.states import move, record_move
from kam.people.choices import Role
from kam.people.models import Member

NUMBER_PREFIX = "KA-"
NUMBER_DIGITS = 4
NUMBER_ATTEMPTS = 5


@transaction.atomic
def account_create(
    *,
    actor: Member | None,
    data: Mapping[str, Any],
    owner: Member | None = None,
    deputy: Member | None = None,
    similar_are_others: bool = False,
    operation: Operation | None = None,
) -> Account:
    """Open a dossier. A manager becomes the owner of what he opens, others name one; a missing number gets the next.

    `similar_are_others` is the person's word that the similar clients shown are other companies.
    Raises `FieldErrors`, `NotAllowed`.
    """
    if actor is not None and reach(actor, Account, "add") is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))
    cleaned = clean_account(data, actor=actor, similar_are_others=similar_are_others)
    if actor is not None and actor.role == Role.MANAGER:
        owner = actor
    if actor is not None and (errors := wrong_people(owner, deputy)):
        raise FieldErrors(errors)
    account = Account(**cleaned, owner=owner, deputy=deputy)
    _insert(account, actor, operation)
    record_move(account, old="", new=account.status, actor=actor)
    write_grants(account, actor=actor)
    if operation is None:
        tell_assigned(account, set(), actor=actor)
    search_terms_refresh([account.pk])
    return account


@transaction.atomic
def account_change(
    *,
    account_pk: int,
    actor: Member | None,
    data: Mapping[str, Any],
    version: int,
    similar_are_others: bool = False,
    operation: Operation | None = None,
) -> tuple[Account, Edited]:
    """Change what the form of a client holds (`CLEANED`); tells what was written and what others changed meanwhile.

    Credit, grade, owner and status have services of their own. Raises `FieldErrors`, `EditConflict`, `NotAllowed`.
    """
    if unknown := set(data) - set(CLEANED):
        raise TypeError(f"account_change does not take {', '.join(sorted(unknown))}")
    if data.get("parent"):
        _lock_group(account_pk, data["parent"])
    account = lock_account(account_pk, actor, "change")
    cleaned = clean_account(data, actor=actor, account=account, similar_are_others=similar_are_others)
    keys = {name: cleaned.pop(name) for name in NAME_KEYS if name in cleaned}
    derived = {"name": keys} if keys else {}
    edited = apply_edit(account, cleaned, version=version, actor=actor, derived=derived, operation=operation)
    if {"name", "short_name", "credit_code"} & set(edited.written):
        search_terms_refresh([account.pk])
    if edited.written:
        requests_recheck(account_id=account.pk, actor=actor, now=now())
    return account, edited


@transaction.atomic
def account_grade(
    *,
    account_pk: int,
    actor: Member | None,
    grade: str,
    reason: str = "",
    on_behalf_of: Member | None = None,
    request: Request | None = None,
) -> Account:
    """The director sets the grade; `request` is the approved one that sets it, whoever decided that.

    Raises `FieldErrors`, `NotAllowed`.
    """
    account = lock_account(account_pk, None if request else actor, "grade")
    if grade and grade not in Grade.values:
        raise FieldErrors({"grade": _("Choose a grade from the list.")})
    if account.grade != grade:
        account.grade = grade
        why = request.number if request else reason
        record_save(account, ["grade", "updated_at"], actor=actor, on_behalf_of=on_behalf_of, reason=why)
        if request is None:
            requests_recheck(account_id=account.pk, actor=actor, now=now())
    return account


@transaction.atomic
def account_status_change(*, account_pk: int, actor: Member | None, to: str, seen: str, reason: str = "") -> Account:
    """Move the relation on: prospect, active, paused, ended. Pausing and ending need a reason.

    `seen` is the status the person saw. Raises `ChangedMeanwhile`, `FieldErrors`, `NotAllowed`.
    """
    account = lock_account(account_pk, actor, "change")
    if to in (AccountStatus.PAUSED, AccountStatus.ENDED) and not reason.strip():
        raise FieldErrors({"reason": _("Say why.")})
    moved = move(account, to, actor=actor, reason=reason.strip(), expected=seen)
    tell_of_client(moved, actor=actor)
    return moved


def _lock_group(account_pk: int, parent: Account) -> None:
    """Lock the client and everything above its new parent in one order, so that two edits cannot close a circle."""
    above: Account | None = parent
    keys = {account_pk}
    while above is not None and above.pk not in keys:
        keys.add(above.pk)
        above = above.parent
    list(Account.objects.for_system().select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _insert(account: Account, actor: Member | None, operation: Operation | None) -> None:
    """Insert under the given or the next number; people who open clients at the same moment get one number each."""
    given = account.number
    for _attempt in range(NUMBER_ATTEMPTS):
        account.number = given or next_number()
        try:
            with transaction.atomic():
                return record_save(account, [], actor=actor, operation=operation)
        except IntegrityError:
            if given or Account.objects.for_system().filter(credit_code=account.credit_code).exclude(credit_code=""):
                break
    raise DomainError(_("This client was opened by somebody else in this moment. Look it up."), "name")


def next_number() -> str:
    """The next free client number, KA-0001 upwards."""
    numbers = Account.objects.for_system().filter(number__startswith=NUMBER_PREFIX).values_list("number", flat=True)
    last = numbers.order_by("-pk").first()
    counted = int(last.removeprefix(NUMBER_PREFIX)) if last and last.removeprefix(NUMBER_PREFIX).isdecimal() else 0
    while Account.objects.for_system().filter(number=_numbered(counted + 1)).exists():
        counted += 1
    return _numbered(counted + 1)


def _numbered(number: int) -> str:
    return f"{NUMBER_PREFIX}{number:0{NUMBER_DIGITS}}"
