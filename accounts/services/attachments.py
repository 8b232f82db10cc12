"""Files of a client."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment
from accounts.services.checks import lock_account
from kam.core.attachments import check_upload
from kam.core.exceptions import ChangedMeanwhile, DomainError
from kam.core.locking import lock_row
from kam.core.plain import clean_text
from kam.people.models import Member


def attachment_add(*, account_pk: int, actor: Member, upload: Any, note: str = "") -> Attachment:
    """Check the upload and keep it with the client. The same file twice is refused. Raises `DomainError`."""
    checked = check_upload(upload)
    with transaction.atomic():
        account = lock_account(account_pk, actor, "change")
        same = Attachment.objects.for_system().filter(account=account, sha256=checked.sha256, removed_at__isnull=True)
        if twin := same.first():
            raise DomainError(_("This file is here already: %(name)s.") % {"name": twin.name}, "file")
        attachment = Attachment(
            account=account,
            name=checked.name,
            content_type=checked.content_type,
            size=checked.size,
            sha256=checked.sha256,
            note=clean_text(note)[:200],
            uploaded_by=actor,
        )
        attachment.file.save(checked.name, checked.content, save=False)
        attachment.save(force_insert=True)
    return attachment


@transaction.atomic
def attachment_remove(*, attachment_pk: int, actor: Member, at: datetime) -> Attachment:
    """Take a file out of sight; the row stays and says who removed it and when."""
    attachment = lock_row(Attachment, attachment_pk)
    lock_account(attachment.account_id, actor, "change")
    if attachment.removed_at:
        raise ChangedMeanwhile(_("The file was removed meanwhile."))
    attachment.removed_at, attachment.removed_by = at, actor
    attachment.save(update_fields=["removed_at", "removed_by"])
    return attachment
