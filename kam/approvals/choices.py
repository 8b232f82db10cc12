"""Choices of the approval mechanism."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StepKind(models.TextChoices):
    """An opinion informs; a decision counts."""

    OPINION = "opinion", _("Opinion")
    DECISION = "decision", _("Decision")


class RequestStatus(models.TextChoices):
    """Where a request stands."""

    PENDING = "pending", _("Waiting for decision")
    APPROVED = "approved", _("Approved, to be carried out")
    EFFECTED = "effected", _("In effect")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOID = "void", _("Void")


class StepStatus(models.TextChoices):
    """Where one step stands."""

    AHEAD = "ahead", pgettext_lazy("approval step", "Later")
    CURRENT = "current", _("Now")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Not needed")


class Outcome(models.TextChoices):
    """What was said at a step."""

    APPROVE = "approve", _("Approved")
    RETURN = "return", _("Returned")
    AGREE = "agree", _("Agrees")
    OBJECT = "object", _("Objects")
