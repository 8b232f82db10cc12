"""Telling members things inside the product. A notice is written with the change that causes it, in its transaction."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.functional import Promise

from kam.core.locking import lock_row
from kam.outbox.models import TEXT_LENGTH, Notice


def notice_send(
    *,
    recipient: Any,
    kind: str,
    text: Promise,
    url: str,
    params: Mapping[str, Any] | None = None,
    account_id: int | None = None,
    subject: models.Model | None = None,
) -> Notice | None:
    """Tell `recipient` something, in both languages, inside the caller's transaction.

    `text` is a lazy translation with named places (`_("%(who)s shared %(client)s")`); `params` fills them and may hold
    lazy values itself. Formatting before the call would freeze one language, therefore plain text is refused.
    `account_id` names the client that the text speaks of: the notice is shown only while the recipient sees that
    client. `subject` is given instead for a thing put before people who do not see the client (a request for
    decision): the notice is then shown only while the recipient sees that thing. Whoever has left is told nothing
    (returns None).
    """
    if not isinstance(text, Promise):
        raise TypeError("A notice is given as a lazy translation, so that it can be kept in both languages.")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A notice is written inside the transaction of its cause.")
    if not recipient.is_active:
        return None
    return Notice.objects.create(
        recipient=recipient,
        kind=kind,
        text_zh=_rendered(text, params, settings.LANGUAGE_CODE),
        text_en=_rendered(text, params, "en"),
        url=url,
        account_id=account_id,
        subject_model=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
    )


def _rendered(text: Promise, params: Mapping[str, Any] | None, language: str) -> str:
    with translation.override(language):
        words = str(text % params) if params else str(text)
    return words if len(words) <= TEXT_LENGTH else words[: TEXT_LENGTH - 1] + "…"


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
