"""Members, units, roles, delegations."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Writes the role groups after each migration."""

    name = "kam.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from kam.people.roles import write_role_groups

        post_migrate.connect(write_role_groups)
