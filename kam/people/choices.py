"""Choices of the people area."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The seven roles of the department and around it."""

    DIRECTOR = "director", _("Director")
    CLERK = "clerk", _("Clerk")
    MANAGER = "manager", _("Account manager")
    EXECUTIVE = "executive", _("Executive")
    FINANCE = "finance", _("Finance")
    LEGAL = "legal", _("Legal")
    PARTNER = "partner", _("Partner department")


class UnitKind(models.TextChoices):
    """What kind of unit it is."""

    DEPARTMENT = "department", _("Department")
    BRANCH = "branch", _("Branch")
    TEAM = "team", _("Team")
    PARTNER = "partner", _("Partner department")
    COMPANY = "company", _("Company")


class Authority(models.TextChoices):
    """What can be delegated: each value is a kind of approval, or `approvals` for all that the director decides."""

    CREDIT = "credit", _("Decide credit openings and changes")
    SHARE = "share", _("Decide shares of clients")
    VISIT_PLAN = "visit_plan", _("Approve visit plans")
    COOPERATION = "cooperation", _("Sign cooperation agreements")


GRANTING_ROLES = (Role.DIRECTOR, Role.EXECUTIVE)
"""Who decides, and may therefore hand an authority on."""

AUTHORITIES_WITH_AMOUNT = frozenset({Authority.CREDIT, Authority.COOPERATION})
"""Authorities over sums of money; a ceiling means something for these alone."""
