"""Imports at size: dry run, confirm and undo of 10,000 rows × 14 columns, each in a worker process of its own."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from kam.core.imports.models import ImportRow, ImportRun
from kam.core.imports.services import import_confirm, import_store
from kam.people.choices import Role
from kam.people.models import Member
from tests.bench.measure import body_size
from tests.bench.workbook import write_workbook

ROWS = 10_000
LOOKS = 20
"""List pages fetched to know their usual time."""
BREATH = 0.2
"""Seconds between two list pages while an import is under way."""


def imports() -> dict[str, Any]:
    """All rows new, then half of them changing stored clients; each import is undone before the next."""
    return {"all_new": _import(known=0), "half_changed": _import(known=ROWS // 2)}


def on_sqlite(scale: int) -> dict[str, Any]:
    """The same in a process and an installation of its own, on a file of SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bench.sqlite3"
        env = {**os.environ, "DATABASE_URL": database, "VAR_DIR": folder, "SCALE": str(scale)}
        told = subprocess.run(
            [sys.executable, "-m", "tests.bench.on_sqlite"], env=env, stdout=subprocess.PIPE, text=True, check=True
        )
    return dict(json.loads(told.stdout.splitlines()[-1]))


def _import(*, known: int) -> dict[str, Any]:
    clerk = Member.objects.for_system().get(username="clerk")
    managers = Member.objects.for_system().filter(role=Role.MANAGER).count()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clients.xlsx"
        write_workbook(path, rows=ROWS, known=known, managers=managers)
        members = {f"经理{number}": f"manager{number}" for number in range(managers)}
        run = import_store(path=path, name=path.name, actor=clerk, members=members)
    told: dict[str, Any] = {"rows": ROWS, "known": known, "dry_run": _step("dry_run", run, clerk)}
    import_confirm(run_pk=run.pk, actor=clerk)
    told["confirm"] = _step("confirm", run, clerk)
    told["written"] = ImportRow.objects.for_system().filter(run=run, state="written").count()
    told["undo"] = _step("undo", run, clerk)
    told["state"] = ImportRun.objects.for_system().get(pk=run.pk).state
    return told


def _step(step: str, run: ImportRun, clerk: Member) -> dict[str, Any]:
    """One step in a process of its own, and what the list page takes before and while it goes on."""
    client = Client()
    client.force_login(clerk, backend="kam.people.backends.MemberBackend")
    usual = [_look(client) for _ in range(LOOKS + 1)][1:]
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.worker", step, str(run.pk)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    meanwhile = []
    while worker.poll() is None:
        meanwhile.append(_look(client))
        time.sleep(BREATH)
    out, err = worker.communicate()
    if worker.returncode:
        raise SystemExit(err)
    return {
        **json.loads(out.splitlines()[-1]),
        "list_usual_ms": _spread(usual),
        "list_meanwhile_ms": _spread(meanwhile),
    }


def _look(client: Client) -> float:
    start = time.perf_counter()
    body_size(client.get(reverse("accounts:account_list")))
    return (time.perf_counter() - start) * 1000


def _spread(took: list[float]) -> dict[str, float]:
    return {"p50": round(statistics.median(took), 1), "max": round(max(took), 1), "looks": len(took)}
