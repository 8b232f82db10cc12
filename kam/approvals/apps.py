"""One mechanism for everything that needs a decision (审批)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    """Policies, requests, decisions."""

    name = "kam.approvals"
    label = "approvals"
    verbose_name = _("Approvals")
