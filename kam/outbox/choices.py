"""Choices of messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """The way a message takes."""

    IN_APP = "in_app", _("Inside the product")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class Once(models.TextChoices):
    """What becomes of a message of which nobody knows whether it left."""

    AT_LEAST = "at_least", _("at least once")
    """It is sent again: a reminder that comes twice is better than none."""
    AT_MOST = "at_most", _("at most once")
    """It is uncertain and for a person to judge: nobody is greeted twice."""


class MessageState(models.TextChoices):
    """Where a message stands."""

    DUE = "due", pgettext_lazy("message", "Waiting")
    CLAIMED = "claimed", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    FAILED = "failed", pgettext_lazy("message", "Failed")
    SKIPPED = "skipped", pgettext_lazy("message", "Not sent")
    UNCERTAIN = "uncertain", pgettext_lazy("message", "Uncertain")


class SkipReason(models.TextChoices):
    """Why a message was not sent."""

    NO_ADDRESS = "no_address", _("no e-mail address")
    NO_MOBILE = "no_mobile", _("no mobile number")
    NO_CONSENT = "no_consent", _("has not consented")
    OPTED_OUT = "opted_out", _("does not want messages any more")
    UNWANTED = "unwanted", _("switched off by the recipient")
    LEFT = "left", _("the recipient has left")
    OUT_OF_SIGHT = "no_sight", _("the recipient no longer sees the client")
    TOO_LATE = "too_late", _("its time had passed")
    GIVEN_UP = "given_up", _("given up")


class Delivery(models.TextChoices):
    """What the gateway reports of an SMS that was sent."""

    NONE = "", _("no report")
    DELIVERED = "delivered", _("delivered")
    UNDELIVERED = "undelivered", _("not delivered")
