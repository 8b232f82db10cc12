"""Settings of the tests: the product's own, each worker with files, cache and queue of its own, and quick passwords."""

import os
import tempfile

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
# The controller of xdist reads these settings first and hands its environment on: each worker takes its own anyway.
if _worker != "gw0" or "VAR_DIR" not in os.environ:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix=f"kam-test-{_worker}-")
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ["EMAIL_URL"] = "memorymail://"
for _name in ("PRODUCTION", "DEBUG", "HTTPS", "SECRET_KEY"):
    os.environ[_name] = ""
_redis = os.environ.setdefault("KAM_TEST_REDIS_URL", os.environ.get("REDIS_URL", ""))
if _redis.count("/") == 2:
    os.environ["REDIS_URL"] = f"{_redis}/{_worker.removeprefix('gw')}"
# Playwright's own event loop runs in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from kam.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ALLOWED_HOSTS = ["*"]
# Look static files up when asked instead of listing all of them for every test client.
WHITENOISE_AUTOREFRESH = True
# A slow machine must not work counts out anew in the middle of a test that counts queries.
BADGE_SECONDS = 3600
