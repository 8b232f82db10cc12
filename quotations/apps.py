"""Opportunities, quotations and projects."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotationsConfig(AppConfig):
    """Opportunities, quotations and projects."""

    name = "quotations"
    verbose_name = _("Quotations")
