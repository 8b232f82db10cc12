"""What messages hand to a client's page: SMS to its people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from kam.core.contributions import TimelineEvent, contribute
from kam.core.lists.cells import row_url, word
from kam.outbox.choices import Channel, Delivery, MessageState
from kam.outbox.kinds import kind_title
from kam.outbox.models import Message


@contribute("timeline")
def message_events(user: Any, account: Any, limit: int) -> Iterator[TimelineEvent]:
    """SMS that were sent to people of the client; one query. Roles that do not see messages see none."""
    sent = Message.objects.visible_to(user).filter(
        account_id=account.pk, recipient__isnull=True, state=MessageState.SENT
    )
    columns = ("pk", "created_at", "ended_at", "channel", "name", "kind", "text", "delivery")
    for row in sent.order_by("-created_at", "-pk").values(*columns)[:limit]:
        yield TimelineEvent(
            at=row["ended_at"] or row["created_at"],
            who="",
            kind=word(Channel, row["channel"]),
            text=_("To %(name)s: %(kind)s") % {"name": row["name"], "kind": kind_title(row["kind"])},
            url=row_url("outbox:message_detail", row["pk"]),
            quote=row["text"],
            tone="bad" if row["delivery"] == Delivery.UNDELIVERED else "",
        )
