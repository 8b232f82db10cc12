"""The one engine that moves a document from state to state.

Each model declares `STATES: StateTable`, the table of allowed moves. Only this engine assigns `.status`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import ChangedMeanwhile
from kam.core.fields import ActorField
from kam.core.history import record_save
from kam.core.locking import lock_row

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class StateTable:
    """Allowed moves of a model: old state → new states."""

    moves: Mapping[str, frozenset[str]]

    def allows(self, old: str, new: str) -> bool:
        """Whether a document in state `old` may move to `new`."""
        return new in self.moves.get(old, frozenset())


class Transition(models.Model):
    """One move of one document: append-only."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    old = models.CharField(_("from"), max_length=30)
    new = models.CharField(_("to"), max_length=30)
    actor = ActorField(null=True, blank=True, verbose_name=_("done by"))
    on_behalf_of = ActorField(null=True, blank=True, verbose_name=_("on behalf of"))
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        indexes = [models.Index(fields=["content_type", "object_id", "created_at"])]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


def move(
    instance: M,
    to: str,
    *,
    actor: Any,
    on_behalf_of: Any = None,
    reason: str = "",
    extra_fields: Mapping[str, Any] | None = None,
    expected: str | None = None,
) -> M:
    """Move `instance` to state `to`: lock, re-read, check the table, set, save, write the move.

    `expected` is the state in which the person saw the document (default: the state of `instance`); `extra_fields` are
    set in the same save. Returns the locked fresh row. Raises `ChangedMeanwhile` when the stored state differs from
    the expected one or the table does not allow the move. Must run inside a transaction.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A state is moved inside a transaction only.")
    seen = expected if expected is not None else instance.status  # type: ignore[attr-defined]
    fresh = lock_row(type(instance), instance.pk)
    old: str = fresh.status  # type: ignore[attr-defined]
    if old != seen or not fresh.STATES.allows(old, to):  # type: ignore[attr-defined]
        raise ChangedMeanwhile(
            _("This was changed meanwhile: it is now “%(state)s”. Look at it again.")
            % {"state": fresh.get_status_display()}  # type: ignore[attr-defined]
        )
    fresh.status = to  # type: ignore[attr-defined]
    for name, value in (extra_fields or {}).items():
        setattr(fresh, name, value)
    record_save(fresh, ["status", *(extra_fields or {})], actor=actor, on_behalf_of=on_behalf_of, reason=reason)
    record_move(fresh, old=old, new=to, actor=actor, on_behalf_of=on_behalf_of, reason=reason)
    return fresh


def record_move(
    instance: models.Model, *, old: str, new: str, actor: Any, on_behalf_of: Any = None, reason: str = ""
) -> Transition:
    """Write the history row of a move, or of a document's birth (`old=""`)."""
    return Transition.objects.create(
        content_type=ContentType.objects.get_for_model(instance),
        object_id=instance.pk,
        old=old,
        new=new,
        actor=actor,
        on_behalf_of=on_behalf_of,
        reason=reason,
    )
