"""Two real workers on one queue: each run is carried out by one of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTED_WITHIN = 60
PROGRAM = """
import django, sys
django.setup()
from datetime import timedelta
from kam.core.calendar import now
from kam.jobs.models import JobRun
from kam.jobs import engine
from kam.jobs.tasks import send
if sys.argv[1] == "tick":
    for days in (1, 0):
        engine.tick(now=now() - timedelta(days=days), send=send)
        engine.tick(now=now() - timedelta(days=days), send=lambda run: send(run) or send(run))
else:
    rows = JobRun.objects.for_system()
    print(rows.count(), rows.filter(state="done").count(), rows.filter(state__in=["due", "running"]).count(),
          max(rows.values_list("attempts", flat=True), default=0))
"""


def program(word, env):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, word], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=["files", "redis"])
def broker(request):
    """The address of the broker: none for files under the installation's own folder."""
    if request.param == "files":
        return ""
    if not os.environ.get("REDIS_URL"):
        pytest.skip("no Redis: REDIS_URL is not set")
    return os.environ["REDIS_URL"]


@pytest.mark.slow
def test_two_workers_carry_out_each_run_once(tmp_path, broker):
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kam.settings",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'jobs.sqlite3'}",
        "REDIS_URL": broker,
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "kam",
        "worker",
        "-c1",
        "-Q",
        "fast,long",
        "--without-gossip",
        "--without-mingle",
    ]
    workers = [
        subprocess.Popen(
            [*command, "-n", f"worker{number}@test"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number in (1, 2)
    ]
    try:
        program("tick", env)
        until = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < until:
            written, done, left, attempts = map(int, program("look", env).split())
            if written and not left:
                break
            time.sleep(1)
        assert left == 0
        assert done >= 3
        assert attempts == 1
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.wait(timeout=30)
