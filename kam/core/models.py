"""Tables of the foundation: operations, moves between states, what people keep of list pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kam.core.exports.models import ExportRun
from kam.core.fields import ActorField
from kam.core.history import Operation
from kam.core.imports.models import HeaderWord, ImportRow, ImportRun
from kam.core.scoping import ScopedManager
from kam.core.states import Transition

__all__ = [
    "ExportLog",
    "ExportRun",
    "HeaderWord",
    "ImportRow",
    "ImportRun",
    "Operation",
    "SavedView",
    "SentForm",
    "Transition",
]

NAME_LENGTH = 30
QUERY_LENGTH = 1000


class SavedView(models.Model):
    """A list's state under a name: filters, search, order and columns, as a query string (X3)."""

    member = ActorField(verbose_name=_("member"))
    page = models.CharField(_("list"), max_length=60)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    query = models.CharField(_("query"), max_length=QUERY_LENGTH, blank=True)
    created_at = models.DateTimeField(_("saved at"), auto_now_add=True)

    objects = ScopedManager()
    scope_own = "member"

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "page", "name"], name="saved_view_name_unique_per_list")
        ]

    def __str__(self) -> str:
        return self.name


class ExportLog(models.Model):
    """Who took which rows out of the house (X5): written with every export, never changed."""

    class Format(models.TextChoices):
        """File formats of exports."""

        XLSX = "xlsx", "xlsx"
        CSV = "csv", "csv"

    actor = ActorField(verbose_name=_("exported by"))
    page = models.CharField(_("list"), max_length=60)
    title = models.CharField(_("what"), max_length=60)
    query = models.TextField(_("query"), blank=True)
    columns = models.TextField(_("columns"), blank=True)
    file_format = models.CharField(_("format"), max_length=4, choices=Format)
    rows = models.PositiveIntegerField(_("rows"))
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = ScopedManager()
    scope_own = "actor"

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="export_log_latest"),
            models.Index(fields=["actor", "-created_at"], name="export_log_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.rows}"


class SentForm(models.Model):
    """A form that was sent and done: sent again, it leads to the same result and does nothing twice.

    `key` is the hash of the form's one-time token and of what was typed. Rows are kept for two days.
    """

    member = ActorField(verbose_name=_("member"))
    key = models.CharField(max_length=64)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = ScopedManager()
    scope_own = "member"

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="form_sent_once")]
        indexes = [models.Index(fields=["member", "created_at"], name="sent_form_by_member")]

    def __str__(self) -> str:
        return self.url
