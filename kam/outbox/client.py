"""What messages hand to a client's page: SMS to its people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from kam.core.contributions import TimelineEvent, contribute
from kam.outbox.choices import Delivery, MessageState
from kam.outbox.kinds import kind_title
from kam.outbox.models import Message


@contribute("timeline")
def message_events(user: Any, account: Any, limit: int) -> Iterator[TimelineEvent]:
    """SMS that were sent to people of the client; one query. Roles that do not see messages see none."""
    sent = Message.objects.visible_to(user).filter(
        account_id=account.pk, recipient__isnull=True, state=MessageState.SENT
    )
    for message in sent.order_by("-created_at", "-pk")[:limit]:
        yield TimelineEvent(
            at=message.ended_at or message.created_at,
            who="",
            kind=message.get_channel_display(),
            text=_("To %(name)s: %(kind)s") % {"name": message.name, "kind": kind_title(message.kind)},
            url=message.get_absolute_url(),
            quote=message.text,
            tone="bad" if message.delivery == Delivery.UNDELIVERED else "",
        )
