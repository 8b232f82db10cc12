"""The first step of every service that changes a stored row."""

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def lock_row(model: type[M], pk: int) -> M:
    """Lock and re-read one row inside the open transaction.

    On PostgreSQL the row is locked until commit; on SQLite the IMMEDIATE transaction already holds the only write
    lock. Raises `model.DoesNotExist` when the row is gone.
    """
    return model._default_manager.select_for_update(of=("self",)).get(pk=pk)
