"""A large export on its way: asked for, written in a worker, cancelled, taken up again after a crash, dropped."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import override

from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.exports.models import ExportRun, ExportState
from kam.core.lists.columns import Row
from kam.core.locking import lock_row
from kam.core.scoping import allowed
from kam.core.services import export_record
from kam.core.work.services import Clock, TakenAway, work_claim, work_let_go, work_renew, work_take_away, work_take_up

Read = Callable[[QuerySet[Any]], QuerySet[Any]]
AT_ONCE = 5000
"""Rows of a list that are exported while the person waits."""
KEPT = timedelta(days=7)
"""How long the file of an export is kept."""


class ByKeys:
    """The rows of a list, read by their keys some at a time.

    No cursor stays open meanwhile: the worker writes how far it is between two reads, which SQLite refuses to a
    connection that still reads while another one has written.
    """

    def __init__(self, rows: QuerySet[Any], read: Read, keep_on: Callable[[int], None]) -> None:
        self.keys = list(rows.values_list("pk", flat=True))
        self.rows, self.read, self.keep_on = rows.order_by(), read, keep_on

    def iterator(self, chunk_size: int) -> Iterator[Row]:
        """The rows in their order; one that went out of sight meanwhile is left out."""
        for start in range(0, len(self.keys), chunk_size):
            chunk = self.keys[start : start + chunk_size]
            found = {row["pk"]: row for row in self.read(self.rows.filter(pk__in=chunk))}
            yield from (found[key] for key in chunk if key in found)
            self.keep_on(start + len(chunk))


@transaction.atomic
def export_ask(*, title: str, path: str, query: str, file_format: str, actor: Any) -> ExportRun:
    """Have the list at that address written into a file; one that is already on its way is taken, not begun twice."""
    asked = {"path": path, "query": query, "file_format": file_format, "actor": actor}
    on_its_way = ExportRun.objects.for_system().filter(**asked, state__in=ExportRun.AT_WORK)
    return on_its_way.first() or ExportRun.objects.create(title=title[:60], **asked)


def export_write(*, run_pk: int, actor: Any, clock: Clock) -> ExportRun:
    """Write the file, as its member sees the list now; from the beginning when an earlier worker was lost."""
    waiting, writing = ExportState.WAITING, ExportState.WRITING
    run = work_claim(ExportRun, run_pk, waiting=waiting, to=writing, clock=clock)
    if run is None:
        return ExportRun.objects.for_system().get(pk=run_pk)
    with override(run.actor.language):
        try:
            page = list_page(run)
            if not page.may_export:
                raise NotAllowed(_("Your role does not export this list."))
            file = _written(run, page, clock)
            return _keep(run, page, file, clock)
        except TakenAway:
            return ExportRun.objects.for_system().get(pk=run_pk)
        except DomainError as error:
            failed = {"state": ExportState.FAILED, "error": str(error)[:500], "finished_at": clock()}
            return work_let_go(run, clock=clock, tell=True, **failed)


@transaction.atomic
def export_cancel(*, run_pk: int, actor: Any, now: datetime) -> ExportRun:
    """Stop one's own export; a worker that is at it stops after the present thousand rows and keeps no file."""
    run = lock_row(ExportRun, run_pk)
    if not allowed(actor, run, "change"):
        raise ExportRun.DoesNotExist
    if not run.is_at_work:
        raise ChangedMeanwhile(_("This export has ended already."))
    run.state, run.finished_at = ExportState.CANCELLED, now
    work_take_away(run)
    run.save(update_fields=["state", "finished_at", "claim", "lease_until"])
    return run


def exports_take_up(*, now: datetime) -> list[ExportRun]:
    """What waits for a worker, and what lost one."""
    return work_take_up(ExportRun, phases={ExportState.WRITING: (ExportState.WAITING, ExportState.FAILED)}, now=now)


@transaction.atomic
def exports_drop_old(*, before: datetime, actor: Any = None) -> int:
    """Delete the files of exports that ended before that moment; returns how many."""
    old = ExportRun.objects.for_system().select_for_update().filter(finished_at__lt=before).exclude(file="")
    dropped = 0
    for run in old:
        transaction.on_commit(partial(run.file.storage.delete, str(run.file)))
        run.file = ""
        run.save(update_fields=["file"])
        dropped += 1
    return dropped


def list_page(run: ExportRun) -> Any:
    """The list page (`kam.core.lists.page.ListPage`) behind an export, as its member has it before the eyes."""
    match = resolve(run.path)
    request = HttpRequest()
    request.method, request.path, request.GET, request.user = "GET", run.path, QueryDict(run.query), run.actor
    page = match.func.view_class(**match.func.view_initkwargs)  # type: ignore[attr-defined]
    page.setup(request, *match.args, **match.kwargs)
    page.user = run.actor
    return page


def _written(run: ExportRun, page: Any, clock: Clock) -> BinaryIO:
    def keep_on(done: int) -> None:
        work_renew(run, clock=clock, done=done)

    rows = ByKeys(page.export_rows(), page.read_shown, keep_on)
    work_renew(run, clock=clock, done=0, total=len(rows.keys))
    file, run.done = page.export_file(rows, run.file_format)
    return file


def _keep(run: ExportRun, page: Any, file: BinaryIO, clock: Clock) -> ExportRun:
    """Keep the file and write down that it leaves the house, both or neither."""
    run.file.save("export", File(file), save=False)
    ended = {"state": ExportState.DONE, "done": run.done, "finished_at": clock(), "file": run.file.name}
    with transaction.atomic():
        stored = work_let_go(run, clock=clock, tell=True, **ended)
        kept = stored.file.name == run.file.name
        if kept:
            export_record(**page.export_facts(), file_format=run.file_format, rows=run.done, actor=run.actor)
    if not kept:
        run.file.storage.delete(str(run.file))
    return stored
