"""The list of messages that left the product, or should have."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy, pgettext_lazy

from kam.core.lists import cells
from kam.core.lists.actions import BuiltInView
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.page import ListPage
from kam.outbox.choices import Channel, Delivery, MessageState, SkipReason
from kam.outbox.filters import MessageFilter
from kam.outbox.kinds import kind_title
from kam.outbox.models import Message
from kam.outbox.selectors import standstills

TONES = {
    MessageState.DUE: "info",
    MessageState.CLAIMED: "info",
    MessageState.SENT: "ok",
    MessageState.FAILED: "bad",
    MessageState.SKIPPED: "idle",
    MessageState.UNCERTAIN: "warn",
}
DELIVERY_TONES = {Delivery.DELIVERED: "ok", Delivery.UNDELIVERED: "bad"}
TEXT_SHOWN = 60


def state(row: Row) -> Cell:
    """Where the message stands."""
    return cells.status(word(MessageState, row["state"]), TONES.get(row["state"], "idle"))


def delivery(row: Row) -> Cell:
    """What the gateway reported."""
    if not row["delivery"]:
        return cells.phrase("")
    return cells.status(word(Delivery, row["delivery"]), DELIVERY_TONES.get(row["delivery"], "idle"))


def reason(row: Row) -> str:
    """Why it was not sent, or what went wrong."""
    return word(SkipReason, row["skip_reason"]) or (_now(row["error"]) if row["error"] else "")


def short(text: str) -> str:
    """As much of the text as a row holds."""
    return text if len(text) <= TEXT_SHOWN else f"{text[: TEXT_SHOWN - 1]}…"


def clients(user: Any, keys: Sequence[int]) -> dict[int, Any]:
    """The client of each message, as key and name, where `user` sees it."""
    of_message = dict(Message.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "account_id"))
    seen = apps.get_model("accounts.account")._default_manager.visible_to(user)
    names = dict(seen.filter(pk__in=set(of_message.values())).values_list("pk", "name"))
    return {key: (pk, names[pk]) for key, pk in of_message.items() if pk in names}


def client_cell(row: Row) -> Cell:
    """The client, led to."""
    pk, name = row["client"] or (0, "")
    return cells.text(name, url=cells.row_url("accounts:account_detail", pk) if pk else "")


class MessageList(ListPage):
    """Messages by e-mail and SMS: what was sent, failed, is uncertain or waits (N2)."""

    key = "outbox.message"
    model = Message
    title = _("Message log")
    unit = npgettext_lazy("counted", "message", "messages")
    filterset_class = MessageFilter
    default_sort = "-written"
    search_hint = _("Name, address or words of the text")
    empty_text = _("E-mail and SMS are written down here as soon as there is something to tell.")
    template_name = "outbox/messages.html"
    columns = (
        Column(
            "to",
            _("To"),
            lambda row: cells.name(
                row["name"], cells.row_url("outbox:message_detail", row["pk"]), kind_title(row["kind"])
            ),
            reads=("name", "kind"),
            sort=("name", "pk"),
            fixed=True,
        ),
        Column("text", _("Text"), lambda row: cells.text(short(row["text"])), reads=("text",)),
        Column("channel", _("Channel"), lambda row: cells.phrase(word(Channel, row["channel"])), reads=("channel",)),
        Column("state", _("State"), state, reads=("state",), sort=("state", "created_at", "pk")),
        Column("why", _("Reason"), lambda row: cells.text(reason(row)), reads=("skip_reason", "error")),
        Column("delivery", _("Delivery report"), delivery, reads=("delivery",)),
        Column(
            "written",
            pgettext_lazy("message", "At"),
            lambda row: cells.phrase(cells.moment_text(row["created_at"])),
            reads=("created_at",),
            sort=("created_at", "pk"),
            descending_first=True,
        ),
        Column(
            "ended",
            pgettext_lazy("message", "Ended"),
            lambda row: cells.phrase(cells.moment_text(row["ended_at"])),
            reads=("ended_at",),
            hidden=True,
        ),
        Column("client", _("Client"), client_cell, load=clients, hidden=True),
        Column("address", _("Address"), lambda row: cells.phrase(row["address"]), reads=("address",), hidden=True),
        Column("attempts", _("Attempts"), lambda row: cells.number(row["attempts"]), reads=("attempts",), hidden=True),
        Column("parts", _("SMS parts"), lambda row: cells.number(row["parts"]), reads=("parts",), hidden=True),
    )
    built_in_views = (
        BuiltInView(_("All")),
        BuiltInView(_("To be looked at"), "state=failed&state=uncertain"),
        BuiltInView(pgettext_lazy("message", "Waiting"), "state=due&state=claimed"),
        BuiltInView(pgettext_lazy("message", "Sent"), "state=sent"),
        BuiltInView(pgettext_lazy("message", "Not sent"), "state=skipped"),
    )

    def search(self, rows: QuerySet[Message], text: str) -> QuerySet[Message]:
        """By name, address and words."""
        return rows.filter(Q(name__icontains=text) | Q(address__contains=text) | Q(text__icontains=text))

    def more_context(self) -> dict[str, Any]:
        """Channels that cannot send, above the list."""
        return {"standstills": standstills(self.user)}

    def card_reads(self) -> tuple[str, ...]:
        """To whom, what, how it went."""
        return ("name", "kind", "text", "channel", "state", "skip_reason", "error", "created_at")

    def card(self, row: Row) -> Card:
        """To whom, what, how it went."""
        facts: list[Any] = [{"value": text} for text in (reason(row), word(Channel, row["channel"])) if text]
        return {
            "title": row["name"],
            "url": cells.row_url("outbox:message_detail", row["pk"]),
            "sub": f"{cells.moment_text(row['created_at'])} {short(row['text'])}",
            "status": state(row),
            "facts": facts,
        }
