"""Targets, appraisal and commission."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalConfig(AppConfig):
    """Targets, appraisal and commission."""

    name = "appraisal"
    verbose_name = _("Appraisal")
