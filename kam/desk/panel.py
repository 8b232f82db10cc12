"""The admin panel: approvals and settings for director and clerk."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

PANEL_ROLES = frozenset({"director", "clerk", "executive", "finance"})


class Panel(AdminSite):
    """Open to the roles that decide or keep settings; everything in it is scoped like the intranet."""

    site_title = _("Approvals and settings")
    site_header = _("Approvals and settings")
    index_title = _("Approvals and settings")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and user.is_active and user.role in PANEL_ROLES
