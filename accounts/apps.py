"""Client dossiers and the grants on them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Client dossiers."""

    name = "accounts"
    verbose_name = _("Clients")

    def ready(self) -> None:
        from accounts.services import grants_follow_role
        from kam.people.telling import listen_to_roles

        listen_to_roles(grants_follow_role)
