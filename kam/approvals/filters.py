"""Filters of the list of requests."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kam.approvals.choices import RequestStatus
from kam.approvals.kinds import all_kinds
from kam.approvals.models import Request
from kam.approvals.selectors import waiting_for
from kam.core.calendar import today
from kam.core.lists.filters import AnyOf, ListFilter

DECIDE, ASKED, ANY = "decide", "asked", "any"


class RequestFilter(ListFilter):
    """Whose turn it is, kind, state, when submitted."""

    mine = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a request", "Whose"),
        choices=[(DECIDE, _("Waiting for me")), (ASKED, _("Submitted by me")), (ANY, _("All"))],
        method="of_mine",
        empty_label=None,
    )
    kind = AnyOf(label=_("Kind"))
    status = AnyOf(label=_("State"), choices=RequestStatus.choices)
    at = django_filters.DateFromToRangeFilter(label=_("Submitted"), field_name="submitted_at")

    class Meta:
        model = Request
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = lambda: [(kind.code, kind.title) for kind in all_kinds()]

    def of_mine(self, rows: QuerySet[Request], _name: str, value: str) -> QuerySet[Request]:
        """What waits for the member, or what the member submitted."""
        user = self.request.user
        if value == DECIDE:
            return rows.filter(pk__in=waiting_for(user, on=today()).order_by().values("pk"))
        return rows.filter(requester=user) if value == ASKED else rows
