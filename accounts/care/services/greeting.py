"""The day itself: an SMS to those who agreed, a call by those who look after them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.care import messages
from accounts.care.choices import CareStatus, GreetingWay
from accounts.care.models import BirthdayCare
from accounts.care.services.telling import tell_of_birthday
from accounts.care.wording import greeting_text
from accounts.choices import Consent
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.core.states import move
from kam.outbox.choices import MessageState
from kam.outbox.rules import SMS_UNTIL
from kam.outbox.services import sms_send


def birthdays_greet(*, on: date, at: datetime, actor: Any, renew: Callable[[], None] = lambda: None) -> tuple[int, int]:
    """Greet by SMS and ask the owners to greet, for every open care of `on`; a second time nothing happens.

    SMS leave on the day itself only: a late congratulation is spoken. Returns how many SMS were written and how many
    cares were put before somebody.
    """
    written = asked = 0
    due = BirthdayCare.objects.for_system().still_open().filter(falls_on=on).order_by("pk").values_list("pk", flat=True)
    for pk in list(due):
        with transaction.atomic():
            sent, told = _greet(pk, on, at)
        written, asked = written + sent, asked + told
        renew()
    return written, asked


def _greet(care_pk: int, on: date, at: datetime) -> tuple[bool, bool]:
    care = lock_row(BirthdayCare, care_pk)
    if not care.is_open or care.falls_on != on:
        return False, False
    sent = timezone.localdate(at) == on and care.sms_at is None and _greet_by_sms(care, at)
    if sent and care.way == GreetingWay.SMS:
        return True, False
    return sent, tell_of_birthday(care=care, on=on, at=at)


def _greet_by_sms(care: BirthdayCare, at: datetime) -> bool:
    """Write the SMS, once for this care, whatever becomes of its date; whether it is on its way now."""
    until = timezone.make_aware(datetime.combine(care.falls_on, SMS_UNTIL))
    if at >= until:
        return False
    message = sms_send(
        kind=messages.GREETING,
        key=f"care.greeting:{care.pk}",
        name=care.contact.name,
        phone=care.contact.mobile,
        text=greeting_text(care.contact),
        consent=care.contact.consent == Consent.GIVEN,
        opted_out=False,
        account_id=care.account_id,
        contact_id=care.contact_id,
        at=at,
        expires_at=until,
    )
    if message.state == MessageState.SKIPPED:
        return False
    if care.way == GreetingWay.SMS:
        values = {"sms_at": at, "greeted_at": at, "version": care.version + 1}
        move(care, CareStatus.DONE, actor=None, extra_fields=values)
        return True
    care.sms_at = at
    record_save(care, ["sms_at", "updated_at"], actor=None)
    return True
