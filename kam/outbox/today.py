"""What messages put on the workbench of clerk and director: what did not arrive."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kam.core.contributions import Action, TodayRow, contribute
from kam.core.scoping import Reach, reach
from kam.outbox.choices import MessageState
from kam.outbox.models import Message

TO_BE_LOOKED_AT = (MessageState.FAILED, MessageState.UNCERTAIN)
SHOWN = 100
"""Counted no further than this."""


@contribute("today")
def messages_to_look_at(user: Any, on: date) -> Iterator[TodayRow]:
    """One row for all messages that failed or are uncertain, to who may send them again; one bounded query."""
    if reach(user, Message, "change") is Reach.NONE:
        return
    rows = Message.objects.visible_to(user, "change").filter(state__in=TO_BE_LOOKED_AT).order_by()
    states = list(rows.values_list("state", flat=True)[:SHOWN])
    if not states:
        return
    url = f"{reverse('outbox:message_list')}?state=failed&state=uncertain"
    uncertain = states.count(MessageState.UNCERTAIN)
    yield TodayRow(
        kind="message",
        kind_label=_("Messages"),
        icon="mail",
        title=ngettext("%(n)s message did not arrive", "%(n)s messages did not arrive", len(states))
        % {"n": f"{SHOWN}+" if len(states) == SHOWN else len(states)},
        url=url,
        meta=(ngettext("%(n)s uncertain", "%(n)s uncertain", uncertain) % {"n": uncertain},) if uncertain else (),
        status_tone="bad",
        status_text=_("To be looked at"),
        due_on=on,
        actions=(Action(_("Look at them"), url, icon="arrow-right"),),
    )
