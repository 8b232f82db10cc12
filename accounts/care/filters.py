"""Filters of the month's list."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.care.choices import CareStatus
from accounts.care.models import BirthdayCare
from accounts.care.rules import week_of
from accounts.choices import BirthdayCalendar
from accounts.filters import ME, owner_choices
from kam.core.calendar import today
from kam.core.lists.filters import EMPTY, AnyOf, ListFilter

TODAY, WEEK, LATE = "today", "week", "late"
DUE = ((TODAY, _("Today")), (WEEK, _("This week")), (LATE, pgettext_lazy("care", "Late")))


class CareFilter(ListFilter):
    """State, owner, calendar, and what is due."""

    status = AnyOf(label=_("State"), choices=CareStatus.choices)
    owner = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a client", "Owner"), method="cared_for_by", empty_label=_("Anybody")
    )
    calendar = django_filters.ChoiceFilter(label=_("Calendar"), choices=BirthdayCalendar.choices, empty_label=_("Any"))
    due = django_filters.ChoiceFilter(label=_("Due"), choices=DUE, method="is_due", empty_label=_("In the month"))

    class Meta:
        model = BirthdayCare
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        self.filters["owner"].extra["choices"] = lambda: owner_choices(user)

    def cared_for_by(self, rows: QuerySet[BirthdayCare], _name: str, value: str) -> QuerySet[BirthdayCare]:
        """Cares of one member, of whoever looks, or of nobody."""
        if value == EMPTY:
            return rows.filter(owner__isnull=True)
        return rows.filter(owner=self.request.user.pk if value == ME else int(value))

    def is_due(self, rows: Any, _name: str, value: str) -> Any:
        """Open cares of today or this week, or those whose day has passed; whatever month is shown."""
        on = today()
        if value == LATE:
            return rows.late(on)
        first, last = (on, on) if value == TODAY else week_of(on)
        return rows.still_open().filter(falls_on__gte=first, falls_on__lte=last)
