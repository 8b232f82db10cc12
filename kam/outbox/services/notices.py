"""What a member is told inside the product: reading it. Writing is `message_send`."""

from typing import Any

from django.db import transaction

from kam.core.locking import lock_row
from kam.outbox.models import Notice


@transaction.atomic
def notice_mark_read(*, notice_pk: int, actor: Any, at: Any) -> Notice:
    """Note that `actor` has read one of the own notices; a second reading changes nothing.

    Raises `Notice.DoesNotExist` for a notice that is not the actor's.
    """
    Notice.objects.visible_to(actor).get(pk=notice_pk)
    notice = lock_row(Notice, notice_pk)
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def notices_mark_all_read(*, actor: Any, at: Any) -> int:
    """Note that `actor` has read everything told up to `at`; returns how many were new."""
    return Notice.objects.visible_to(actor).filter(read_at__isnull=True, created_at__lte=at).update(read_at=at)
