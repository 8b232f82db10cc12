"""What a member is told inside the product."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kam.core.calendar import now
from kam.core.fields import ActorField
from kam.core.scoping import Reach, ScopedQuerySet, reach
from kam.people.permissions import models_put_before

TEXT_LENGTH = 300


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    """Notices of a member, without those whose client or subject the member no longer sees."""

    def visible_to(self, user: Any, action: str = "view") -> Self:
        """Own notices whose client or subject is still in sight, all in one query."""
        rows = super().visible_to(user, action)
        return rows.in_sight(user, "accounts.account", Q(subject_model=""), "account_id").subjects_in_sight(user)

    def subjects_in_sight(self, user: Any) -> Self:
        """Drop notices about things that are no longer put before `user`."""
        rows = self
        for label in models_put_before():
            rows = rows.in_sight(user, label, Q(subject_model=label), "subject_id")
        return rows

    def in_sight(self, user: Any, label: str, concerned: Q, column: str) -> Self:
        """Drop the `concerned` rows whose `column` points at a row of the model that `user` does not see."""
        model = apps.get_model(label)
        match reach(user, model, "view"):
            case Reach.ALL:
                return self
            case Reach.NONE:
                return self.filter(~concerned | Q(**{f"{column}__isnull": True}))
            case _:
                seen = model._default_manager.visible_to(user).values("pk")
                return self.filter(~concerned | Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__in": seen}))


class Notice(models.Model):
    """One thing told to one member, once for its `key`. The text is kept in both languages, as of the event."""

    recipient = ActorField(verbose_name=_("to"), related_name="notices")
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=120, blank=True)
    text_zh = models.CharField(max_length=TEXT_LENGTH)
    text_en = models.CharField(max_length=TEXT_LENGTH)
    url = models.CharField(max_length=200, blank=True)
    account_id = models.BigIntegerField(
        null=True, blank=True, help_text=_("Client that the notice speaks of; the notice is hidden with the client.")
    )
    subject_model = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("at"), default=now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = models.Manager.from_queryset(NoticeQuerySet)()
    scope_own = "recipient"

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], condition=~Q(key=""), name="notice_once_per_member")
        ]
        indexes = [models.Index(fields=["recipient", "read_at"]), models.Index(fields=["recipient", "-created_at"])]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The text in the language of the page that shows it."""
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh
