"""Members come, change, leave and return."""

from copy import copy
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kam.core.editing import apply_edit, version_of
from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.people.choices import GRANTING_ROLES, Role
from kam.people.credentials import first_password
from kam.people.guards import must_be_clean, must_not_circle, must_outrank, must_reach
from kam.people.models import Delegation, Member, Unit
from kam.people.services.passwords import sessions_close
from kam.people.telling import Event, tell_of_delegation, tell_of_role

CHANGEABLE = (
    "full_name",
    "role",
    "unit",
    "superior",
    "phone",
    "email",
    "post",
    "territory",
    "joined_on",
    "away_from",
    "away_until",
)
OWN = ("phone", "email", "language", "away_from", "away_until")
NEVER_TYPED = ["password"]


@transaction.atomic
def member_add(
    *,
    actor: Member | None,
    username: str,
    full_name: str,
    role: str,
    unit: Unit | None = None,
    superior: Member | None = None,
    phone: str = "",
    email: str = "",
    post: str = "",
    territory: str = "",
    joined_on: date | None = None,
    password: str = "",
) -> tuple[Member, str]:
    """Add a member; returns the member and the first password, which is shown once and must be changed.

    Sign-in names are kept in lower case. Without `password` one is invented. Raises `FieldErrors`, `NotAllowed`.
    """
    must_reach(actor, Member, "add")
    member = Member(
        username=Member.normalize_username(username.strip()).lower(),
        full_name=full_name.strip(),
        role=role,
        unit=unit,
        superior=superior,
        phone=phone.strip(),
        email=email.strip(),
        post=post.strip(),
        territory=territory.strip(),
        joined_on=joined_on,
    )
    must_outrank(actor, member)
    _must_fit(member)
    given = password or first_password()
    member.set_password(given)
    _insert(member, actor)
    _join_role_group(member)
    return member, given


@transaction.atomic
def member_change(
    *, actor: Member | None, member_pk: int, on: date, version: int | None = None, **changes: Any
) -> Member:
    """Change the given fields of a member (`CHANGEABLE`). A new role takes effect with the next page.

    `version` is what the person had before him (`version_of`): values he did not touch are left alone. Nobody changes
    the own role; the last director keeps his. Raises `EditConflict`, `FieldErrors`, `DomainError`, `NotAllowed`.
    """
    must_reach(actor, Member, "change")
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"member_change does not take {', '.join(sorted(unknown))}")
    member = _lock(member_pk)
    before, tried = copy(member), copy(member)
    for name, value in changes.items():
        setattr(tried, name, value)
    _must_fit(tried)
    seen = version if version is not None else version_of(member)
    written = apply_edit(member, changes, version=seen, actor=actor).written
    if "role" in written:
        _must_take_role(actor, before, member.role, on)
        _join_role_group(member)
        tell_of_role(member, actor)
    return member


@transaction.atomic
def own_data_change(*, actor: Member, **changes: Any) -> Member:
    """Change what members keep themselves: mobile, e-mail and language."""
    if unknown := set(changes) - set(OWN):
        raise TypeError(f"own_data_change does not take {', '.join(sorted(unknown))}")
    member = lock_row(Member, actor.pk)
    fields = [name for name, value in changes.items() if getattr(member, name) != value]
    for name in fields:
        setattr(member, name, changes[name])
    must_be_clean(member, exclude=NEVER_TYPED)
    record_save(member, fields, actor=actor)
    return member


@transaction.atomic
def member_leave(*, actor: Member | None, member_pk: int, left_on: date, at: datetime, on: date) -> Member:
    """The member leaves. From `left_on` on there is no access: open sessions close and delegations end.

    A day in the past or today takes effect at once; a later day by itself when it comes. Nobody leaves by the own
    hand, and the last director stays. Raises `DomainError`, `NotAllowed`, `ChangedMeanwhile`.
    """
    must_reach(actor, Member, "change")
    member = _lock(member_pk)
    must_outrank(actor, member)
    if actor is not None and actor.pk == member.pk:
        raise NotAllowed(_("You cannot end your own access."))
    if not member.is_active:
        raise ChangedMeanwhile(_("%(name)s has already left.") % {"name": member.full_name})
    if member.joined_on and left_on < member.joined_on:
        raise DomainError(_("The day of leaving lies before the day of joining."), "left_on")
    if member.role == Role.DIRECTOR:
        _must_leave_a_director(member, left_on)
    member.left_on = left_on
    record_save(member, ["left_on"], actor=actor)
    if member.has_left(on):
        _close(member, actor=actor, at=at)
    return member


@transaction.atomic
def member_return(*, actor: Member | None, member_pk: int) -> tuple[Member, str]:
    """A member who left comes back, or a leaving that was announced is called off.

    Returns the member and a new first password; the password is empty when access had not ended yet.
    """
    must_reach(actor, Member, "change")
    member = lock_row(Member, member_pk)
    must_outrank(actor, member)
    if member.is_active and member.left_on is None:
        raise ChangedMeanwhile(_("%(name)s has not left.") % {"name": member.full_name})
    had_ended = not member.is_active
    member.left_on = None
    member.is_active = True
    record_save(member, ["left_on", "is_active"], actor=actor)
    if not had_ended:
        return member, ""
    given = first_password()
    member.set_password(given)
    member.must_change_password = True
    record_save(member, ["password", "must_change_password"], actor=actor)
    return member, given


@transaction.atomic
def members_close_departed(*, actor: Member | None = None, at: datetime, on: date) -> int:
    """Close the access of everybody whose announced day of leaving has come; returns how many."""
    due = Member.objects.for_system().filter(is_active=True, left_on__lte=on).values_list("pk", flat=True)
    for member_pk in list(due):
        _close(lock_row(Member, member_pk), actor=actor, at=at)
    return len(due)


def _lock(member_pk: int) -> Member:
    """Lock a member; of a director all directors first, in one order, so that two of them cannot leave each other."""
    rows = Member.objects.for_system()
    if rows.filter(pk=member_pk, role=Role.DIRECTOR).exists():
        list(rows.filter(role=Role.DIRECTOR).order_by("pk").select_for_update())
    return lock_row(Member, member_pk)


def _close(member: Member, *, actor: Member | None, at: datetime) -> None:
    member.is_active = False
    record_save(member, ["is_active"], actor=actor)
    sessions_close(actor=actor, member_pk=member.pk)
    for column in ("grantor", "delegate"):
        held = Delegation.objects.for_system().filter(revoked_at__isnull=True, ends_on__gte=member.left_on)
        for delegation in held.filter(**{column: member}).select_for_update():
            delegation.revoked_at = at
            delegation.revoked_by = actor
            record_save(delegation, ["revoked_at", "revoked_by"], actor=actor)
            tell_of_delegation(delegation, Event.REVOKED, actor)


def _insert(member: Member, actor: Member | None) -> None:
    try:
        with transaction.atomic():
            record_save(member, [], actor=actor)
    except IntegrityError as error:  # somebody added the same name in this very moment
        raise DomainError(_("A member with this sign-in name exists already."), "username") from error


def _must_fit(member: Member) -> None:
    must_be_clean(member, exclude=NEVER_TYPED)
    if member.role == Role.PARTNER and member.unit is None:
        raise DomainError(_("A member of a partner department needs a unit: work is sent to units."), "unit")
    if member.superior_id and not member.superior.is_active:  # type: ignore[union-attr]
        raise DomainError(_("The superior has left."), "superior")
    must_not_circle(member, "superior", "superior")


def _must_take_role(actor: Member | None, member: Member, role: str, on: date) -> None:
    if actor is not None and actor.pk == member.pk:
        raise NotAllowed(_("Nobody changes the own role."))
    must_outrank(actor, member)
    if actor is not None and role in GRANTING_ROLES and actor.role not in GRANTING_ROLES:
        raise DomainError(_("Only the director or the executive gives this role."), "role")
    if member.role == Role.DIRECTOR:
        _must_leave_a_director(member, on, "role")


def _must_leave_a_director(member: Member, on: date, field: str | None = None) -> None:
    others = Member.objects.for_system().present(on).filter(role=Role.DIRECTOR).exclude(pk=member.pk)
    if not others.exists():
        raise DomainError(_("The department needs a director: name another one first."), field)


def _join_role_group(member: Member) -> None:
    group, _created = Group.objects.get_or_create(name=member.role)
    member.groups.set([group])
