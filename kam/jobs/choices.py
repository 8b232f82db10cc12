"""Choices of scheduled jobs."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Period(StrEnum):
    """How often a job runs: once in each of these."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class CatchUp(StrEnum):
    """What becomes of periods that passed while nothing ran."""

    ALL = "all"
    """Each one is made up for, as long as it is not older than `max_age`."""
    LATEST = "latest"
    """The last one alone."""
    NONE = "none"
    """None: a job that comes too late is worse than one that does not come."""


class RunState(models.TextChoices):
    """Where a run stands."""

    DUE = "due", _("Due")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Skipped")
