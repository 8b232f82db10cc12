"""Reads of visits across relations: the rules in force, what was said, what overlaps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.models import Account, Contact
from kam.core.scoping import Reach, reach
from kam.people.choices import Role
from kam.people.models import Member
from visits.models import VisitLog, VisitPhoto, VisitRules
from visits.rules import Overlap, OverlapKind, Visit, overlaps

SAID_SHOWN = 3
RECENT_SHOWN = 8


def visit_rules() -> VisitRules:
    """The rules in force; the department's defaults where nobody has written any."""
    return VisitRules.objects.for_system().order_by("pk").first() or VisitRules()


def last_said(user: Any, account: Account, limit: int = SAID_SHOWN) -> list[VisitLog]:
    """The newest logs of a client that say what the client said, newest first; one query."""
    rows = VisitLog.objects.visible_to(user).filter(account=account).exclude(said="")
    return list(rows.select_related("visitor")[:limit])


def last_visit(user: Any, account: Account) -> date | None:
    """When the client was visited last, as far as `user` may know."""
    newest: date | None = VisitLog.objects.visible_to(user).filter(account=account).aggregate(on=Max("on"))["on"]
    return newest


def recent_clients(user: Member, limit: int = RECENT_SHOWN) -> list[Account]:
    """Clients that `user` may log visits to: those visited last, then the others by number; two queries."""
    mine = VisitLog.objects.visible_to(user).filter(visitor=user).order_by()
    last = dict(mine.values_list("account").annotate(last=Max("on")).order_by("-last")[:limit])
    rows = Account.objects.visible_to(user, "change").filter(pk__in=last) if last else Account.objects.none()
    found = sorted(rows, key=lambda account: last[account.pk], reverse=True)
    if len(found) < limit and user.role == Role.MANAGER:
        others = Account.objects.visible_to(user, "change").exclude(pk__in=last).order_by("grade", "number")
        found += list(others[: limit - len(found)])
    return found


def overlap_words(found: Iterable[Overlap]) -> list[str]:
    """Each overlap as a sentence for the page: who, when, whether with the same person; one query for the names."""
    rows = list(found)
    names = Member.objects.for_system().in_bulk({overlap.other.member for overlap in rows}) if rows else {}
    words = {
        OverlapKind.PERSON: _("%(name)s meets the same person on %(day)s."),
        OverlapKind.CLIENT: _("%(name)s is at this client on the same day, %(day)s."),
    }
    return [
        words[overlap.kind] % {"name": names[overlap.other.member].full_name, "day": f"{overlap.other.on:%Y-%m-%d}"}
        for overlap in rows
    ]


def sees_visits(user: Any) -> bool:
    """Whether the role sees visits at all."""
    return reach(user, VisitLog, "view") is not Reach.NONE


def contacts_of(log: VisitLog) -> list[Contact]:
    """The people met; one query."""
    return list(Contact.objects.for_system().filter(pk__in=keys_of(log, "contacts")).order_by("pk"))


def companions_of(log: VisitLog) -> list[Member]:
    """Who came along; one query."""
    return list(Member.objects.for_system().filter(pk__in=keys_of(log, "companions")).order_by("pk"))


def photos_of(user: Any, log: VisitLog) -> list[VisitPhoto]:
    """The photos of a log; one query."""
    return list(VisitPhoto.objects.visible_to(user).filter(log=log, removed_at__isnull=True))


def keys_of(row: Any, relation: str) -> set[int]:
    """Keys of the related rows of a many-to-many field, without the rows themselves; one query."""
    return _keys_by_row(type(row), [row.pk], relation)[row.pk]


def _keys_by_row(model: Any, keys: Collection[int], relation: str) -> Mapping[int, set[int]]:
    field = model._meta.get_field(relation)
    through = field.remote_field.through
    found: dict[int, set[int]] = defaultdict(set)
    pairs = through.objects.filter(**{f"{field.m2m_field_name()}__in": keys})
    for row_pk, other_pk in pairs.values_list(f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"):
        found[row_pk].add(other_pk)
    return found


def made_visits(rows: Iterable[Any]) -> list[Visit]:
    """Logs as plain values for the rules; two queries however many."""
    logs = list(rows)
    keys = [log.pk for log in logs]
    contacts, companions = (_keys_by_row(VisitLog, keys, name) for name in ("contacts", "companions"))
    return [
        Visit(
            member=log.visitor_id,
            account=log.account_id,
            on=log.on,
            contacts=frozenset(contacts.get(log.pk, ())),
            companions=frozenset(companions.get(log.pk, ())),
            key=f"log:{log.pk}",
        )
        for log in logs
    ]


def overlaps_of(mine: list[Visit], rules: VisitRules) -> list[Overlap]:
    """What of other members comes too near to these visits; a fixed number of queries however many they are."""
    if not mine:
        return []
    near = timedelta(days=rules.person_days)
    accounts = {visit.account for visit in mine}
    first, last = min(visit.on for visit in mine) - near, max(visit.on for visit in mine) + near
    around = Q(account__in=accounts, on__gte=first, on__lte=last)
    others = made_visits(VisitLog.objects.for_system().filter(around).only("pk", "visitor_id", "account_id", "on"))
    own = {visit.key for visit in mine}
    return overlaps(
        mine, [other for other in others if other.key not in own], rules.person_days, same_day=rules.same_day
    )
