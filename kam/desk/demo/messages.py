"""Messages in every state: mail of the past went out, greetings were sent, refused, are uncertain or wait."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import Contact
from kam.outbox.choices import Channel, Delivery, MessageState, Once, SkipReason
from kam.outbox.models import Message
from kam.outbox.rules import next_sms_time, signed, sms_parts
from kam.outbox.zone import ZONE

GREETING = "care.greeting"
HAPPENED: tuple[dict[str, Any], ...] = (
    {"state": MessageState.SENT, "delivery": Delivery.DELIVERED},
    {"state": MessageState.SENT, "delivery": Delivery.UNDELIVERED},
    {"state": MessageState.SENT},
    {"state": MessageState.UNCERTAIN, "error": "No answer in time."},
    {"state": MessageState.FAILED, "error": "code=110 号码在黑名单中"},
    {"state": MessageState.SKIPPED, "skip_reason": SkipReason.NO_CONSENT},
    {"state": MessageState.SKIPPED, "skip_reason": SkipReason.NO_MOBILE, "address": ""},
    {"state": MessageState.DUE},
)
"""What became of the greetings, one a day; the last one waits for tomorrow morning."""


@transaction.atomic
def load_messages(*, at: datetime) -> None:
    """What the loaded events told has left long ago; greetings of the last days stand in every state."""
    mail = Message.objects.for_system().filter(state=MessageState.DUE)
    mail.update(state=MessageState.SENT, attempts=1, ended_at=F("created_at"))
    stuck = (
        Message.objects.for_system()
        .filter(state=MessageState.SENT)
        .order_by("-created_at")
        .values_list("pk", flat=True)[:1]
    )
    Message.objects.for_system().filter(pk__in=list(stuck)).update(
        state=MessageState.FAILED, error="550 no such mailbox"
    )
    people = Contact.objects.for_system().exclude(mobile="").select_related("account").order_by("pk")
    rows = [
        _greeting(person, happened, at - timedelta(days=len(HAPPENED) - 1 - days))
        for days, (person, happened) in enumerate(zip(people[: len(HAPPENED)], HAPPENED, strict=False))
    ]
    Message.objects.for_system().bulk_create(rows)


def _greeting(person: Contact, happened: dict[str, Any], day: datetime) -> Message:
    nine = day.astimezone(ZONE).replace(hour=9, minute=0, second=0, microsecond=0)
    waits = happened["state"] == MessageState.DUE
    text = signed(f"{person.name}，祝您生日快乐，万事顺意！", settings.SMS_SIGNATURE, first=True)
    row = Message(
        kind=GREETING,
        channel=Channel.SMS,
        key=f"demo:greeting:{person.pk}",
        contact_id=person.pk,
        account_id=person.account_id,
        name=person.name,
        address=person.mobile,
        language="zh-hans",
        text=text,
        parts=sms_parts(text),
        once=Once.AT_MOST,
        created_at=day if waits else nine,
        send_after=next_sms_time(nine + timedelta(hours=13), ZONE) if waits else nine,
        attempts=0 if waits or happened["state"] == MessageState.SKIPPED else 1,
        ended_at=None if waits else nine,
    )
    for name, value in happened.items():
        setattr(row, name, value)
    if row.delivery:
        row.delivered_at, row.gateway_id = nine + timedelta(minutes=2), f"SMS{person.pk:08}"
    return row
