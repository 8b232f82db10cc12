"""Imports and what became of each of their rows."""

import uuid
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kam.core.fields import ActorField
from kam.core.history import Operation
from kam.core.scoping import ScopedManager
from kam.core.work.models import Work
from kam.core.workbooks.cells import LONGEST_SHEET_NAME

LONGEST_NAME = 150
LONGEST_WORD = 60


def import_path(_instance: "ImportRun", _filename: str) -> str:
    """Where the uploaded workbook lies: a random name."""
    return f"imports/{uuid.uuid4().hex}"


class ImportState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("Waiting to be judged")
    JUDGING = "judging", _("Being judged")
    JUDGED = "judged", _("Dry run done")
    CONFIRMED = "confirmed", _("Waiting to be written")
    WRITING = "writing", _("Being written")
    DONE = "done", _("Imported")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


ENDINGS = {
    ImportState.JUDGED: _("The dry run of %(name)s is done: look at it and confirm."),
    ImportState.DONE: _("%(name)s has been imported."),
    ImportState.FAILED: _("The import of %(name)s failed: %(error)s"),
}
"""What is told when a worker has come to one of these states."""


class RowState(models.TextChoices):
    """What became of a row after the dry run."""

    OPEN = "open", _("Not written")
    WRITTEN = "written", _("Written")
    REFUSED = "refused", _("Refused")


class ImportRun(Work):
    """One workbook on its way in (A11): the file, who brought it, its dry run, and what was written.

    `actor` is None for an import by the system; requests are filed by whoever confirmed it.
    """

    AT_WORK = (ImportState.UPLOADED, ImportState.JUDGING, ImportState.CONFIRMED, ImportState.WRITING)
    PAGE = "accounts:import_detail"

    actor = ActorField(null=True, blank=True, verbose_name=_("imported by"))
    name = models.CharField(_("file name"), max_length=LONGEST_NAME)
    file = models.FileField(_("file"), upload_to=import_path, max_length=120)
    size = models.PositiveIntegerField(_("size"))
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    members = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    """What was said of rows, by sheet and row: `choice`, `by` (key of a member), `target` (key of a client)."""
    confirmed_by = ActorField(null=True, blank=True, verbose_name=_("confirmed by"))
    report = models.JSONField(default=dict)
    operation = models.OneToOneField(Operation, null=True, on_delete=models.PROTECT, related_name="import_run")
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    undone_by = ActorField(null=True, blank=True, verbose_name=_("undone by"))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "lease_until"])]

    def __str__(self) -> str:
        return self.name

    @property
    def sheets(self) -> dict[str, Any]:
        """What the dry run says of each sheet, in the order of the file, which a database may not keep by itself."""
        told = self.report.get("sheets", {})
        return {name: told[name] for name in self.report.get("order", told)}

    def ending(self) -> tuple[Promise, dict[str, Any]] | None:
        """The dry run can be looked at, the rows are in, or it failed."""
        text = ENDINGS.get(ImportState(self.state))
        return (text, {"name": self.name, "error": self.error_text}) if text else None


class ImportRow(models.Model):
    """One row of a workbook: what the dry run said of it, and what became of it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=LONGEST_SHEET_NAME)
    register = models.CharField(max_length=40)
    row = models.PositiveIntegerField()
    title = models.CharField(max_length=150, blank=True)
    client = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=10)
    cells = models.JSONField(default=list)
    """Header and cell as they stand in the file, in the order of the columns."""
    data = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    understood = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    needs_approval = models.JSONField(default=list)
    similar = models.JSONField(default=list)
    decision = models.CharField(_("decision"), max_length=4, blank=True)
    decided_by = ActorField(null=True, blank=True, verbose_name=_("decided by"))
    target = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)
    waits_sheet = models.CharField(max_length=LONGEST_SHEET_NAME, blank=True)
    waits_row = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=8, choices=RowState, default=RowState.OPEN)
    written = models.BigIntegerField(null=True)
    """Key of the stored row that was created or changed."""
    before = models.JSONField(default=dict)
    """What undo needs beyond the history: the moment of the last change, and the requests that were filed."""
    remark = models.CharField(max_length=300, blank=True)

    objects = ScopedManager()
    scope_own = "run__actor"

    class Meta:
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["run", "register", "state", "outcome"]),
            models.Index(fields=["run", "sheet", "row"]),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"

    @property
    def waits_for(self) -> tuple[str, int] | None:
        """Sheet and row of the row that this one needs."""
        return (self.waits_sheet, self.waits_row) if self.waits_row is not None else None


class HeaderWord(models.Model):
    """A word that the department writes over a column of a register, beside those that the register knows itself.

    A removed word stays as a row, so that the page tells who added and who removed it.
    """

    register = models.CharField(max_length=40)
    column = models.CharField(max_length=40)
    word = models.CharField(_("word"), max_length=LONGEST_WORD)
    key = models.CharField(max_length=LONGEST_WORD)
    """The word as headers are compared: without width, blanks, marks and bracketed remarks."""
    added_by = ActorField(verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    removed_by = ActorField(null=True, blank=True, verbose_name=_("removed by"))
    removed_at = models.DateTimeField(_("removed at"), null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("header word")
        verbose_name_plural = _("header words")
        ordering = ["register", "column", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "key"], condition=models.Q(removed_at=None), name="header_word_means_one_column"
            )
        ]

    def __str__(self) -> str:
        return self.word


def row_of(run: ImportRun, planned: Any) -> ImportRow:
    """The unsaved row that keeps what the dry run said."""
    waits_sheet, waits_row = planned.waits_for or ("", None)
    return ImportRow(
        run=run,
        sheet=planned.sheet,
        register=planned.register,
        row=planned.row,
        title=planned.title[:150],
        client=planned.client[:150],
        cells=planned.cells,
        outcome=planned.outcome,
        data=planned.data,
        errors=[_words(remark) for remark in planned.errors],
        warnings=[_words(remark) for remark in planned.warnings],
        understood=[_words(seen) for seen in planned.understood],
        changes=[_words(change) for change in planned.changes],
        needs_approval=[_words(change) for change in planned.needs_approval],
        similar=[_words(candidate) for candidate in planned.similar],
        decision=planned.decision.choice if planned.decision else "",
        decided_by_id=planned.decision.by if planned.decision else None,
        target=planned.target,
        version=planned.version,
        waits_sheet=waits_sheet,
        waits_row=waits_row,
    )


def _words(said: Any) -> dict[str, Any]:
    """A remark or change with its words in the language of whoever imports."""
    names = type(said).__dataclass_fields__
    return {name: value if isinstance(value := getattr(said, name), int) else str(value) for name in names}
