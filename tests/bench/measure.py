"""Times requests through the whole middleware stack, in process."""

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kam.core.calendar import now
from kam.core.exports.models import ExportRun, ExportState
from kam.core.exports.services import export_write

LEFT_TO_A_WORKER = 302

Answer = Callable[[], HttpResponseBase]


def body_size(response: HttpResponseBase) -> int:
    """Read the whole answer and give its size in bytes."""
    if response.streaming:
        return sum(len(part) for part in response)  # type: ignore[attr-defined]
    return len(response.content)  # type: ignore[attr-defined]


def timed(answer: Answer, *, runs: int, expect: tuple[int, ...] = (200,)) -> dict[str, Any]:
    """p50 and p95 in milliseconds over `runs`, after one warm-up, with query count and size of the answer."""
    with CaptureQueriesContext(connection) as queries:
        response = answer()
        size = body_size(response)
        asked = len(queries)
    if response.status_code not in expect:
        raise SystemExit(f"expected {expect}, got {response.status_code}: {response.headers}")
    took = []
    gc.collect()
    for _ in range(runs):
        start = time.perf_counter()
        body_size(answer())
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return {
        "p50_ms": round(statistics.median(took), 2),
        "p95_ms": round(took[min(len(took) - 1, int(len(took) * 0.95))], 2),
        "queries": asked,
        "bytes": size,
    }


def peak_of(username: str, url: str) -> dict[str, Any]:
    """Time and memory of one large answer in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.probe", username, url], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def peak_memory_mb() -> int:
    """The most memory that this process has held so far, in MB; unlike getrusage it forgets the parent's."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024)


def written_size() -> int:
    """Do the worker's part of the export asked for last, and give the size of its file in bytes."""
    asked = ExportRun.objects.for_system().latest("pk")
    run = export_write(run_pk=asked.pk, actor=None, clock=now)
    if run.state != ExportState.DONE:
        raise SystemExit(f"the export ended as {run.state}: {run.error}")
    return int(run.file.size)


def probe(client: Client, url: str) -> dict[str, Any]:
    """Fetch `url` once, with the peak of resident memory before and after; a large export is written here and then."""
    client.get("/people/profile/")
    before = peak_memory_mb()
    start = time.perf_counter()
    response = client.get(url)
    size = written_size() if response.status_code == LEFT_TO_A_WORKER else body_size(response)
    took = time.perf_counter() - start
    peak = peak_memory_mb()
    return {
        "status": response.status_code,
        "seconds": round(took, 2),
        "bytes": size,
        "peak_mb": peak,
        "peak_over_start_mb": peak - before,
    }
