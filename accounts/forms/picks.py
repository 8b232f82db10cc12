"""Choosing a client, or who looks after it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.core.forms import PickField
from kam.people.choices import Role
from kam.people.models import Member, MemberQuerySet


class AccountPick(PickField):
    """One client in sight, by number or whole name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Number or name; type to search"))
        super().__init__(
            url="accounts:account_suggest", code="number", names=("name", "short_name", "credit_code"), **kwargs
        )

    def narrow(self, user: Member, *, without: int | None = None) -> None:
        """Offer the clients that `user` sees, but not `without`."""
        self.offered = Account.objects.visible_to(user).exclude(pk=without)


def managers(user: Member, on: date) -> MemberQuerySet:
    """Account managers who work here on that day, to choose from."""
    present: MemberQuerySet = Member.objects.visible_to(user).present(on)
    return present.filter(role=Role.MANAGER).select_related("unit").order_by("full_name")
