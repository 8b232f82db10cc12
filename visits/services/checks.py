"""What the services of visits ask before they change anything."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import ChangedMeanwhile, NotAllowed, Text
from kam.core.scoping import allowed
from visits.models import VisitLog


def must_be_own(row: models.Model, actor: Any, action: str = "change") -> None:
    """Out of sight is nonexistent; in sight but somebody else's is refused with the reason."""
    if not allowed(actor, row, "view"):
        raise type(row).DoesNotExist  # type: ignore[attr-defined]
    if not allowed(actor, row, action):
        raise NotAllowed(_("Only whose visit it is changes this."))


def must_be_open(log: VisitLog) -> None:
    """A log that was handled stays as it is."""
    if not log.is_open:
        raise ChangedMeanwhile(_("This log was handled meanwhile; it stays as it is."))


def field_errors(row: models.Model, names: Iterable[str]) -> dict[str, Text]:
    """What is wrong with these fields of the row by themselves, by field."""
    checked = set(names)
    errors = _too_long(row, checked)
    try:
        row.clean_fields(exclude={field.name for field in row._meta.get_fields()} - checked)
    except ValidationError as error:
        errors |= {name: " ".join(texts) for name, texts in error.message_dict.items()}
    return errors


def _too_long(row: models.Model, names: Iterable[str]) -> dict[str, Text]:
    """Texts that exceed their field, which Django checks for short fields alone."""
    fields = [row._meta.get_field(name) for name in names]
    return {
        field.name: _("At most %(length)s characters.") % {"length": field.max_length}
        for field in fields
        if isinstance(field, models.TextField) and len(getattr(row, field.name) or "") > (field.max_length or 0)
    }
