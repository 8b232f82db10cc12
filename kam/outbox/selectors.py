"""What a member has been told."""

from typing import Any

from kam.outbox.models import Notice, NoticeQuerySet

UNREAD_SHOWN = 99
"""The bell counts no further: one more is shown as “99+”."""


def notices_for(user: Any, *, unread_only: bool = False) -> NoticeQuerySet:
    """Notices of `user`, newest first, without those whose client or subject is out of sight; one query when read."""
    rows = Notice.objects.visible_to(user)
    return rows.filter(read_at__isnull=True) if unread_only else rows


def unread_count(user: Any) -> int:
    """How many notices `user` has not read, counted to one beyond `UNREAD_SHOWN`; one query."""
    return notices_for(user, unread_only=True).order_by()[: UNREAD_SHOWN + 1].count()
