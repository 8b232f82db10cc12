"""Reads of the desk across the areas, for one member at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import AccountStatus, Grade
from accounts.models import Account
from kam.core.contributions import TimelineEvent
from kam.core.history import history_of
from kam.core.lists.cells import row_url
from kam.core.lists.filters import EMPTY
from kam.core.scoping import Reach, reach
from kam.people.models import Delegation
from kam.people.selectors import delegations_about, names_of

CHANGES_SHOWN = 8
CHANGED_FIELDS_SHOWN = 3
KEPT_SECONDS = 300
"""How long the figures of a whole department are kept: counting all clients on every look would cost too much."""

TONES: dict[str, str] = {
    AccountStatus.PROSPECT: "info",
    AccountStatus.ACTIVE: "ok",
    AccountStatus.PAUSED: "warn",
    AccountStatus.ENDED: "idle",
}


@dataclass(frozen=True)
class Slice:
    """How many clients share a grade or a status, the part of all in percent, and the list that shows them."""

    key: str
    title: str
    count: int
    share: int
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Portfolio:
    """The clients a member sees, by grade and by status."""

    total: int
    is_whole: bool
    """All clients of the department, not only those the member holds."""
    grades: list[Slice]
    statuses: list[Slice]


def portfolio(user: Any) -> Portfolio | None:
    """The clients `user` sees, counted in one query; None for a role that sees none.

    A member of by-client reach is counted anew on every look; figures of the whole are up to `KEPT_SECONDS` old.
    """
    found = reach(user, Account, "view")
    if found is Reach.NONE:
        return None
    if found is Reach.ALL:
        rows = cache.get_or_set("desk.portfolio", lambda: _counted(user), KEPT_SECONDS) or []
    else:
        rows = _counted(user)
    total = sum(number for _grade, _status, number in rows)
    url = reverse("accounts:account_list")
    return Portfolio(total, found is Reach.ALL, _grades(rows, total, url), _statuses(rows, total, url))


def _counted(user: Any) -> list[tuple[str, str, int]]:
    rows = Account.objects.visible_to(user).order_by().values("grade", "status").annotate(n=Count("pk"))
    return [(row["grade"], row["status"], row["n"]) for row in rows]


def _grades(rows: list[tuple[str, str, int]], total: int, url: str) -> list[Slice]:
    names = [*((value, value) for value in Grade.values), ("", _("Not graded"))]
    return [
        Slice(key, name, number, _percent(number, total), f"{url}?grade={key or EMPTY}")
        for key, name in names
        if (number := sum(count for grade, _status, count in rows if grade == key))
    ]


def _statuses(rows: list[tuple[str, str, int]], total: int, url: str) -> list[Slice]:
    return [
        Slice(value, str(label), number, _percent(number, total), f"{url}?status={value}", TONES[value])
        for value, label in AccountStatus.choices
        if (number := sum(count for _grade, status, count in rows if status == value))
    ]


def _percent(part: int, whole: int) -> int:
    return round(part * 100 / whole) if whole else 0


def recent_changes(user: Any, *, by_others: bool = False, limit: int = CHANGES_SHOWN) -> list[TimelineEvent]:
    """What was changed last in the clients that `user` sees, and by whom; three queries.

    `by_others` leaves out what the member did.
    """
    if reach(user, Account, "view") is Reach.NONE:
        return []
    history = history_of(Account).objects
    rows = history.order_by("-history_id")
    if reach(user, Account, "view") is not Reach.ALL:
        rows = rows.filter(id__in=Account.objects.visible_to(user).values("pk"))
    if by_others:
        rows = rows.exclude(history_user=user)
    before = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    newest = dict(rows.values_list("pk", Subquery(before.values("pk")[:1]))[:limit])
    found = history.in_bulk({key for pair in newest.items() for key in pair if key})
    names = names_of({key for pk in newest for key in (found[pk].history_user_id, found[pk].on_behalf_of_id) if key})
    return [_event(found[pk], found.get(before_pk), names) for pk, before_pk in newest.items()]


def _event(row: Any, earlier: Any, names: dict[int, str]) -> TimelineEvent:
    created = earlier is None and row.history_type == "+"
    return TimelineEvent(
        at=row.history_date,
        who=names.get(row.history_user_id, _("The system")),
        on_behalf_of=names.get(row.on_behalf_of_id, ""),
        text=row.short_name or row.name,
        url=row_url("accounts:account_detail", row.id),
        kind=_("Entered") if created else _changed_fields(row, earlier),
        tone="acc" if created else "",
    )


def _changed_fields(row: Any, earlier: Any) -> str:
    if earlier is None:
        return _("Changed")
    changed = [
        str(field.verbose_name)
        for field in row.tracked_fields
        if field.editable and getattr(row, field.attname) != getattr(earlier, field.attname)
    ]
    if len(changed) <= CHANGED_FIELDS_SHOWN:
        return _(", ").join(changed) or _("Changed")
    return _("%(fields)s and %(n)s more") % {
        "fields": _(", ").join(changed[:CHANGED_FIELDS_SHOWN]),
        "n": len(changed) - CHANGED_FIELDS_SHOWN,
    }


@dataclass(frozen=True)
class Held:
    """One delegation as the workbench shows it."""

    delegation: Delegation
    days_left: int
    is_given: bool
    other: str
    """Name of the one it was given to, or came from."""


def delegations(user: Any, on: date) -> list[Held]:
    """Delegations in force that the member holds or has given, the next to end first; one query."""
    rows = delegations_about(user, on=on).filter(starts_on__lte=on).select_related(None)
    named = rows.annotate(grantor_name=F("grantor__full_name"), delegate_name=F("delegate__full_name"))
    return [_held(row, row.grantor_id == user.pk, on) for row in named]


def _held(row: Any, is_given: bool, on: date) -> Held:
    return Held(row, (row.ends_on - on).days, is_given, row.delegate_name if is_given else row.grantor_name)
