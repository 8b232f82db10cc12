"""What the dossier itself hands to the client page: its events in the timeline."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.changes import changes_of
from accounts.models import Account, Attachment, Contact
from kam.core.contributions import TimelineEvent, contribute
from kam.core.words import listed

FIELDS_NAMED = 3


@contribute("timeline")
def dossier_events(user: Any, account: Account, limit: int) -> Iterator[TimelineEvent]:
    """Opening, changes and assignments of the client, and its people; smaller parts stand in the field history."""
    for change in changes_of(account, user, tables=(Account, Contact), limit=2 * limit)[:limit]:
        fields = [row.field for row in change.changes]
        named = listed(fields[:FIELDS_NAMED])
        more = len(fields) - FIELDS_NAMED
        text = change.what
        if fields:
            text = f"{text} " if text else ""
            text += _("Changed: %(fields)s") % {"fields": named}
            text += _(" and %(count)s more") % {"count": more} if more > 0 else ""
        assigned = any(row.name in ("owner", "deputy") for row in change.changes)
        yield TimelineEvent(
            at=change.at,
            who=change.who,
            on_behalf_of=change.behalf_of,
            kind=_("Assignment") if assigned else "",
            text=_assignment(change) if assigned else text,
            quote=change.reason,
            tone="ok" if change.is_opening else "",
        )


def _assignment(change: Any) -> str:
    return "；".join(
        _("%(field)s: %(before)s → %(after)s")
        % {"field": row.field, "before": row.before or "–", "after": row.after or "–"}
        for row in change.changes
        if row.name in ("owner", "deputy")
    )


@contribute("timeline")
def file_events(user: Any, account: Account, limit: int) -> Iterator[TimelineEvent]:
    """Files added."""
    files = Attachment.objects.visible_to(user).filter(account=account, removed_at__isnull=True)
    for pk, name, at, who in files.values_list("pk", "name", "created_at", "uploaded_by__full_name")[:limit]:
        url = reverse("accounts:attachment_download", args=[account.pk, pk])
        yield TimelineEvent(at=at, who=who, kind=_("File"), text=name, url=url)
