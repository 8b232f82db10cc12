"""Passwords, sessions and the lock after wrong passwords."""

from datetime import datetime
from typing import Any

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import DomainError, NotAllowed
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.people.credentials import first_password
from kam.people.guards import must_outrank, must_reach
from kam.people.models import Member, OpenSession


@transaction.atomic
def password_set_own(*, actor: Member, password: str, keep_session: str = "") -> Member:
    """Set the own password; it must differ from the present one. Ends all other open sessions.

    `keep_session` is the key of the session in which it is done. Raises `DomainError` beside `new_password1`.
    """
    member = lock_row(Member, actor.pk)
    if member.check_password(password):
        raise DomainError(_("Choose a password other than the present one."), "new_password1")
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), "new_password1") from error
    member.set_password(password)
    member.must_change_password = False
    record_save(member, ["password", "must_change_password"], actor=actor)
    sessions_close(actor=actor, member_pk=member.pk, keep_session=keep_session)
    return member


@transaction.atomic
def password_reset(*, actor: Member, member_pk: int) -> tuple[Member, str]:
    """Give a member a new first password, shown once; ends the member's sessions and a lock after wrong passwords."""
    must_reach(actor, Member, "change")
    member = lock_row(Member, member_pk)
    if actor.pk == member.pk:
        raise NotAllowed(_("Change your own password on your own page."))
    must_outrank(actor, member)
    if not member.is_active:
        raise DomainError(_("%(name)s has left.") % {"name": member.full_name})
    given = first_password()
    member.set_password(given)
    member.must_change_password = True
    record_save(member, ["password", "must_change_password"], actor=actor)
    sessions_close(actor=actor, member_pk=member.pk)
    reset(username=member.username)
    return member, given


@transaction.atomic
def sign_in_unlock(*, actor: Member, member_pk: int) -> Member:
    """Lift the lock after wrong passwords."""
    must_reach(actor, Member, "change")
    member = lock_row(Member, member_pk)
    must_outrank(actor, member)
    reset(username=member.username)
    return member


def sessions_close(*, actor: Member | None, member_pk: int, keep_session: str = "") -> int:
    """End the member's open sessions but one; returns how many. Part of the caller's transaction."""
    rows = OpenSession.objects.for_system().filter(member_id=member_pk).exclude(session_key=keep_session)
    return int(rows.delete()[0])


@transaction.atomic
def sessions_drop_ended(*, actor: Member | None = None, at: datetime) -> int:
    """Delete sessions past their end; returns how many."""
    return int(OpenSession.objects.for_system().filter(expire_date__lt=at).delete()[0])


@transaction.atomic
def language_set(*, actor: Any, language: str) -> Member:
    """Keep the language that the member chose, for pages on other devices and for messages."""
    member = lock_row(Member, actor.pk)
    if member.language != language:
        member.language = language
        record_save(member, ["language"], actor=actor)
    return member
