"""Members, units and delegations in the panel: to look at. They are changed on the intranet's own pages."""

from django.contrib import admin

from kam.core.row_history import Entry
from kam.core.scoped_admin import ScopedModelAdmin
from kam.people.models import Delegation, Member, Unit
from kam.people.selectors import member_history


@admin.register(Member)
class MemberAdmin(ScopedModelAdmin):
    """Members."""

    list_display = ("full_name", "username", "role", "unit", "superior", "is_active", "left_on")
    list_filter = ("role", "unit", "is_active")
    list_select_related = ("unit", "superior")
    search_fields = ("full_name", "username", "phone")
    fields = (
        "full_name",
        "username",
        "role",
        "unit",
        "superior",
        "post",
        "territory",
        "phone",
        "joined_on",
        "left_on",
        "is_active",
        "must_change_password",
        "last_login",
        "language",
    )

    def history_entries(self, row: Member) -> list[Entry]:
        """The same as on the member's page."""
        return member_history(row)


@admin.register(Unit)
class UnitAdmin(ScopedModelAdmin):
    """Units."""

    list_display = ("name", "kind", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name",)
    fields = ("name", "kind", "parent")


@admin.register(Delegation)
class DelegationAdmin(ScopedModelAdmin):
    """Delegations."""

    list_display = ("authority", "grantor", "delegate", "ceiling_amount", "starts_on", "ends_on", "revoked_at")
    list_filter = ("authority", "grantor", "delegate")
    list_select_related = ("grantor", "delegate")
    fields = (
        "authority",
        "grantor",
        "delegate",
        "ceiling_amount",
        "starts_on",
        "ends_on",
        "note",
        "created_at",
        "revoked_at",
        "revoked_by",
    )
