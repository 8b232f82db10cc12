"""The product's own settings with the slow job."""

from kam.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.slow_job"]  # noqa: F405
