"""What every test stands on: marks by file name, hypothesis profiles, the live server and the browser."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.utils import translation
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import open_browser, open_page
from tools.services import browser_lacks

FOLDER_PREFIX = "kam-test-"
"""How tests/settings.py calls the folders that it makes."""
ON_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

settings.register_profile("suite", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rules are known by their file name; all browser tests go to one worker, which has the one Chromium."""
    for item in items:
        if Path(item.path).name.startswith("test_rules"):
            item.add_marker(pytest.mark.rules)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_unconfigure() -> None:
    """Each process, workers too, takes the folder away that its settings made."""
    folder = Path(os.environ.get("VAR_DIR", ""))
    if folder.name.startswith(FOLDER_PREFIX) and folder.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test sees what another one cached."""
    cache.clear()


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """No test inherits the language of a page that another one asked for."""
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all browser tests; without one they are skipped visibly, with CI=true they fail."""
    lacks = browser_lacks()
    if lacks and ON_CI:
        pytest.fail(lacks)
    if lacks:
        pytest.skip(lacks)
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A desktop page on the live server; fails the test on CSP reports, script errors and foreign requests."""
    with open_page(chromium, live_server.url) as opened:
        yield opened


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The same at 390 px with touch."""
    with open_page(chromium, live_server.url, phone=True) as opened:
        yield opened
