"""What runs when, and that each period ran once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Scheduled jobs."""

    name = "kam.jobs"
    label = "jobs"
    verbose_name = _("Scheduled jobs")
