"""Visit plans, visit logs and client issues."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    """Visit plans, visit logs and client issues."""

    name = "visits"
    verbose_name = _("Visits")
