"""One mechanism for everything that needs a decision (审批)."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    """Policies, requests, decisions."""

    name = "kam.approvals"
    label = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from kam.approvals.limits import policy_limits
        from kam.people.authority import contribute_limits

        contribute_limits(policy_limits)
        post_migrate.connect(write_default_policies, sender=self)


def write_default_policies(*, using: str = "default", **_kwargs: Any) -> None:
    """Receiver of `post_migrate`: kinds that are new get their default policy."""
    from kam.approvals.services import policies_ensure

    if using == "default":
        policies_ensure(actor=None)
