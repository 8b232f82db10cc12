"""Filters of the lists of members and delegations."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kam.core.calendar import today
from kam.core.lists.filters import AnyOf, ListFilter
from kam.people.choices import Authority, Role
from kam.people.models import Delegation, Member, Unit

LEFT, ALL = "left", "all"


class MemberFilter(ListFilter):
    """Role, unit, and whether those who left are shown."""

    role = AnyOf(label=_("Role"), choices=Role.choices)
    unit = django_filters.ModelChoiceFilter(label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("Any"))
    who = django_filters.ChoiceFilter(
        label=_("Presence"),
        choices=[(LEFT, _("Left")), (ALL, _("Present and left"))],
        empty_label=_("Present"),
        method="is_who",
    )

    class Meta:
        model = Member
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["unit"].queryset = Unit.objects.visible_to(self.request.user)

    def is_who(self, rows: QuerySet[Member], _name: str, value: str) -> QuerySet[Member]:
        """Those who left, or everybody; without this filter the list itself keeps to those present."""
        on = today()
        return rows.filter(Q(is_active=False) | Q(left_on__lte=on)) if value == LEFT else rows


class DelegationFilter(ListFilter):
    """Authority, and whether what has ended is shown."""

    authority = AnyOf(label=_("Authority"), choices=Authority.choices)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("open", _("In force or to come")), ("ended", pgettext_lazy("delegation", "Ended"))],
        method="is_state",
    )

    class Meta:
        model = Delegation
        fields: list[str] = []

    def is_state(self, rows: QuerySet[Delegation], _name: str, value: str) -> QuerySet[Delegation]:
        """Open: neither revoked nor past its last day."""
        still_open = Q(revoked_at__isnull=True, ends_on__gte=today())
        return rows.filter(still_open) if value == "open" else rows.exclude(still_open)
