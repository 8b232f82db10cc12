"""Reads of the people area."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, Sum
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kam.people.models import Delegation, DelegationQuerySet, Member, OpenSession

SHOWN_IN_HISTORY = {
    "username",
    "full_name",
    "role",
    "unit",
    "superior",
    "phone",
    "post",
    "territory",
    "joined_on",
    "left_on",
    "is_active",
    "must_change_password",
    "language",
}


def delegations_about(member: Member, *, on: date) -> DelegationQuerySet:
    """Delegations that `member` has given or holds and that have not ended, the next to end first."""
    rows = Delegation.objects.for_system().filter(
        Q(grantor=member) | Q(delegate=member), ends_on__gte=on, revoked_at__isnull=True
    )
    return rows.select_related("grantor", "delegate").order_by("ends_on", "pk")


def open_sessions(member: Member, *, at: datetime) -> list[OpenSession]:
    """Browsers in which `member` is signed in, the most recently used first."""
    rows = OpenSession.objects.for_system().filter(member_id=member.pk, expire_date__gt=at)
    return list(rows.order_by("-seen_at"))


@dataclass(frozen=True)
class Change:
    """One field of one change, in words."""

    field: Any
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One change of a member: when, by whom, and what."""

    at: datetime
    who: str
    what: Any
    changes: list[Change]


HISTORY_SHOWN = 20


def member_history(member: Member) -> list[Entry]:
    """The newest changes of a member, newest first, for `partials/_history.html`; two queries and the names in it."""
    rows = list(member.history.select_related("history_user", "unit", "superior")[: HISTORY_SHOWN + 1])
    pairs = zip(rows, [*rows[1:], None], strict=True)
    return [_entry(row, older) for row, older in pairs if older is not None or row.history_type == "+"][:HISTORY_SHOWN]


def _entry(row: Any, older: Any) -> Entry:
    who = str(row.history_user) if row.history_user else str(_("System"))
    if older is None:
        return Entry(row.history_date, who, _("Added"), [])
    names = [field for field in Member._meta.concrete_fields if field.name in SHOWN_IN_HISTORY]
    changes = [
        Change(capfirst(field.verbose_name), _words(older, field), _words(row, field))
        for field in names
        if getattr(row, field.attname) != getattr(older, field.attname)
    ]
    return Entry(row.history_date, who, "" if changes else _("Password"), changes)


def _words(row: Any, field: Any) -> str:
    value = getattr(row, field.name)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(dict(field.flatchoices).get(value, value) if value not in (None, "") else "")


def locked_until(username: str, *, at: datetime, ip_address: str | None = None) -> datetime | None:
    """Until when wrong passwords have locked the sign-in of `username` (from one address, or from any), or None."""
    cool_off = get_cool_off()
    if cool_off is None:
        return None
    rows = AccessAttempt.objects.filter(username=username, attempt_time__gt=at - cool_off)
    if ip_address is not None:
        rows = rows.filter(ip_address=ip_address)
    locks = (
        rows.values("ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    latest = max((lock["last"] for lock in locks), default=None)
    return latest + cool_off if latest is not None else None
