"""Filters of the list of messages."""

from typing import Any

import django_filters
from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kam.core.lists.filters import AnyOf, ListFilter
from kam.outbox.choices import Channel, Delivery, MessageState, SkipReason
from kam.outbox.kinds import all_kinds
from kam.outbox.models import Message
from kam.people.models import Member


class MessageFilter(ListFilter):
    """What became of it, which way it took, what it is about, to whom, when."""

    state = AnyOf(label=_("State"), choices=MessageState.choices)
    channel = AnyOf(label=_("Channel"), choices=[choice for choice in Channel.choices if choice[0] != Channel.IN_APP])
    reason = AnyOf(label=_("Why not sent"), field_name="skip_reason", choices=SkipReason.choices)
    delivery = AnyOf(label=_("Delivery report"), choices=[choice for choice in Delivery.choices if choice[0]])
    kind = AnyOf(label=_("Kind"))
    recipient = django_filters.ModelChoiceFilter(label=_("Member"), queryset=Member.objects.none())
    client = django_filters.CharFilter(label=_("Client number"), method="of_client")
    at = django_filters.DateFromToRangeFilter(label=pgettext_lazy("message", "At"), field_name="created_at")

    class Meta:
        model = Message
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = lambda: [(kind.code, kind.title) for kind in all_kinds()]
        self.filters["recipient"].queryset = Member.objects.visible_to(self.request.user)

    def of_client(self, rows: QuerySet[Message], _name: str, value: str) -> QuerySet[Message]:
        """Messages about the client of that number, or to its people."""
        clients = apps.get_model("accounts.account")._default_manager.visible_to(self.request.user)
        return rows.filter(account_id__in=clients.filter(number=value.strip()).values("pk"))
