"""Messages, and the channels that carry them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Messages inside the product and out of it."""

    name = "kam.outbox"
    label = "outbox"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from kam.outbox import checks, tasks  # noqa: F401 (registers checks, the sweep and the waker)
        from kam.outbox.telling import tell_of_delegation
        from kam.people.telling import listen_to_delegations

        listen_to_delegations(tell_of_delegation)
