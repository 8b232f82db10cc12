"""Client dossiers and the grants on them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Client dossiers."""

    name = "accounts"
    verbose_name = _("Clients")
