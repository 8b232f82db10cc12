"""Filters of the log list."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account
from kam.core.lists.filters import AnyOf, ListFilter
from kam.core.plain import read_key
from kam.people.choices import Role
from kam.people.models import Member
from visits.choices import LogStatus, PlanStatus
from visits.models import VisitLog, VisitPlan

ME = "me"
LATE = [("yes", _("Late")), ("no", _("In time"))]


def visitor_choices(user: Any) -> list[tuple[str, Any]]:
    """Me, and everybody who visits."""
    visiting = Member.objects.visible_to(user).filter(role__in=(Role.MANAGER, Role.DIRECTOR, Role.CLERK))
    people = [(str(pk), name) for pk, name in visiting.order_by("full_name").values_list("pk", "full_name")]
    return [(ME, pgettext_lazy("choice", "Me")), *people]


class ClientFilter(django_filters.CharFilter):
    """Rows of one client, by its key; said with its name."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A key that is none finds nothing."""
        return qs.filter(account=read_key(value) or 0) if value else qs


class LogFilter(ListFilter):
    """Client, visitor, days, state, lateness."""

    client = ClientFilter(label=_("Client"), max_length=20)
    visitor = django_filters.ChoiceFilter(label=_("Visitor"), method="visited_by", empty_label=_("Anybody"))
    on = django_filters.DateFromToRangeFilter(label=_("Visited"), field_name="on")
    status = AnyOf(label=_("State"), choices=LogStatus.choices)
    late = django_filters.ChoiceFilter(label=_("Filed"), choices=LATE, method="filed", empty_label=_("Any"))

    class Meta:
        model = VisitLog
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        self.filters["visitor"].extra["choices"] = lambda: visitor_choices(user)

    def active(self, state: Any) -> list[dict[str, str]]:
        """The client is named, as far as it may be seen."""
        found = super().active(state)
        for entry in found:
            if entry["label"] == str(self.filters["client"].label):
                rows = Account.objects.visible_to(self.request.user).filter(pk=read_key(entry["value"]) or 0)
                entry["value"] = rows.values_list("name", flat=True).first() or entry["value"]
        return found

    def visited_by(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Visits of one member, or of whoever looks."""
        return rows.filter(visitor=self.request.user.pk if value == ME else int(value))

    def filed(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Logs filed late, or in time."""
        return rows.filter(is_late=value == "yes")


class PlanFilter(ListFilter):
    """Whose plan, and how far it is."""

    member = django_filters.ChoiceFilter(label=_("Planned by"), method="planned_by", empty_label=_("Anybody"))
    status = AnyOf(label=_("State"), choices=PlanStatus.choices)

    class Meta:
        model = VisitPlan
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        self.filters["member"].extra["choices"] = lambda: visitor_choices(user)

    def planned_by(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Plans of one member, or of whoever looks."""
        return rows.filter(member=self.request.user.pk if value == ME else int(value))
