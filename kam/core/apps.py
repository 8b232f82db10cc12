"""The ground every area stands on; knows no business."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Registers contributions of all areas once every model is known."""

    name = "kam.core"
    label = "core"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        from simple_history.signals import pre_create_historical_record

        from kam.core import checks, lookups, tasks  # noqa: F401 (registers checks, lookups, the sweep of imports)
        from kam.core.history import fill_history_extra
        from kam.core.scoping import forget_permission_ids

        post_migrate.connect(forget_permission_ids)
        pre_create_historical_record.connect(fill_history_extra)
        autodiscover_modules("messages", "approvals", "jobs", "client", "today", "search", "resources")
