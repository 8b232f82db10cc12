"""A form that is sent twice is done once: double click, reload and resend, two tabs, two workers."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import SentBefore
from kam.core.models import SentForm

FIELD = "once"
KEPT = timedelta(days=2)
NOT_TYPED = ("csrfmiddlewaretoken",)


def new_token() -> str:
    """The one-time token of a freshly opened form."""
    return secrets.token_urlsafe(12)


def key_of(request: HttpRequest) -> str:
    """What makes two posts the same: address, token, everything typed, every file's name and size."""
    parts = [request.path]
    for name, values in sorted(request.POST.lists()):
        if name not in NOT_TYPED:
            parts += [name, *values, ""]
    for name, files in sorted(request.FILES.lists()):
        parts += [name, *(f"{file.name} {file.size}" for file in files), ""]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def claim(*, actor: Any, key: str, at: datetime) -> SentForm:
    """Note that this form is being done, in the transaction that does it; old notes of the member go.

    A second post waits for the first one's commit and raises `SentBefore` with where it led; when the first one rolls
    back, the second does the work.
    """
    SentForm.objects.for_system().filter(member=actor, created_at__lt=at - KEPT).delete()
    try:
        with transaction.atomic():
            return SentForm.objects.create(member=actor, key=key)
    except IntegrityError:
        before = SentForm.objects.for_system().get(member=actor, key=key)
        raise SentBefore(_("This was saved already; it was not done twice."), before.url) from None


def led_to(sent: SentForm, url: str) -> None:
    """Keep where the form led, for a post that comes again."""
    sent.url = url[:200]
    sent.save(update_fields=["url"])
