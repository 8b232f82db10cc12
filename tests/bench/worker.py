"""Child process of the bench: one step of an import, carried out as a worker would."""

import json
import sys
import time

import django

if __name__ == "__main__":
    django.setup()
    from kam.core.calendar import now
    from kam.core.imports.services import import_undo
    from kam.core.tasks import judge_import, write_import
    from tests.bench.measure import peak_memory_mb

    step, key = sys.argv[1], int(sys.argv[2])
    before, start, busy = peak_memory_mb(), time.perf_counter(), time.process_time()
    if step == "undo":
        import_undo(run_pk=key, actor=None, now=now())
    else:
        {"dry_run": judge_import, "confirm": write_import}[step](key)
    told = {
        "seconds": round(time.perf_counter() - start, 1),
        "own_cpu_seconds": round(time.process_time() - busy, 1),
        "peak_mb": peak_memory_mb(),
        "peak_over_start_mb": peak_memory_mb() - before,
    }
    sys.stdout.write(json.dumps(told) + "\n")
