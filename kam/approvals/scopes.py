"""Which requests are put before whom."""

from decimal import Decimal
from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from kam.core.calendar import today
from kam.core.scoping import Reach, ScopedQuerySet, grants, reach
from kam.people.choices import Role

CONCERNS: dict[str, str] = {}
"""Kinds of which a role knows only if it sees the model ("app.model"); filled as kinds are registered."""


class RequestQuerySet(ScopedQuerySet[Any]):
    """Requests, as far as a member may know of them."""

    def visible_to(self, user: Any, action: str = "view") -> Self:
        """Without kinds that the role knows nothing of, unless such a request is put before the member."""
        rows = super().visible_to(user, action)
        if reach(user, self.model, action) is not Reach.ALL:
            return rows
        hidden = [code for code, label in CONCERNS.items() if reach(user, apps.get_model(label), "view") is Reach.NONE]
        return rows.filter(~Q(kind__in=hidden) | self._before(user)) if hidden else rows

    def put_before(self, user: Any) -> Self:
        """Own requests, those of clients that the member holds, those with a step of the role.

        Also what a delegation in force covers by kind and amount, and whatever the member has decided.
        """
        return self.filter(self._before(user))

    def _before(self, user: Any) -> Q:
        from kam.people.models import Delegation

        handed = (
            Delegation.objects.for_system()
            .in_force(today())
            .filter(Q(ceiling_amount__isnull=True) | Q(ceiling_amount__gte=Coalesce(OuterRef("amount"), Decimal(0))))
            .filter(delegate=user, authority=OuterRef("kind"))
        )
        steps = apps.get_model("approvals", "RequestStep").objects.for_system().filter(request=OuterRef("pk"))
        seen = Q(requester=user) | Q(Exists(handed)) | Q(Exists(steps.filter(decided_by=user)))
        if user.role == Role.MANAGER:
            seen |= Q(account_id__in=grants(user, "view"))
        else:
            seen |= Q(Exists(steps.filter(role__in=roles_answered_by(user))))
        return seen


def roles_answered_by(user: Any) -> list[str]:
    """Roles whose steps the member may take: the own one; the executive also stands in for roles nobody holds."""
    if user.role != Role.EXECUTIVE:
        return [user.role]
    members = apps.get_model("people", "Member").objects.for_system()
    manned = set(members.present(today()).order_by().values_list("role", flat=True).distinct())
    return [Role.EXECUTIVE, *(role for role in Role.values if role not in manned)]
