"""Settings of the tests: the product's own, each worker with files, cache and queue of its own, and quick passwords."""

import os
import tempfile

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix=f"kam-test-{_worker}-"))
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ["EMAIL_URL"] = "memorymail://"
for _name in ("PRODUCTION", "DEBUG", "HTTPS", "SECRET_KEY"):
    os.environ[_name] = ""
if os.environ.get("REDIS_URL", "").count("/") == 2:
    os.environ["REDIS_URL"] += f"/{_worker.removeprefix('gw')}"
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
