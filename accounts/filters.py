"""Filters of the client list."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import AccountKind, AccountStatus, Grade, GrantSource
from accounts.models import Account, AccountGrant
from kam.core.calendar import today
from kam.core.lists.filters import EMPTY, AnyOf, ListFilter
from kam.people.choices import Role
from kam.people.models import Member

ME = "me"


def owner_choices(user: Any) -> list[tuple[str, Any]]:
    """Me, nobody, and every account manager."""
    managers = Member.objects.visible_to(user).filter(role=Role.MANAGER).values_list("pk", "full_name")
    return [(ME, pgettext_lazy("choice", "Me")), (EMPTY, _("Nobody")), *((str(pk), name) for pk, name in managers)]


class AccountFilter(ListFilter):
    """Grade, kind, status, owner, territory, credit, and what is shared."""

    grade = AnyOf(label=_("Grade"), choices=Grade.choices, empty=_("Not graded"))
    kind = AnyOf(label=_("Kind"), choices=AccountKind.choices)
    status = AnyOf(label=_("Status"), choices=AccountStatus.choices)
    owner = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a client", "Owner"), method="owned_by", empty_label=_("Anybody")
    )
    territory = django_filters.CharFilter(label=_("Area"), method="in_territory", max_length=20)
    credit = django_filters.ChoiceFilter(
        label=_("Credit"),
        choices=[("yes", _("On credit")), ("no", _("Prepaid only"))],
        method="with_credit",
        empty_label=_("Any"),
    )
    shared = django_filters.ChoiceFilter(
        label=_("Shared"),
        choices=[(ME, _("With me")), ("any", _("With anybody"))],
        method="is_shared",
        empty_label=_("Any"),
    )

    class Meta:
        model = Account
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        self.filters["owner"].extra["choices"] = lambda: owner_choices(user)

    def owned_by(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """Clients of one member, of whoever looks, or of nobody."""
        if value == EMPTY:
            return rows.filter(owner__isnull=True)
        return rows.filter(owner=self.request.user.pk if value == ME else int(value))

    def in_territory(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """Province, city or county that begins like this."""
        return rows.filter(Q(province__startswith=value) | Q(city__startswith=value) | Q(county__startswith=value))

    def with_credit(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """Clients with, or without, a credit limit."""
        return rows.filter(credit_limit__gt=0) if value == "yes" else rows.filter(credit_limit=0)

    def is_shared(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """Clients under a live share, to the member or to anybody."""
        user = self.request.user
        shares = AccountGrant.objects.visible_to(user).live(today()).filter(source=GrantSource.SHARE)
        if value == ME:
            shares = shares.filter(user=user)
        return rows.filter(pk__in=shares.values("content_object_id"))
