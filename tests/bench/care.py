"""The job of the 1st over every contact of the department: opening the month's cares and sending everybody the list."""

import time
from datetime import datetime, timedelta
from datetime import time as clock
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.care.models import BirthdayCare
from accounts.models import Contact
from kam.core.calendar import today
from kam.jobs.registry import Occasion, job_of
from tests.bench.measure import peak_memory_mb

EIGHT = clock(8)


def month_job() -> dict[str, Any]:
    """Seconds, memory and queries of `care.month_list`, and what it did; nothing is open before."""
    job = job_of("care.month_list")
    if job is None:
        raise SystemExit("care.month_list is not known")
    first = (today().replace(day=1) + timedelta(days=32)).replace(day=1)
    at, before = timezone.make_aware(datetime.combine(first, EIGHT)), peak_memory_mb()
    occasion = Occasion(on=first, due_at=at, now=at, renew=lambda: None)
    start = time.perf_counter()
    counts = dict(job.run(occasion))
    took = time.perf_counter() - start
    peak = peak_memory_mb()
    with CaptureQueriesContext(connection) as again:
        second = dict(job.run(occasion))
    return {
        "contacts": Contact.objects.for_system().count(),
        "seconds": round(took, 2),
        "peak_over_start_mb": peak - before,
        **counts,
        "cares": BirthdayCare.objects.for_system().count(),
        "second_run": {**second, "queries": len(again)},
    }
