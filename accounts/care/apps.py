"""Care for the people at the clients: birthdays, prepared and kept."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    """Birthday care."""

    name = "accounts.care"
    label = "care"
    verbose_name = _("Care")
