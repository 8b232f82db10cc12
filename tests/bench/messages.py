"""Delivery of 5,000 messages over one real SMTP server on loopback: how long, and how many queries a batch."""

import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from kam.core.calendar import now
from kam.outbox.choices import Channel, MessageState, Once
from kam.outbox.delivery import BATCH, deliver
from kam.outbox.models import Message
from kam.people.models import Member
from tests.support.servers import MailServer, serving

MESSAGES = 5_000
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def delivery() -> dict[str, Any]:
    """Write the messages, carry them all out, report; queries of the first, the middle and the last batch."""
    _write()
    with (
        serving(MailServer()) as server,
        override_settings(EMAIL_BACKEND=SMTP, EMAIL_URL="smtp://", EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port),
    ):
        queries, sent, start = [], 0, time.perf_counter()
        while True:
            with CaptureQueriesContext(connection) as asked:
                carried = deliver(channel=Channel.EMAIL, clock=now)
            if not carried:
                break
            sent += carried
            queries.append(len(asked))
        seconds = time.perf_counter() - start
    if (sent, len(server.mails)) != (MESSAGES, MESSAGES) or len(set(queries)) != 1:
        raise SystemExit(f"{sent} of {MESSAGES} carried out, {len(server.mails)} arrived, queries {set(queries)}")
    return {
        "messages": sent,
        "seconds": round(seconds, 1),
        "batch": BATCH[Once.AT_LEAST],
        "queries_each_batch": queries[0],
        "connections": server.connections,
    }


def _write() -> None:
    recipient = Member.objects.for_system().get(username="clerk")
    at = now()
    Message.objects.for_system().exclude(state=MessageState.SENT).delete()
    Message.objects.for_system().bulk_create(
        [
            Message(
                kind="bench",
                channel=Channel.EMAIL,
                key=f"bench:{number}",
                recipient=recipient,
                name=recipient.full_name,
                address="clerk@example.com",
                language=settings.LANGUAGE_CODE,
                text=f"第 {number} 号申请等您审批",
                url="/approvals/1/",
                once=Once.AT_LEAST,
                created_at=at,
                send_after=at,
            )
            for number in range(MESSAGES)
        ],
        batch_size=500,
    )
