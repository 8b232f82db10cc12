"""What the workers do for imports and large exports, on the queue for what takes long."""

from collections.abc import Iterator
from datetime import datetime

from celery import shared_task

from kam.core.calendar import now
from kam.core.contributions import contribute
from kam.core.exports.models import ExportRun
from kam.core.exports.services import export_write, exports_take_up
from kam.core.imports.models import ImportRun, ImportState
from kam.core.imports.services import import_judge, import_write, imports_take_up

QUEUE = "long"


@shared_task(ignore_result=True)
def judge_import(run_pk: int) -> None:
    """Carry out a dry run, if nobody else is at it."""
    import_judge(run_pk=run_pk, actor=None, clock=now, tell=True)


@shared_task(ignore_result=True)
def write_import(run_pk: int) -> None:
    """Write a confirmed import, if nobody else is at it."""
    import_write(run_pk=run_pk, actor=None, clock=now, tell=True)


def send_import(run: ImportRun) -> None:
    """Put the import before the workers once the transaction is committed."""
    task = judge_import if run.state == ImportState.UPLOADED else write_import
    task.apply_async_on_commit(args=(run.pk,), queue=QUEUE)


@contribute("sweep")
def sweep_imports(at: datetime) -> Iterator[int]:
    """Hand out again what waits, and what lost its worker."""
    for run in imports_take_up(now=at):
        send_import(run)
        yield run.pk


@shared_task(ignore_result=True)
def write_export(run_pk: int) -> None:
    """Write a large export, if nobody else is at it."""
    export_write(run_pk=run_pk, actor=None, clock=now)


def send_export(run: ExportRun) -> None:
    """Put the export before the workers once the transaction is committed."""
    write_export.apply_async_on_commit(args=(run.pk,), queue=QUEUE)


@contribute("sweep")
def sweep_exports(at: datetime) -> Iterator[int]:
    """Hand out again what waits, and what lost its worker."""
    for run in exports_take_up(now=at):
        send_export(run)
        yield run.pk
