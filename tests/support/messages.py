"""Invented messages for tests: kinds of every sort, and one call that tells a member something."""

from itertools import count
from typing import Any

from django.utils.translation import gettext_lazy as _

from kam.core.calendar import now
from kam.outbox.choices import Channel, Once
from kam.outbox.kinds import declare
from kam.outbox.models import Notice
from kam.outbox.services import message_send
from kam.people.models import Member

_numbers = count(1)
INSIDE = declare("test.inside", "Inside only", channels=(Channel.IN_APP,))
REMINDER = declare("test.reminder", "Reminder", channels=(Channel.IN_APP, Channel.EMAIL, Channel.SMS))
REQUIRED = declare("test.required", "Required", required=True)
GREETING = declare("test.greeting", "Greeting", channels=(Channel.SMS,), once=Once.AT_MOST)


def tell(recipient: Member, **fields: Any) -> Notice | None:
    """Tell `recipient` something new inside the product; the notice, or None when nothing was written."""
    key = f"test:{next(_numbers)}"
    values = {"kind": INSIDE, "key": key, "text": _("Monday"), "url": "/", "at": now(), **fields}
    message_send(recipient=recipient, **values)
    return Notice.objects.filter(recipient=recipient, key=values["key"]).first()
