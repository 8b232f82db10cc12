"""A real worker on the real broker, killed in the middle of an import: resumed whole, or undone whole."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import current_app

from accounts.models import Account, AccountGrant
from accounts.services import check_grants
from kam.core.calendar import now
from kam.core.imports.models import ImportRun, ImportState, RowState
from kam.core.imports.plan import BLOCK
from kam.core.imports.services import import_confirm, import_judge, import_store, import_undo
from kam.core.tasks import send_import, sweep_imports
from kam.core.work.services import LEASE
from kam.people.models import Member
from tests.accounts.test_imports_confirm import every_table
from tests.accounts.test_imports_dry_run import CLIENT_HEADER, book, client
from tests.jobs.test_worker import ROOT, WORKER
from tests.support.people import member
from tests.support.processes import environment

pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ROWS = 1600
PATIENCE = 90
"""Seconds that a worker is given on a machine that has much else to do."""


@pytest.fixture(autouse=True)
def _real_queue(settings: Any, tmp_path: Path) -> Iterator[None]:
    if not os.environ.get("REDIS_URL"):
        pytest.skip("no Redis: REDIS_URL is not set")
    settings.MEDIA_ROOT = tmp_path / "media"
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


@pytest.fixture
def clerk() -> Member:
    member(full_name="卫东升")
    return member("clerk")


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process with its pool, in a group of its own, on the database of the test."""
    env = environment(folder)
    words = [sys.executable, *WORKER, "-n", f"import-{os.getpid()}@test"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(words, cwd=ROOT, env=env, start_new_session=True, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, the pool included."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def waited(run: ImportRun, fits: Any) -> None:
    """Until the import fits."""
    until = time.monotonic() + PATIENCE
    while True:
        run.refresh_from_db()
        if fits():
            return
        assert time.monotonic() < until, (run.state, run.done, run.error)
        time.sleep(0.02)


def killed_in_the_middle(clerk: Member, folder: Path) -> ImportRun:
    """A confirmed import of which some blocks are in and some are not, and no worker any more."""
    rows = [client(name=f"第{number}号", code=None) for number in range(ROWS)]
    stored = import_store(path=book(folder, ("客户", [CLIENT_HEADER, *rows])), name="台账.xlsx", actor=clerk)
    run = import_judge(run_pk=stored.pk, actor=clerk, clock=now)
    send_import(import_confirm(run_pk=run.pk, actor=clerk))
    with worker(folder) as process:
        waited(run, lambda: run.done >= BLOCK)
        kill(process)
    run.refresh_from_db()
    written = run.rows.filter(state=RowState.WRITTEN).count()
    assert (run.state, run.done) == (ImportState.WRITING, written)
    assert 0 < written < ROWS
    assert Account.objects.count() == written
    return run


def tables() -> dict[str, list[Any]]:
    """Every table but the one in which workers say that they are alive."""
    return {label: rows for label, rows in every_table().items() if label != "jobs.Pulse"}


def test_a_killed_import_is_resumed_and_every_row_is_in_once(clerk: Member, tmp_path: Path) -> None:
    run = killed_in_the_middle(clerk, tmp_path)
    assert list(sweep_imports(now())) == []
    assert list(sweep_imports(now() + LEASE * 2)) == [run.pk]
    with worker(tmp_path):
        waited(run, lambda: run.state == ImportState.DONE)
    assert run.rows.filter(state=RowState.WRITTEN).count() == run.done == ROWS
    assert Account.objects.values("name").distinct().count() == Account.objects.count() == ROWS
    assert Account.history.count() == ROWS
    assert AccountGrant.objects.count() == 2 * ROWS
    assert check_grants() == []


def test_a_killed_import_is_undone_and_nothing_stays(clerk: Member, tmp_path: Path) -> None:
    before = tables()
    run = killed_in_the_middle(clerk, tmp_path)
    import_undo(run_pk=run.pk, actor=clerk, now=now())
    assert tables() == before
    assert list(sweep_imports(now() + LEASE * 2)) == []
    run.refresh_from_db()
    assert run.state == ImportState.UNDONE
