"""Which requests are put before whom."""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from kam.core.calendar import today
from kam.core.scoping import ScopedQuerySet, grants


class RequestQuerySet(ScopedQuerySet[Any]):
    """Requests, as far as a member may know of them."""

    def put_before(self, user: Any) -> Self:
        """Own requests, those of clients that the member holds, those with a step of the role or of a delegation."""
        from kam.people.models import Delegation

        delegated = Delegation.objects.for_system().in_force(today()).filter(delegate=user).values("authority")
        seen = Q(requester=user) | Q(kind__in=delegated)
        if user.role == "manager":
            seen |= Q(account_id__in=grants(user, "view"))
        else:
            steps = apps.get_model("approvals", "RequestStep").objects
            seen |= Q(Exists(steps.filter(request=OuterRef("pk"), role=user.role)))
        return self.filter(seen)
