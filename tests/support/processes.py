"""Processes of the product beside a test, on the test's own PostgreSQL database."""

import os
from pathlib import Path

import pytest
from django.db import connection


def environment(folder: Path) -> dict[str, str]:
    """The settings of an installation in `folder` on the database of the test; skips where that lives in memory."""
    if connection.vendor != "postgresql":
        pytest.skip("no PostgreSQL: another process cannot see a database in memory")
    server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kam.settings",
        "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "VAR_DIR": str(folder / "var"),
        "MEDIA_ROOT": str(folder / "media"),
    }
