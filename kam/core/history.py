"""Field history and the operations that tie many changes together so that they can be undone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kam.core.calendar import now
from kam.core.exceptions import ChangedMeanwhile, DomainError
from kam.core.fields import ActorField
from kam.core.scoping import ScopedManager

BATCH = 500
"""History rows written at a time."""
UNDO_WITHIN = timedelta(days=30)
"""How long an operation can be taken back."""


class Operation(models.Model):
    """One act that changed many rows: an import, a bulk assignment, a merge, a hand-over."""

    class Kind(models.TextChoices):
        """What kind of act it was."""

        IMPORT = "import", _("Import")
        BULK_ASSIGN = "bulk_assign", _("Bulk assignment")
        BULK_EDIT = "bulk_edit", _("Bulk edit")
        MERGE = "merge", _("Merge")
        HAND_OVER = "hand_over", _("Hand-over")
        UNDO = "undo", _("Taken back")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    actor = ActorField(null=True, blank=True, verbose_name=_("done by"))
    on_behalf_of = ActorField(null=True, blank=True, verbose_name=_("on behalf of"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    kept = models.JSONField(default=dict, blank=True, editable=False)
    """What no history table holds and an undo needs."""

    objects = ScopedManager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())


def must_be_undoable(operation: Operation, now: datetime) -> None:
    """Raises `ChangedMeanwhile` for an operation that is taken back already, `DomainError` for one too long ago."""
    if operation.undone_at:
        raise ChangedMeanwhile(_("This is taken back already."))
    if now > operation.created_at + UNDO_WITHIN:
        raise DomainError(_("This can be taken back within %(n)s days only.") % {"n": UNDO_WITHIN.days})


class OperationBase(models.Model):
    """Columns added to every history table: the operation, and on whose behalf the change was made."""

    operation = models.ForeignKey(Operation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    on_behalf_of = ActorField(null=True, blank=True)

    class Meta:
        abstract = True


@cache
def history_of(model: type[models.Model]) -> Any:
    """The model of a model's history rows, for pages: naming `model.history` builds a manager class every time."""
    return model.history.model  # type: ignore[attr-defined]


class FieldHistory(HistoricalRecords):
    """Field history of a row; saving excluded fields alone, as every sign-in does (`last_login`), is no change."""

    def post_save(self, instance: models.Model, created: bool, using: str | None = None, **kwargs: Any) -> None:
        """Write the history row, unless nothing that is kept was saved."""
        saved = kwargs.get("update_fields")
        if created or saved is None or not set(saved) <= set(self.excluded_fields):
            super().post_save(instance, created, using=using, **kwargs)


def record_save(
    instance: models.Model,
    fields: Iterable[str],
    *,
    actor: Any,
    operation: Operation | None = None,
    on_behalf_of: Any = None,
    reason: str = "",
) -> None:
    """Save `fields` of a freshly locked `instance` and write its history row in the name of `actor`.

    An unsaved instance is inserted whole. `actor=None` stands for the system.
    """
    names = list(fields)
    instance._history_user = actor  # type: ignore[attr-defined]
    instance._change_reason = reason or None  # type: ignore[attr-defined]
    instance._history_extra = {"operation": operation, "on_behalf_of": on_behalf_of}  # type: ignore[attr-defined]
    if instance._state.adding:
        instance.save(force_insert=True)
    elif names:
        instance.save(update_fields=names)


def record_delete_many(rows: models.QuerySet[Any], *, actor: Any, reason: str = "") -> int:
    """Delete many rows at once, each with its history row in the name of `actor`; returns how many.

    Nothing cascades: what points at the rows must be gone already.
    """
    model: Any = rows.model
    history = model.history.model
    gone = list(rows)
    at = now()
    history.objects.bulk_create(
        (
            history(
                history_date=at,
                history_user=actor,
                history_type="-",
                history_change_reason=reason or None,
                **{field.attname: getattr(row, field.attname) for field in history.tracked_fields},
            )
            for row in gone
        ),
        batch_size=BATCH,
    )
    rows._raw_delete(rows.db)  # noqa: SLF001 - delete() would write history row by row
    return len(gone)


def fill_history_extra(sender: Any, *, instance: Any, history_instance: Any, **_kwargs: Any) -> None:
    """Receiver of simple-history's `pre_create_historical_record`: carries operation and on-behalf-of over."""
    extra = getattr(instance, "_history_extra", None) or {}
    history_instance.operation = extra.get("operation")
    history_instance.on_behalf_of = extra.get("on_behalf_of")
