"""Which waiting messages speak of a client that their recipient no longer sees."""

from collections.abc import Iterable
from datetime import date

from django.apps import apps
from django.conf import settings

from kam.core.scoping import Reach, permission_id, reach
from kam.outbox.models import Message

CLIENT = "accounts.account"


def out_of_sight(messages: Iterable[Message], on: date) -> set[int]:
    """Keys of the messages to members who do not see their client on that day; one query at most."""
    client = apps.get_model(CLIENT)
    asked = [
        message
        for message in messages
        if message.recipient is not None
        and message.account_id is not None
        and reach(message.recipient, client, "view") is not Reach.ALL
    ]
    if not asked:
        return set()
    grants = apps.get_model(settings.ACCOUNT_GRANT_MODEL)._default_manager.for_system().live(on=on)
    held = set(
        grants.filter(
            user_id__in={message.recipient_id for message in asked},
            content_object_id__in={message.account_id for message in asked},
            permission_id=permission_id("view"),
        ).values_list("user_id", "content_object_id")
    )
    return {message.pk for message in asked if (message.recipient_id, message.account_id) not in held}
