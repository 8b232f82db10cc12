"""Files that no row names go after a day; all others stay."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.services import attachment_add
from kam.core.calendar import now
from kam.core.stored_files import lost_files_delete
from tests import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db


def aged(name: str) -> str:
    """The file, as if it had been stored two days ago."""
    old = (now() - timedelta(days=2)).timestamp()
    os.utime(default_storage.path(name), (old, old))
    return name


def test_what_a_failed_upload_left_behind_goes_and_the_rest_stays(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        lost_files_delete(now=now() + timedelta(days=2))  # what other tests left behind
    owner = member()
    account = factories.account(owner=owner)
    kept = attachment_add(account_pk=account.pk, actor=owner, upload=SimpleUploadedFile("a.txt", b"kept"))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        failed = attachment_add(account_pk=account.pk, actor=owner, upload=SimpleUploadedFile("b.txt", b"failed"))
        raise ZeroDivisionError
    young = default_storage.save("attachments/young", ContentFile(b"on its way"))
    elsewhere = default_storage.save("elsewhere/old", ContentFile(b"not ours"))
    for name in (kept.file.name, failed.file.name, elsewhere):
        aged(name)
    with django_capture_on_commit_callbacks(execute=True):
        lost_files_delete(now=now())
    assert default_storage.exists(kept.file.name)
    assert not default_storage.exists(failed.file.name)
    assert default_storage.exists(young)
    assert default_storage.exists(elsewhere)
    assert lost_files_delete(now=now()) == 0
    assert lost_files_delete(now=now() + timedelta(days=2)) == 1
