"""The admin panel: approvals and settings for the roles that decide or keep them (审批与设置)."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import NotAllowed
from kam.core.scoped_admin import ScopedModelAdmin

PANEL_ROLES = frozenset({"director", "clerk", "executive", "finance"})
INBOX = "admin:approvals_request_changelist"


class Panel(AdminSite):
    """Open to `PANEL_ROLES`; everything in it is scoped like the intranet.

    Sign-in, sign-out and passwords are the intranet's own, so that lock-out, expiry and the first password hold here
    too. Menus show beside a model what its page counts as waiting (`ScopedModelAdmin.menu_count`).
    """

    site_title = _("Approvals and settings")
    site_header = _("Approvals and settings")
    index_title = _("Approvals and settings")
    index_template = "desk/panel.html"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take up pages on the scoped base; those that packages bring write past the services and stay out."""
        if admin_class is not None and issubclass(admin_class, ScopedModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the member's role has anything to do here."""
        user: Any = request.user
        return user.is_authenticated and user.is_active and user.role in PANEL_ROLES

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Our sign-in page for whoever is not signed in; words for a role that has nothing to do here."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise NotAllowed(_("The panel is for those who decide requests or keep settings. Your role has neither."))
        return redirect(f"{reverse('people:sign_in')}?{urlencode({'next': reverse('admin:index')})}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out of the whole product."""
        return LogoutView.as_view()(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The product's own page for passwords."""
        return redirect("people:change_password")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The member's own page, which says that it was saved."""
        return redirect("people:profile")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """What waits for a decision, then everything else."""
        try:
            inbox_url = reverse(INBOX)
        except NoReverseMatch:
            inbox_url = ""
        return super().index(request, {**(extra_context or {}), "inbox_url": inbox_url})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu, with what waits beside each model."""
        found: list[Any] = super().get_app_list(request, app_label)
        for app in found:
            for entry in app["models"]:
                page = self.get_model_admin(entry["model"])
                entry["count"] = page.menu_count(request) if hasattr(page, "menu_count") else 0
        return found

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Context of every page of the panel."""
        return {**super().each_context(request), "site_url": reverse("desk:workbench")}
