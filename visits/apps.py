"""Visit plans, visit logs and client issues."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    """Visit plans, visit logs and client issues."""

    name = "visits"
    verbose_name = _("Visits")

    def ready(self) -> None:
        post_migrate.connect(write_default_rules, sender=self)


def write_default_rules(*, using: str = "default", **_kwargs: Any) -> None:
    """Receiver of `post_migrate`: an installation starts with the department's rules for visits."""
    from visits.services import visit_rules_ensure

    if using == "default":
        visit_rules_ensure(actor=None)
