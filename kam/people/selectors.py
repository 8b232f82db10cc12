"""Reads of the people area."""

from collections.abc import Collection
from datetime import date, datetime

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from kam.core.row_history import Entry, row_history
from kam.people.models import Delegation, DelegationQuerySet, Member, OpenSession

SHOWN_IN_HISTORY = {
    "username",
    "full_name",
    "role",
    "unit",
    "superior",
    "phone",
    "email",
    "post",
    "territory",
    "joined_on",
    "left_on",
    "away_from",
    "away_until",
    "is_active",
    "must_change_password",
    "language",
}


def names_of(member_pks: Collection[int]) -> dict[int, str]:
    """Full names of members by key; one query, none for nobody."""
    if not member_pks:
        return {}
    return dict(Member.objects.for_system().filter(pk__in=member_pks).order_by().values_list("pk", "full_name"))


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


def member_history(member: Member) -> list[Entry]:
    """The newest changes of a member, newest first, for `partials/_history.html`."""
    hidden = {field.name for field in Member._meta.concrete_fields} - SHOWN_IN_HISTORY
    return row_history(member, without=hidden, unseen=_("Password"))


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
