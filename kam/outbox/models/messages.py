"""Messages that leave the product, and which of them members do not want."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kam.core.fields import ActorField
from kam.core.scoping import Reach, ScopedManager, ScopedQuerySet, reach
from kam.outbox.choices import Channel, Delivery, MessageState, Once, SkipReason
from kam.outbox.kinds import CODE_LENGTH, kind_title


class MessageQuerySet(ScopedQuerySet["Message"]):
    """Messages; who sees them by client sees those to the client's people, not those to colleagues."""

    def visible_to(self, user: Any, action: str = "view") -> Self:
        """All messages, or those to people of the member's own clients."""
        rows = super().visible_to(user, action)
        return rows.filter(recipient__isnull=True) if reach(user, self.model, action) is Reach.CLIENT else rows


class Message(models.Model):
    """One message on one channel to one person: to a member (`recipient`), or to somebody at a client (`contact_id`).

    Written in the transaction of its cause and unique there by `key`, so that a cause that comes twice tells once.
    `address` is what it is sent to: an e-mail address, or a phone number. `claim` names the worker that sent it last
    or has it in hand until `lease_until`. Times are aware; `expires_at` is when it is too late to send it.
    """

    kind = models.CharField(_("kind"), max_length=CODE_LENGTH)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)
    key = models.CharField(max_length=120)
    recipient = ActorField(null=True, blank=True, verbose_name=_("to"))
    contact_id = models.BigIntegerField(null=True, blank=True)
    account_id = models.BigIntegerField(
        null=True, blank=True, help_text=_("Client that the message speaks of, or whose people it goes to.")
    )
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(max_length=10)
    text = models.TextField(_("text"))
    body = models.TextField(_("further text"), blank=True)
    url = models.CharField(max_length=200, blank=True)
    once = models.CharField(max_length=8, choices=Once)

    state = models.CharField(_("state"), max_length=9, choices=MessageState, default=MessageState.DUE)
    skip_reason = models.CharField(_("reason"), max_length=10, choices=SkipReason, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written at"))
    send_after = models.DateTimeField(_("to be sent from"))
    expires_at = models.DateTimeField(_("to be sent until"), null=True, blank=True)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    parts = models.PositiveSmallIntegerField(_("parts"), default=0)
    gateway_id = models.CharField(_("number at the gateway"), max_length=80, blank=True)
    delivery = models.CharField(_("delivery"), max_length=11, choices=Delivery, blank=True)
    delivered_at = models.DateTimeField(_("reported at"), null=True, blank=True)

    objects = models.Manager.from_queryset(MessageQuerySet)()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "channel", "recipient"],
                condition=Q(recipient__isnull=False),
                name="message_once_per_member",
            ),
            models.UniqueConstraint(
                fields=["key", "channel"], condition=Q(recipient__isnull=True), name="message_once_outside"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "channel", "send_after"]),
            models.Index(fields=["claim"]),
            models.Index(fields=["gateway_id"]),
            models.Index(fields=["account_id", "-created_at"]),
            models.Index(fields=["recipient", "-created_at"]),
            models.Index(fields=["-created_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("outbox:message_detail", args=[self.pk])

    @property
    def kind_title(self) -> str:
        """What kind of message it is, in words."""
        return kind_title(self.kind)


class MessageFile(models.Model):
    """A file that goes with an e-mail. It lies in the database, so that it comes and goes with its message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()

    objects = ScopedManager()

    class Meta:
        verbose_name = _("file of a message")
        verbose_name_plural = _("files of messages")

    def __str__(self) -> str:
        return self.name


class ChannelOff(models.Model):
    """A member does not want messages of that kind on that channel."""

    member = ActorField(verbose_name=_("member"))
    kind = models.CharField(_("kind"), max_length=CODE_LENGTH)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)

    objects = ScopedManager()
    scope_own = "member"

    class Meta:
        verbose_name = _("channel switched off")
        verbose_name_plural = _("channels switched off")
        constraints = [models.UniqueConstraint(fields=["member", "kind", "channel"], name="channel_off_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.kind}, {self.get_channel_display()}"
