"""What a member is told inside the product."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kam.core.fields import ActorField
from kam.core.scoping import ScopedManager


class Notice(models.Model):
    """One thing told to one member. `text` is kept in both languages, written at the time of the event."""

    recipient = ActorField(verbose_name=_("to"), related_name="notices")
    kind = models.CharField(_("kind"), max_length=40)
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    url = models.CharField(max_length=200, blank=True)
    account_id = models.BigIntegerField(
        null=True, blank=True, help_text=_("Client that the notice speaks of; the notice is hidden with the client.")
    )
    created_at = models.DateTimeField(_("at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = ScopedManager()
    scope_own = "recipient"

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["recipient", "read_at"]), models.Index(fields=["recipient", "-created_at"])]

    def __str__(self) -> str:
        return self.text_zh
