"""Choices of visits."""

from django.db import models
from django.utils.translation import pgettext_lazy


class LogStatus(models.TextChoices):
    """How far a log is: filed by the visitor, or looked at by the responsible person at the month's end."""

    FILED = "filed", pgettext_lazy("visit log", "Filed")
    HANDLED = "handled", pgettext_lazy("visit log", "Handled")
