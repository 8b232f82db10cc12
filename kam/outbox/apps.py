"""Messages to members."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """In-app notices."""

    name = "kam.outbox"
    label = "outbox"
    verbose_name = _("Messages")
