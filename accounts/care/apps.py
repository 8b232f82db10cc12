"""Care for the people at the clients: birthdays, prepared and kept."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    """Birthday care."""

    name = "accounts.care"
    label = "care"
    verbose_name = _("Care")

    def ready(self) -> None:
        from accounts.care import checks  # noqa: F401 (registers the check of the greeting)
        from accounts.care.services import client_changed, people_changed
        from accounts.telling import listen_to_clients, listen_to_people

        listen_to_people(people_changed)
        listen_to_clients(client_changed)
