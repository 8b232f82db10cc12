"""Messages to members."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """In-app notices."""

    name = "kam.outbox"
    label = "outbox"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from kam.outbox.telling import tell_of_delegation
        from kam.people.telling import listen_to_delegations

        listen_to_delegations(tell_of_delegation)
