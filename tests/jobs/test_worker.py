"""Real workers: two on one queue carry out each run once, and what one leaves behind that is killed is done once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DONE_WITHIN = 90
WORKER = ["-m", "celery", "-A", "kam", "worker", "-c1", "-Q", "fast,long", "--without-gossip", "--without-mingle"]
SEND_TWICE = """
import django
django.setup()
from datetime import timedelta
from kam.core.calendar import now
from kam.jobs import engine
from kam.jobs.tasks import send
for days in (1, 0):
    engine.tick(now=now() - timedelta(days=days), send=lambda run: send(run) or send(run))
"""
TICK_LATER = """
import django
django.setup()
import sys
from datetime import timedelta
from kam.core.calendar import now
from kam.jobs import engine
from kam.jobs.tasks import send
engine.tick(now=now() + timedelta(minutes=int(sys.argv[1])), send=send)
"""
SLOW = {"DJANGO_SETTINGS_MODULE": "tests.support.slow_job.settings"}


def settings(folder, broker=""):
    """An installation of its own in `folder`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kam.settings",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'jobs.sqlite3'}",
        "REDIS_URL": broker,
    }


def started_worker(env, name):
    """A worker in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, *WORKER, "-n", f"{name}@test"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def python(*words, env):
    subprocess.run([sys.executable, *words], cwd=ROOT, env=env, check=True)


def counts(folder):
    """Runs written, done (or skipped, where the job's own rule calls it too late), still open, most attempts."""
    with closing(sqlite3.connect(folder / "jobs.sqlite3", timeout=20)) as database:
        return database.execute(
            "SELECT count(*), sum(state IN ('done', 'skipped')), sum(state IN ('due', 'running')), max(attempts)"
            " FROM jobs_jobrun"
        ).fetchone()


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory):
    """The file of a migrated database."""
    folder = tmp_path_factory.mktemp("migrated")
    python("manage.py", "migrate", "-v0", env=settings(folder))
    return folder / "jobs.sqlite3"


@pytest.fixture(params=["files", "redis"])
def broker(request):
    """The address of the broker: none for files under the installation's own folder."""
    if request.param == "files":
        return ""
    if not os.environ.get("REDIS_URL"):
        pytest.skip("no Redis: REDIS_URL is not set")
    return os.environ["REDIS_URL"]


@pytest.mark.slow
def test_two_workers_carry_out_each_run_once(tmp_path, broker, empty_database):
    shutil.copy(empty_database, tmp_path / "jobs.sqlite3")
    env = settings(tmp_path, broker)
    python("-c", SEND_TWICE, env=env)
    workers = [started_worker(env, f"worker{number}") for number in (1, 2)]
    try:
        until = time.monotonic() + DONE_WITHIN
        while time.monotonic() < until and counts(tmp_path)[2]:
            time.sleep(0.2)
        written, done, still_open, attempts = counts(tmp_path)
        assert written == done >= 3
        assert still_open == 0
        assert attempts == 1
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(timeout=30)


def slow_run(folder):
    """State and attempts of the slow job's run."""
    with closing(sqlite3.connect(folder / "jobs.sqlite3", timeout=20)) as database:
        return database.execute("SELECT state, attempts FROM jobs_jobrun WHERE job = 'test.slow'").fetchone()


def diary(folder):
    """What the slow job wrote down."""
    return (folder / "diary").read_text().split() if (folder / "diary").exists() else []


def wait_for(condition):
    until = time.monotonic() + DONE_WITHIN
    while time.monotonic() < until and not condition():
        time.sleep(0.1)
    assert condition()


@pytest.mark.slow
def test_what_a_killed_worker_leaves_in_the_middle_is_done_once_by_the_next(tmp_path, broker, empty_database):
    shutil.copy(empty_database, tmp_path / "jobs.sqlite3")
    env = settings(tmp_path, broker) | SLOW
    worker = started_worker(env, "first")
    try:
        python("-c", TICK_LATER, "0", env=env)
        wait_for(lambda: diary(tmp_path) == ["began"])
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert slow_run(tmp_path) == ("running", 1)
    worker = started_worker(env, "second")
    try:
        python("-c", TICK_LATER, "1", env=env)
        time.sleep(2)
        assert diary(tmp_path) == ["began"], "the dead worker's claim still holds"
        (tmp_path / "may-end").touch()
        python("-c", TICK_LATER, "6", env=env)
        wait_for(lambda: slow_run(tmp_path) == ("done", 2))
        python("-c", TICK_LATER, "12", env=env)
        time.sleep(2)
        assert diary(tmp_path) == ["began", "began", "ended"]
        assert not counts(tmp_path)[2], "no run is left open"
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
