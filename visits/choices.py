"""Choices of visits."""

from django.db import models
from django.utils.translation import pgettext_lazy


class PlanStatus(models.TextChoices):
    """How far a month's plan is; returned also when only some of its lines were."""

    DRAFT = "draft", pgettext_lazy("visit plan", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("visit plan", "Waiting for decision")
    APPROVED = "approved", pgettext_lazy("visit plan", "Approved")
    RETURNED = "returned", pgettext_lazy("visit plan", "Returned")


class LineStatus(models.TextChoices):
    """How far one planned visit is."""

    DRAFT = "draft", pgettext_lazy("planned visit", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("planned visit", "Waiting for decision")
    APPROVED = "approved", pgettext_lazy("planned visit", "Approved")
    RETURNED = "returned", pgettext_lazy("planned visit", "Returned")
    DONE = "done", pgettext_lazy("planned visit", "Visited")
    CANCELLED = "cancelled", pgettext_lazy("planned visit", "Cancelled")


OPEN_LINES = (LineStatus.DRAFT, LineStatus.SUBMITTED, LineStatus.APPROVED, LineStatus.RETURNED)
"""Planned visits that are still to be made."""
TO_SUBMIT = (LineStatus.DRAFT, LineStatus.RETURNED)
"""Planned visits that the next submission puts before the director."""


class LogStatus(models.TextChoices):
    """How far a log is: filed by the visitor, or looked at by the responsible person at the month's end."""

    FILED = "filed", pgettext_lazy("visit log", "Filed")
    HANDLED = "handled", pgettext_lazy("visit log", "Handled")
