"""Reads of the dossier across relations: who sees a client and why, its people, its standing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.choices import GrantSource, Stance
from accounts.models import Account, AccountGrant, Contact
from accounts.rules.birthdays import Birthday, next_birthday, write_birthday
from accounts.rules.phones import format_phone
from accounts.rules.terms import PaymentTerm, write_term
from kam.core.exceptions import RuleError
from kam.core.scoping import Reach, allowed, grant_codename, reach
from kam.people.choices import Role
from kam.people.permissions import ROLES, TABLE, reach_of

BIRTHDAY_FIELDS = tuple(f"birthday_{part}" for part in ("calendar", "month", "day", "leap", "year"))
"""Columns of a contact that `birthday_of` takes, in its order."""
STANCE_TONES = {Stance.SUPPORTS: "ok", Stance.NEUTRAL: "warn", Stance.OPPOSES: "bad", Stance.UNKNOWN: "idle"}


@dataclass(frozen=True)
class LiveGrant:
    """A grant that counts today, with the names of its member and of who gave it."""

    member_pk: int
    member: str
    codename: str
    source: str
    ends_on: date | None
    granted_by: str | None


@dataclass(frozen=True)
class Sight:
    """Why somebody sees a client: a member or a whole role, and the reason in words."""

    who: str
    why: str
    member_pk: int | None = None
    can_end: bool = False
    """A share, which can be ended before its day."""


@dataclass(frozen=True)
class Person:
    """A contact as the people tab shows it."""

    contact: Contact
    phone: str
    landline: str
    birthday: str
    next_birthday: date | None
    tone: str
    """How the stance is coloured; the word stands beside it."""


def live_grants(account: Account, *, on: date) -> list[LiveGrant]:
    """The grants on the client that count on that day, of members who work here."""
    held = AccountGrant.objects.for_system().live(on).filter(content_object=account, user__is_active=True)
    parts = ("user", "user__full_name", "permission__codename", "source", "ends_on", "granted_by__full_name")
    return [LiveGrant(*row) for _pk, *row in sorted(held.values_list("pk", *parts), key=lambda row: (row[4], row[0]))]


def actions_allowed(user: Any, grants: Iterable[LiveGrant]) -> frozenset[str]:
    """Every action of the permission table that `user` may perform on a client with these live grants; no query."""
    held = {grant.codename for grant in grants if grant.member_pk == user.pk}
    reaches = {action: reach(user, Account, action) for action in TABLE["accounts.account"]}
    return frozenset(
        action
        for action, found in reaches.items()
        if found is Reach.ALL or (found is Reach.CLIENT and grant_codename(action) in held)
    )


def why_visible(user: Any, obj: Any, *, on: date) -> str:
    """In words, why `user` sees the client (or the row of a client); empty when he does not."""
    account: Account = obj if isinstance(obj, Account) else obj.account
    if not allowed(user, obj, "view"):
        return ""
    if reach(user, type(obj), "view") is Reach.ALL:
        return _("The role “%(role)s” sees every client.") % {"role": user.get_role_display()}
    grants = [grant for grant in live_grants(account, on=on) if grant.member_pk == user.pk]
    return " ".join(dict.fromkeys(_in_words(grant, grants) for grant in grants))


def who_sees(grants: Iterable[LiveGrant]) -> list[Sight]:
    """Everybody who sees a client with these live grants, and why: people, then the roles that see every client."""
    by_member: dict[int, list[LiveGrant]] = {}
    for grant in grants:
        by_member.setdefault(grant.member_pk, []).append(grant)
    people = [
        Sight(
            who=held[0].member,
            why=" ".join(dict.fromkeys(_in_words(grant, held) for grant in held)),
            member_pk=member_pk,
            can_end=all(grant.source == GrantSource.SHARE for grant in held),
        )
        for member_pk, held in by_member.items()
    ]
    roles = [role for role in ROLES if reach_of(role, "accounts.account", "view") is Reach.ALL]
    return people + [Sight(str(Role(role).label), _("Sees every client by role.")) for role in roles]


def _in_words(grant: LiveGrant, grants: Iterable[LiveGrant]) -> str:
    if grant.source == GrantSource.OWN:
        return _("Account manager of the client.")
    if grant.source == GrantSource.DEPUTY:
        return _("Deputy for the client.")
    works = any(other.codename == "change_account" for other in grants)
    words = (
        _("Shared by %(who)s until %(day)s, to see and to work on.")
        if works
        else _("Shared by %(who)s until %(day)s, to see only.")
    )
    return words % {"who": grant.granted_by or _("the department"), "day": grant.ends_on or "–"}


def birthday_of(calendar: str, month: int | None, day: int | None, leap: bool, year: int | None) -> Birthday | None:
    """A birthday as a contact keeps it in its five columns, as a value; None when it is not known."""
    if not (calendar and month and day):
        return None
    try:
        return Birthday(calendar, month, day, leap, year)  # type: ignore[arg-type]
    except RuleError:
        return None


def people_of(account: Account, user: Any, *, on: date) -> list[Person]:
    """The client's people whom `user` may see, key people first, those who left last."""
    rows = Contact.objects.visible_to(user).filter(account=account).order_by()
    in_order = sorted(rows, key=lambda row: (row.left_on is not None, row.left_on or on, not row.is_key, row.pk))
    return [_person(row, on) for row in in_order]


def _person(contact: Contact, on: date) -> Person:
    birthday = birthday_of(*(getattr(contact, column) for column in BIRTHDAY_FIELDS))
    return Person(
        contact=contact,
        phone=format_phone(contact.mobile) if contact.mobile else "",
        landline=format_phone(contact.landline) if contact.landline else "",
        birthday=write_birthday(birthday, get_language() or "zh-hans") if birthday else "",
        next_birthday=next_birthday(birthday, on) if birthday and contact.left_on is None else None,
        tone=STANCE_TONES[Stance(contact.stance)],
    )


def term_in_words(account: Account) -> str:
    """The client's payment term as people say it: 月结 60 天, prepayment."""
    return write_term(PaymentTerm(account.term_kind, account.term_days), get_language() or "zh-hans")  # type: ignore[arg-type]
