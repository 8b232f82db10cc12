"""What clients put on the workbench: shares that end."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import GrantSource
from accounts.models import AccountGrant
from kam.core.contributions import TodayRow, contribute
from kam.core.lists.cells import row_url
from kam.core.scoping import permission_id
from kam.people.choices import Role

AHEAD_DAYS = 7
MOST = 60
"""Rows of one kind at most: a page is no list."""


@contribute("today")
def shares_ending(user: Any, on: date) -> Iterable[TodayRow]:
    """Shares that end within `AHEAD_DAYS`: those the manager holds, and those of the manager's own clients."""
    if user.role != Role.MANAGER:
        return []
    grants = (
        AccountGrant.objects.visible_to(user)
        .filter(source=GrantSource.SHARE, permission_id=permission_id("view"))
        .filter(ends_on__gte=on, ends_on__lte=on + timedelta(days=AHEAD_DAYS))
    )
    columns = ("content_object", "content_object__name", "content_object__short_name", "user", "user__full_name")
    return [_share_row(row, user, on) for row in grants.values(*columns, "ends_on")[:MOST]]


def _share_row(grant: dict[str, Any], user: Any, on: date) -> TodayRow:
    ends_on: date = grant["ends_on"]
    days = (ends_on - on).days
    client = grant["content_object__short_name"] or grant["content_object__name"]
    with_whom = gettext("with you") if grant["user"] == user.pk else gettext("with %(name)s")
    return TodayRow(
        kind="share",
        kind_label=_("Shares"),
        icon="share",
        title=gettext("Share of %(client)s ends") % {"client": client},
        url=row_url("accounts:account_detail", grant["content_object"]),
        meta=(
            with_whom % {"name": grant["user__full_name"]},
            gettext("until %(day)s") % {"day": f"{ends_on:%Y-%m-%d}"},
        ),
        status_tone="warn",
        status_text=ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
        if days
        else gettext("ends today"),
        status_icon="clock",
        due_on=ends_on,
        account_id=grant["content_object"],
    )
