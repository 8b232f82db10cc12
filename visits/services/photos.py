"""Photos of a visit: pictures only, each drawn anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kam.core.attachments import check_upload
from kam.core.exceptions import ChangedMeanwhile, DomainError
from kam.core.locking import lock_row
from kam.people.models import Member
from visits.models import VisitLog, VisitPhoto
from visits.services.checks import must_be_open, must_be_own

MOST = 9
"""Photos of one visit."""


@transaction.atomic
def photo_add(*, log_pk: int, actor: Member, uploads: Sequence[Any]) -> VisitLog:
    """Add pictures to a log; one that is there already is passed over. Raises `DomainError`, `NotAllowed`."""
    log = lock_row(VisitLog, log_pk)
    must_be_own(log, actor)
    must_be_open(log)
    keep_photos(log, uploads, actor)
    return log


@transaction.atomic
def photo_remove(*, photo_pk: int, actor: Member, at: datetime) -> VisitPhoto:
    """Take a photo out of sight; the row stays and says who removed it and when."""
    photo = lock_row(VisitPhoto, photo_pk)
    must_be_own(photo, actor)
    must_be_open(lock_row(VisitLog, photo.log_id))
    if photo.removed_at:
        raise ChangedMeanwhile(_("The photo was removed meanwhile."))
    photo.removed_at, photo.removed_by = at, actor
    photo.save(update_fields=["removed_at", "removed_by"])
    return photo


def keep_photos(log: VisitLog, uploads: Sequence[Any], actor: Member) -> None:
    """Check and keep the uploads with the log, inside the caller's transaction."""
    here = set(
        VisitPhoto.objects.for_system().filter(log=log, removed_at__isnull=True).values_list("sha256", flat=True)
    )
    if len(here) + len(uploads) > MOST:
        raise DomainError(_("At most %(n)s photos for one visit.") % {"n": MOST}, "photos")
    for upload in uploads:
        try:
            checked = check_upload(upload)
        except DomainError as error:
            raise DomainError(error.message, "photos") from error
        if not checked.content_type.startswith("image/"):
            raise DomainError(_("Only pictures are kept here; other files belong to the client."), "photos")
        if checked.sha256 in here:
            continue
        here.add(checked.sha256)
        photo = VisitPhoto(
            log=log,
            account_id=log.account_id,
            name=checked.name,
            content_type=checked.content_type,
            size=checked.size,
            sha256=checked.sha256,
            uploaded_by=actor,
        )
        photo.file.save(checked.name, checked.content, save=False)
        photo.save(force_insert=True)
