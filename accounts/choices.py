"""Choices of the client dossier."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """Kinds of clients (A1)."""

    ALLIANCE = "alliance", _("Alliance merchant")
    ENTERPRISE = "enterprise", _("Enterprise")
    PUBLIC_BODY = "public_body", _("Public body")
    CHAIN_RETAILER = "chain_retailer", _("Chain retailer")
    SCHOOL_LIBRARY = "school_library", _("School or library")


class AccountStatus(models.TextChoices):
    """Where the relation stands."""

    PROSPECT = "prospect", _("Prospect")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class Grade(models.TextChoices):
    """Grade of a client (分级管理, P4); empty means not graded yet."""

    A = "A", _("A")
    B = "B", _("B")
    C = "C", _("C")
    D = "D", _("D")


class TermKind(models.TextChoices):
    """What a payment term counts from (domain rules §3)."""

    PREPAID = "prepaid", _("Prepayment")
    DAYS = "days", _("Days after receipt")
    MONTH_END = "month_end", _("Days after the end of the month")


class CreditRating(models.TextChoices):
    """Result of the credit survey."""

    AAA = "AAA", "AAA"
    AA = "AA", "AA"
    A = "A", "A"
    BBB = "BBB", "BBB"
    BB = "BB", "BB"
    B = "B", "B"


class GrantSource(models.TextChoices):
    """Why a member may work on a client."""

    OWN = "own", _("Owner")
    DEPUTY = "deputy", _("Deputy")
    SHARE = "share", _("Share")


class Gender(models.TextChoices):
    """Gender of a contact."""

    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class Stance(models.TextChoices):
    """How a contact stands to us (关注领导心态, P1)."""

    SUPPORTS = "supports", _("Supports us")
    NEUTRAL = "neutral", _("Neutral")
    OPPOSES = "opposes", _("Opposes")
    UNKNOWN = "unknown", _("Unknown")


class BirthdayCalendar(models.TextChoices):
    """Calendar in which a birthday is kept."""

    SOLAR = "solar", _("Solar")
    LUNAR = "lunar", _("Lunar")


class Consent(models.TextChoices):
    """Whether a contact agreed to messages."""

    UNASKED = "unasked", _("Not asked")
    GIVEN = "given", _("Agreed")
    REFUSED = "refused", _("Refused")


class AddressKind(models.TextChoices):
    """What an address is for."""

    REGISTERED = "registered", _("Registered")
    DELIVERY = "delivery", _("Delivery")
    INVOICE = "invoice", _("Invoice")
    OFFICE = "office", _("Office")


class InvoiceKind(models.TextChoices):
    """Which invoice the client takes."""

    SPECIAL = "special", _("Special VAT invoice")
    GENERAL = "general", _("General VAT invoice")
