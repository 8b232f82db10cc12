"""Stored files that no row names: left behind when a transaction failed after the file was written."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import FileField, Model

STILL_ON_ITS_WAY = timedelta(days=1)
"""A file younger than this may belong to a row that is not committed yet."""


def lost_files_delete(*, now: datetime, actor: Any = None) -> int:
    """Delete what lies in the folders of all file fields and is named by no row; returns how many files."""
    return sum(_delete_lost(model, field, now) for model in apps.get_models() for field in _file_fields(model))


def _file_fields(model: type[Model]) -> list[FileField]:
    return [field for field in model._meta.local_fields if isinstance(field, FileField)]


def _delete_lost(model: type[Model], field: FileField, now: datetime) -> int:
    folder = str(PurePosixPath(field.generate_filename(model(), "x")).parent)
    if not field.storage.exists(folder):
        return 0
    named = set(model._base_manager.values_list(field.name, flat=True).iterator())
    found = (f"{folder}/{name}" for name in field.storage.listdir(folder)[1])
    lost = [
        name for name in found if name not in named and field.storage.get_modified_time(name) < now - STILL_ON_ITS_WAY
    ]
    for name in lost:
        transaction.on_commit(partial(field.storage.delete, name))
    return len(lost)
