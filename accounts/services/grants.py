"""Who may see and work which client. Nothing else writes `AccountGrant`.

Only account managers hold grants: the other roles see all clients or none, by the permission table.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import GrantSource
from accounts.messages import ASSIGNED, SHARE_ENDING, SHARED
from accounts.models import Account, AccountGrant
from accounts.services.checks import lock_account
from accounts.telling import tell_of_client
from kam.approvals.models import Request
from kam.approvals.services import requests_recheck
from kam.core.calendar import now, today
from kam.core.exceptions import DomainError, FieldErrors
from kam.core.history import Operation, record_save
from kam.outbox.services import message_send
from kam.people.choices import Role
from kam.people.models import Member

TOLD_BEFORE = timedelta(days=3)
"""How long before its end a share is announced to end."""
LONGEST_SHARE = timedelta(days=366)
FULL = ("view_account", "change_account")
READ = ("view_account",)


@transaction.atomic
def account_assign(
    *,
    account_pk: int,
    owner: Member | None,
    deputy: Member | None,
    actor: Member | None,
    on_behalf_of: Member | None = None,
    reason: str = "",
    operation: Operation | None = None,
    request: Request | None = None,
) -> Account:
    """Give the client to `owner` and `deputy`; whoever had it before loses access at once.

    As part of an `operation` nobody is told: that is one message for all its clients. `request` is the approved one
    that hands it over, whoever decided that. Raises `FieldErrors` for people who left or are no account managers,
    `NotAllowed`.
    """
    account = lock_account(account_pk, None if request else actor, "assign")
    errors = wrong_people(owner, deputy)
    if errors:
        raise FieldErrors(errors)
    if (account.owner_id, account.deputy_id) == (_pk(owner), _pk(deputy)):
        return account
    before = {person for person in (account.owner_id, account.deputy_id) if person}
    account.owner, account.deputy = owner, deputy
    record_save(
        account,
        ["owner", "deputy", "updated_at"],
        actor=actor,
        on_behalf_of=on_behalf_of,
        operation=operation,
        reason=request.number if request else reason,
    )
    write_grants(account, actor=actor)
    tell_of_client(account, actor=actor)
    if operation is None:
        tell_assigned(account, before, actor=actor)
    if request is None:
        requests_recheck(account_id=account.pk, actor=actor, now=now())
    return account


def tell_assigned(account: Account, before: set[int], *, actor: Member | None) -> None:
    """Tell owner and deputy that the client is theirs; not who did it, nor who had it `before` (member keys)."""
    for person in (account.owner, account.deputy):
        if person and person.pk not in before and person != actor:
            message_send(
                kind=ASSIGNED,
                recipient=person,
                key=f"accounts.assigned:{account.pk}:{account.updated_at.isoformat()}",
                at=account.updated_at,
                text=_("%(client)s is yours to look after now."),
                params={"client": account.name},
                url=account.get_absolute_url(),
                account_id=account.pk,
            )


@transaction.atomic
def account_share(
    *,
    account_pk: int,
    member: Member,
    permission: str,
    ends_on: date,
    actor: Member | None,
    on_behalf_of: Member | None = None,
    request: Any = None,
) -> AccountGrant:
    """Let a colleague see (`permission="view"`) or also work on (`"change"`) the client until `ends_on`.

    Called by the approved request. A new share replaces an earlier one with the same colleague.
    Raises `FieldErrors`.
    """
    account = lock_account(account_pk, None, "share")
    errors = share_errors(account, member, permission, ends_on, on=today())
    if errors:
        raise FieldErrors(errors)
    AccountGrant.objects.for_system().filter(content_object=account, user=member, source=GrantSource.SHARE).delete()
    grants = _insert(
        account, member, GrantSource.SHARE, READ if permission == "view" else FULL, ends_on=ends_on, actor=actor
    )
    message_send(
        kind=SHARED,
        recipient=member,
        key=f"accounts.shared:{grants[0].pk}",
        at=grants[0].created_at,
        text=_("%(client)s is shared with you until %(day)s."),
        params={"client": account.name, "day": ends_on.isoformat()},
        url=account.get_absolute_url(),
        account_id=account.pk,
    )
    return grants[0]


def share_errors(
    account: Account, member: Member | None, permission: str, ends_on: date | None, *, on: date
) -> dict[str, Any]:
    """What is wrong with a share, by form field; empty when it may be asked for."""
    errors: dict[str, Any] = {}
    if member is None or not member.is_active or member.role != Role.MANAGER:
        errors["member"] = _("Choose an account manager who works here.")
    elif member.pk in (account.owner_id, account.deputy_id):
        errors["member"] = _("This colleague looks after the client already.")
    if permission not in ("view", "change"):
        errors["permission"] = _("Choose what the colleague may do.")
    if ends_on is None or ends_on < on:
        errors["ends_on"] = _("Choose a day from today on.")
    elif ends_on > on + LONGEST_SHARE:
        errors["ends_on"] = _("A share lasts one year at most.")
    return errors


@transaction.atomic
def account_unshare(*, account_pk: int, member: Member, actor: Member | None) -> int:
    """End a share at once; returns how many grants were taken back."""
    account = lock_account(account_pk, actor, "share")
    rows = AccountGrant.objects.for_system().filter(content_object=account, user=member, source=GrantSource.SHARE)
    if not rows.exists():
        raise DomainError(_("This client is not shared with that colleague any more."))
    return rows.delete()[0]


@transaction.atomic
def shares_tell_ending(*, on: date, at: datetime, actor: Member | None = None) -> int:
    """Tell colleague and account manager of shares that end within three days, once each; returns how many shares."""
    ending = (
        AccountGrant.objects.for_system()
        .filter(source=GrantSource.SHARE, ends_on__range=(on, on + TOLD_BEFORE))
        .order_by("content_object_id", "user_id", "ends_on")
        .values_list("content_object_id", "user_id", "ends_on")
        .distinct()
    )
    rows = list(ending)
    clients = Account.objects.for_system().select_related("owner").in_bulk({row[0] for row in rows})
    colleagues = Member.objects.for_system().in_bulk({row[1] for row in rows})
    return sum(_tell_ending(clients[client], colleagues[colleague], day, at) for client, colleague, day in rows if day)


def _tell_ending(account: Account, colleague: Member, ends_on: date, at: datetime) -> bool:
    told = [
        message_send(
            kind=SHARE_ENDING,
            recipient=person,
            key=f"accounts.share_ending:{account.pk}:{colleague.pk}:{ends_on}",
            text=_("The share of %(client)s with %(colleague)s ends on %(day)s."),
            params={"client": account.name, "colleague": colleague.full_name, "day": ends_on.isoformat()},
            url=account.get_absolute_url(),
            account_id=account.pk,
            at=at,
        )
        for person in (colleague, account.owner)
        if person is not None
    ]
    return any(told)


@transaction.atomic
def grants_drop_ended(*, on: date, actor: Member | None = None) -> int:
    """Delete grants that ended before `on`; they have not counted since. Returns how many."""
    return AccountGrant.objects.for_system().filter(ends_on__lt=on).delete()[0]


@transaction.atomic
def grants_follow_role(*, member: Member, actor: Member | None) -> None:
    """Rewrite the grants on all clients of a member whose role changed: only account managers hold any."""
    own = Account.objects.for_system().filter(owner=member) | Account.objects.for_system().filter(deputy=member)
    for account_pk in own.values_list("pk", flat=True):
        write_grants(lock_account(account_pk, None, "assign"), actor=actor)
    if member.role != Role.MANAGER:
        AccountGrant.objects.for_system().filter(user=member).delete()


def write_grants(account: Account, *, actor: Member | None) -> None:
    """Make the grants of owner and deputy agree with the client; a share with one of them is dropped."""
    held = AccountGrant.objects.for_system().filter(content_object=account)
    held.exclude(source=GrantSource.SHARE).delete()
    for person, source in ((account.owner, GrantSource.OWN), (account.deputy, GrantSource.DEPUTY)):
        if person and person.role == Role.MANAGER:
            held.filter(user=person, source=GrantSource.SHARE).delete()
            _insert(account, person, source, FULL, ends_on=None, actor=actor)


def shares_with(member: Member, account_pks: Iterable[int]) -> list[dict[str, Any]]:
    """The shares that `member` holds on these clients, as plain values that `shares_restore` takes."""
    held = AccountGrant.objects.for_system().filter(
        source=GrantSource.SHARE, user=member, content_object__in=account_pks
    )
    return [
        {**row, "ends_on": str(row["ends_on"])}
        for row in held.order_by("pk").values(
            "content_object_id", "user_id", "permission_id", "ends_on", "granted_by_id"
        )
    ]


def shares_restore(shares: Iterable[Mapping[str, Any]], *, account_pks: Collection[int], on: date) -> None:
    """Put shares back that were dropped when their holder became owner, as far as they would still run."""
    AccountGrant.objects.for_system().bulk_create(
        AccountGrant(**{**share, "ends_on": date.fromisoformat(share["ends_on"]), "source": GrantSource.SHARE})
        for share in shares
        if share["content_object_id"] in account_pks and date.fromisoformat(share["ends_on"]) >= on
    )


def check_grants() -> list[str]:
    """Proof that grants and dossiers agree; a line for each client where they do not."""
    expected = {
        (account_id, person_id, source)
        for account_id, owner_id, deputy_id in Account.objects.for_system()
        .values_list("pk", "owner_id", "deputy_id")
        .iterator()
        for person_id, source in ((owner_id, GrantSource.OWN.value), (deputy_id, GrantSource.DEPUTY.value))
        if person_id
    }
    managers = set(Member.objects.for_system().filter(role=Role.MANAGER).values_list("pk", flat=True))
    expected = {row for row in expected if row[1] in managers}
    found: dict[tuple[int, int, str], set[str]] = {}
    rows = AccountGrant.objects.for_system().exclude(source=GrantSource.SHARE)
    for account_id, user_id, source, codename in rows.values_list(
        "content_object_id", "user_id", "source", "permission__codename"
    ).iterator():
        found.setdefault((account_id, user_id, source), set()).add(codename)
    complete = {row for row, codenames in found.items() if codenames == set(FULL)}
    missing = [f"client {row[0]}: member {row[1]} lacks the {row[2]} grant" for row in sorted(expected - complete)]
    surplus = [
        f"client {row[0]}: member {row[1]} holds a {row[2]} grant in error" for row in sorted(set(found) - expected)
    ]
    return missing + surplus


def _insert(
    account: Account,
    member: Member,
    source: str,
    codenames: tuple[str, ...],
    *,
    ends_on: date | None,
    actor: Member | None,
) -> list[AccountGrant]:
    permissions = Permission.objects.filter(codename__in=codenames, content_type__app_label="accounts")
    return AccountGrant.objects.bulk_create(
        AccountGrant(
            content_object=account, user=member, permission=permission, source=source, ends_on=ends_on, granted_by=actor
        )
        for permission in permissions
    )


def wrong_people(owner: Member | None, deputy: Member | None) -> dict[str, Any]:
    """What is wrong with owner and deputy, by form field; empty when they may have the client."""
    errors: dict[str, Any] = {}
    if owner is None:
        errors["owner"] = _("Choose the account manager: no client is without one.")
    for name, person in (("owner", owner), ("deputy", deputy)):
        if person and (not person.is_active or person.role != Role.MANAGER):
            errors[name] = _("Choose an account manager who works here.")
    if owner and owner == deputy:
        errors["deputy"] = _("The deputy is another person than the account manager.")
    return errors


def _pk(member: Member | None) -> int | None:
    return member.pk if member else None
