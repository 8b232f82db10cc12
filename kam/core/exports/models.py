"""Exports that a worker writes."""

import uuid
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kam.core.fields import ActorField
from kam.core.work.models import Work


def export_path(_instance: "ExportRun", _filename: str) -> str:
    """Where the file lies: a random name."""
    return f"exports/{uuid.uuid4().hex}"


class ExportState(models.TextChoices):
    """Where an export stands."""

    WAITING = "waiting", pgettext_lazy("export", "Waiting to be written")
    WRITING = "writing", pgettext_lazy("export", "Being written")
    DONE = "done", _("Ready")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


ENDINGS = {
    ExportState.DONE: _("The export of “%(title)s” is ready: %(rows)s rows."),
    ExportState.FAILED: _("The export of “%(title)s” failed: %(error)s"),
}
"""What is told when a worker has come to one of these states."""


class ExportRun(Work):
    """A list on its way into a file: which list in which state (its address), and the file, for its member alone.

    The file is deleted after some days (`file` is empty then); what was taken out of the house stays in `ExportLog`.
    """

    AT_WORK = (ExportState.WAITING, ExportState.WRITING)
    PAGE = "core:export_detail"

    actor = ActorField(verbose_name=_("exported by"))
    title = models.CharField(_("what"), max_length=60)
    path = models.CharField(max_length=200)
    query = models.TextField(_("query"), blank=True)
    file_format = models.CharField(_("format"), max_length=4)
    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.WAITING)
    file = models.FileField(_("file"), upload_to=export_path, max_length=120, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("large export")
        verbose_name_plural = _("large exports")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="export_run_at_work"),
            models.Index(fields=["actor", "-id"], name="export_run_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.file_format}"

    def ending(self) -> tuple[Promise, dict[str, Any]] | None:
        """The file is there, or it failed."""
        text = ENDINGS.get(ExportState(self.state))
        return (text, {"title": self.title, "rows": self.done, "error": self.error_text}) if text else None
