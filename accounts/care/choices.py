"""Choices of birthday care."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CareStatus(models.TextChoices):
    """Where a care stands: what is to be done next."""

    PLANNED = "planned", _("To verify")
    VERIFIED = "verified", _("To prepare")
    PREPARED = "prepared", _("To greet")
    NOT_REACHED = "not_reached", _("Not reached yet")
    DONE = "done", pgettext_lazy("care", "Greeted")
    SKIPPED = "skipped", pgettext_lazy("care", "Left out")


OPEN = (CareStatus.PLANNED, CareStatus.VERIFIED, CareStatus.PREPARED, CareStatus.NOT_REACHED)
"""Somebody still has to greet."""


class LeftOut(models.TextChoices):
    """Why a care is left out."""

    LEFT = "left", _("has left the client")
    SUSPENDED = "suspended", _("the client is paused or ended")
    CORRECTED = "corrected", _("the birthday was corrected")
    TOO_SOON = "too_soon", _("was cared for less than 180 days before")
    BY_HAND = "by_hand", _("decided by hand")


class GreetingWay(models.TextChoices):
    """How a person is greeted."""

    CALL = "call", _("Call")
    VISIT = "visit", pgettext_lazy("greeting", "Visit")
    SMS = "sms", _("SMS only")


class Gift(models.TextChoices):
    """How far a gift is."""

    NONE = "none", _("none")
    WANTED = "wanted", _("to be ordered")
    READY = "ready", _("arranged")


class Reaction(models.TextChoices):
    """How a person took the greeting."""

    PLEASED = "pleased", _("Pleased")
    PLAIN = "plain", _("As usual")
    COOL = "cool", _("Cool")


class Checked(models.TextChoices):
    """What came of checking one of a person's facts."""

    RIGHT = "right", _("right")
    CORRECTED = "corrected", _("corrected")
