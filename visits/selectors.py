"""Reads of visits across relations: the rules in force, what was said, what overlaps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.choices import AccountStatus
from accounts.models import Account, Contact
from kam.core.calendar import last_working_day_on_or_before
from kam.core.scoping import Reach, reach
from kam.people.choices import Role
from kam.people.models import Member
from visits.choices import OPEN_LINES, LineStatus
from visits.models import VisitLog, VisitPhoto, VisitPlan, VisitPlanLine, VisitRules
from visits.rules import Overlap, OverlapKind, Visit, cadence_days, overlaps

NEWEST = 20
RECENT_SHOWN = 8
MOST_SUGGESTED = 500


def visit_rules() -> VisitRules:
    """The rules in force; the department's defaults where nobody has written any."""
    return VisitRules.objects.for_system().order_by("pk").first() or VisitRules()


def newest_logs(user: Any, account: Any) -> list[VisitLog]:
    """The newest logs of a client that `user` may see; read once for each client object, whoever asks on one page."""
    kept: tuple[int, list[VisitLog]] | None = getattr(account, "newest_logs_read", None)
    if kept is None or kept[0] != user.pk:
        rows = VisitLog.objects.visible_to(user).filter(account=account.pk).select_related("visitor")
        kept = account.newest_logs_read = (user.pk, list(rows[:NEWEST]))
    return kept[1]


def log_from_line(line: VisitPlanLine, today: date) -> dict[str, Any]:
    """What a log of a planned visit starts from."""
    return {
        "on": min(line.on, today),
        "begins": line.begins,
        "ends": line.ends,
        "matters": line.matters,
        "contacts": keys_of(line, "contacts"),
        "companions": keys_of(line, "companions"),
    }


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


def planned_visits(rows: Iterable[Any]) -> list[Visit]:
    """Planned visits as plain values for the rules; two queries however many. The rows carry their plan's `member`."""
    lines = list(rows)
    keys = [line.pk for line in lines]
    contacts, companions = (_keys_by_row(VisitPlanLine, keys, name) for name in ("contacts", "companions"))
    return [
        Visit(
            member=line.plan.member_id,
            account=line.account_id,
            on=line.on,
            contacts=frozenset(contacts.get(line.pk, ())),
            companions=frozenset(companions.get(line.pk, ())),
            key=f"line:{line.pk}",
        )
        for line in lines
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
    planned = VisitPlanLine.objects.for_system().filter(around, status__in=OPEN_LINES).select_related("plan")
    others += planned_visits(planned)
    own = {visit.key for visit in mine}
    return overlaps(
        mine, [other for other in others if other.key not in own], rules.person_days, same_day=rules.same_day
    )


@dataclass(frozen=True)
class Suggestion:
    """A visit that the cadence asks for in the plan's month, and why."""

    account: Account
    on: date
    why: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.account.pk}:{self.on.isoformat()}"


def last_day(month: date) -> date:
    """The last day of the month."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def suggestions(user: Member, plan: VisitPlan, *, today: date) -> list[Suggestion]:
    """Visits to the member's own clients that their grade asks for in the month and that are not planned; 4 queries."""
    in_force = visit_rules()
    first, until = max(plan.month, today), last_day(plan.month)
    rows = Account.objects.visible_to(user, "change").filter(owner=plan.member_id).exclude(grade="")
    accounts = list(rows.exclude(status=AccountStatus.ENDED).order_by("grade", "number")[:MOST_SUGGESTED])
    keys = [account.pk for account in accounts]
    made = VisitLog.objects.for_system().filter(account__in=keys).order_by().values_list("account")
    last = dict(made.annotate(last=Max("on")))
    planned = VisitPlanLine.objects.for_system().filter(account__in=keys, status__in=(*OPEN_LINES, LineStatus.DONE))
    taken: dict[int, list[date]] = defaultdict(list)
    for account_pk, on in planned.filter(on__gte=plan.month - timedelta(days=90)).values_list("account", "on"):
        taken[account_pk].append(on)
    found = []
    for account in accounts:
        every = in_force.cadence_of(account.grade) or 0
        before = [day for day in (last.get(account.pk), *taken[account.pk]) if day and day < plan.month]
        for due in cadence_days(max(before, default=None), every, first, until) if every else ():
            day = last_working_day_on_or_before(due) if last_working_day_on_or_before(due) >= first else due
            if all(abs((day - other).days) >= every for other in taken[account.pk]):
                found.append(Suggestion(account, day, _why(account, every, max(before, default=None))))
    return sorted(found, key=lambda each: (each.on, each.account.grade, each.account.pk))


def _why(account: Account, every: int, last: date | None) -> str:
    words = {"grade": account.grade, "days": every}
    if last is None:
        return _("grade %(grade)s, every %(days)s days; never visited") % words
    return _("grade %(grade)s, every %(days)s days; last %(last)s") % {**words, "last": f"{last:%m-%d}"}


def frozen_plan(plan: VisitPlan, line_pks: Iterable[int]) -> dict[str, Any]:
    """What a decision on a plan rests on: month, member, and these lines as they are now."""
    rows = VisitPlanLine.objects.for_system().filter(plan=plan, pk__in=list(line_pks)).select_related("account")
    return {
        "plan": plan.pk,
        "member": plan.member_id,
        "month": f"{plan.month:%Y-%m}",
        "lines": [_frozen_line(line) for line in rows.order_by("on", "pk")],
    }


def _frozen_line(line: VisitPlanLine) -> dict[str, Any]:
    amount = line.opportunity_amount
    return {
        "id": line.pk,
        "account": line.account_id,
        "client": str(line.account),
        "grade": line.account.grade,
        "on": line.on.isoformat(),
        "begins": f"{line.begins:%H:%M}" if line.begins else "",
        "ends": f"{line.ends:%H:%M}" if line.ends else "",
        "people": line.people_named,
        "with": line.companions_named,
        "matters": line.matters,
        "opportunity": line.opportunity,
        "amount": str(amount) if amount is not None else "",
        "probability": line.probability,
        "open": line.is_open,
    }


@dataclass(frozen=True)
class LineRow:
    """A planned visit as the plan's page shows it."""

    line: VisitPlanLine
    tone: str
    warning: str
    log_pk: int | None


LINE_TONES = {
    LineStatus.DRAFT: "idle",
    LineStatus.SUBMITTED: "info",
    LineStatus.APPROVED: "ok",
    LineStatus.RETURNED: "bad",
    LineStatus.DONE: "ok",
    LineStatus.CANCELLED: "idle",
}


def line_rows(user: Member, plan: VisitPlan) -> list[LineRow]:
    """The planned visits that `user` may see, with what overlaps them; a fixed number of queries."""
    rows = VisitPlanLine.objects.visible_to(user).filter(plan=plan).select_related("account", "plan")
    lines = list(rows)
    found = overlaps_of(planned_visits([line for line in lines if line.is_open]), visit_rules())
    warnings: dict[str, str] = {}
    for overlap, words in zip(found, overlap_words(found), strict=True):
        warnings.setdefault(overlap.mine.key, words)
    logs = dict(VisitLog.objects.visible_to(user).filter(line__plan=plan).values_list("line", "pk"))
    return [
        LineRow(line, LINE_TONES[LineStatus(line.status)], warnings.get(f"line:{line.pk}", ""), logs.get(line.pk))
        for line in lines
    ]
