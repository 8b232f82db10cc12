"""An import on its way: stored, judged, confirmed, written in blocks, cancelled, taken up again after a crash."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.history import Operation, must_be_undoable
from kam.core.imports.deciding import UNDECIDED, choices_of, decisions_of, undecided
from kam.core.imports.judging import judge_file
from kam.core.imports.models import LONGEST_NAME, ImportRow, ImportRun, ImportState, RowState, row_of
from kam.core.imports.plan import BLOCK, ImportContext, Outcome, PlannedRow, SheetKind, kinds
from kam.core.imports.reporting import kept
from kam.core.imports.words import header_word_add, own_words
from kam.core.locking import lock_row
from kam.core.scoping import Reach, allowed, reach
from kam.core.words import listed
from kam.core.work.services import Clock, TakenAway, work_claim, work_let_go, work_renew, work_take_away, work_take_up
from kam.core.workbooks.package import check_package

UNDOABLE = (ImportState.CONFIRMED, ImportState.WRITING, ImportState.DONE, ImportState.CANCELLED)
TO_WRITE = (Outcome.NEW, Outcome.CHANGED)
NamedColumn = tuple[str, str, str]
"""Sheet, word over the column, key of the register's column that is meant."""


def must_be_importer(actor: Any) -> None:
    """Raise `NotAllowed` for a member whose role brings no workbooks; the system may."""
    if actor is not None and reach(actor, ImportRun, "add") is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))


@transaction.atomic
def import_store(*, path: Path, name: str, actor: Any, members: Mapping[str, str] | None = None) -> ImportRun:
    """Keep a workbook that is to be imported. Raises `UnreadableFile`, `NotAllowed`."""
    must_be_importer(actor)
    check_package(path)
    run = ImportRun(actor=actor, name=Path(name).name[:LONGEST_NAME], size=path.stat().st_size)
    run.members = dict(members or {})
    with path.open("rb") as stream:
        run.file.save("workbook", File(stream), save=False)
    run.save(force_insert=True)
    return run


def import_judge(*, run_pk: int, actor: Any, clock: Clock, tell: bool = False) -> ImportRun:
    """Carry out the dry run and keep what it says of every row. Does nothing when another worker is at it.

    `tell` sends a message at the end, to whoever does not wait for it.
    """
    waiting, judging = ImportState.UPLOADED, ImportState.JUDGING
    run = work_claim(ImportRun, run_pk, waiting=waiting, to=judging, clock=clock)
    if run is None:
        return ImportRun.objects.for_system().get(pk=run_pk)
    ImportRow.objects.for_system().filter(run=run).delete()
    block: list[PlannedRow] = []

    def keep(planned: PlannedRow | None) -> None:
        if planned is not None:
            block.append(planned)
        if block and (planned is None or len(block) == BLOCK):
            ImportRow.objects.for_system().bulk_create([row_of(run, each) for each in block])
            work_renew(run, clock=clock, done=F("done") + len(block))
            block.clear()

    with override(getattr(run.actor, "language", None) or get_language()):
        try:
            report = judge_file(
                Path(run.file.path),
                Path(run.name).stem,
                ImportContext(run.actor, run.members, decisions_of(run)),
                own_words=own_words(),
                sink=keep,
                with_remarks=False,
            )
            keep(None)
            told = kept(report)
        except TakenAway:
            return ImportRun.objects.for_system().get(pk=run_pk)
        except DomainError as error:
            failed = {"state": ImportState.FAILED, "error": str(error)[:500], "finished_at": clock()}
            return work_let_go(run, clock=clock, tell=tell, **failed)
    return work_let_go(run, clock=clock, tell=tell, state=ImportState.JUDGED, report=told, done=0, attempts=0)


@transaction.atomic
def import_match(*, run_pk: int, actor: Any, members: Mapping[str, str]) -> ImportRun:
    """Say which members are meant by names in the file; the dry run is carried out anew."""
    run = _locked(run_pk, actor)
    _must_be(run, ImportState.JUDGED)
    run.members = {**run.members, **members}
    return _judge_anew(run)


@transaction.atomic
def import_name_columns(*, run_pk: int, actor: Any, columns: Sequence[NamedColumn]) -> ImportRun:
    """Say which columns of the registers are meant by words in the file; they are known from now on.

    The dry run is carried out anew. Raises `DomainError` for a word that the dry run did not ask about, and for a
    column that the sheet has already.
    """
    run = _locked(run_pk, actor)
    _must_be(run, ImportState.JUDGED)
    headers = {header["sheet"]: header for header in run.report.get("columns", [])}
    for sheet, word, column in columns:
        header = headers.get(sheet)
        if header is None or word not in header["unknown"]:
            raise ChangedMeanwhile(format_lazy(_("The dry run does not ask about the column “{word}”."), word=word))
        if column in header["found"]:
            raise DomainError(format_lazy(_("The sheet {sheet} has this column already."), sheet=sheet))
        header["found"].append(column)
        header_word_add(register=header["register"], column=column, word=word, actor=actor)
    return _judge_anew(run)


@transaction.atomic
def import_decide(*, run_pk: int, actor: Any, said: Mapping[int, tuple[str, int | None]]) -> ImportRun:
    """Keep what was said of rows (by their keys: choice, key of the client meant); the dry run is carried out anew.

    An empty choice takes an earlier one back. Raises `ChangedMeanwhile` when the rows are no longer those that the
    person saw, `DomainError` for a choice that the row does not offer.
    """
    run = _locked(run_pk, actor)
    _must_be(run, ImportState.JUDGED)
    rows = ImportRow.objects.for_system().filter(run=run, pk__in=said)
    if len(rows) != len(said):
        raise ChangedMeanwhile(_("The file was looked through again meanwhile. Look at it again."))
    for row in rows:
        choice, target = said[row.pk]
        if choice and (choice, target) not in choices_of(row):
            raise DomainError(_("This cannot be said of that row."))
        decided = run.decisions.setdefault(row.sheet, {})
        decided.pop(str(row.row), None)
        if choice:
            decided[str(row.row)] = {"choice": choice, "by": actor.pk, "target": target}
    return _judge_anew(run)


@transaction.atomic
def import_confirm(*, run_pk: int, actor: Any, undecided_stay_out: bool = False) -> ImportRun:
    """Let the good rows go in. Of two people confirming the first counts, the other is told (`ChangedMeanwhile`).

    `undecided_stay_out`: rows with similar clients that nobody has decided on are refused, else they are new clients.
    """
    run = _locked(run_pk, actor)
    _must_be(run, ImportState.JUDGED)
    if undecided_stay_out:
        undecided(run).update(state=RowState.REFUSED, remark=str(UNDECIDED))
    must_be_importer(run.actor)
    run.operation = Operation.objects.create(kind=Operation.Kind.IMPORT, actor=run.actor, title=run.name)
    run.state, run.total = ImportState.CONFIRMED, _open_rows(run).count()
    run.confirmed_by, run.done, run.attempts = actor, 0, 0
    run.save(update_fields=["operation", "state", "total", "confirmed_by", "done", "attempts"])
    return run


def import_write(*, run_pk: int, actor: Any, clock: Clock, tell: bool = False) -> ImportRun:
    """Write the confirmed rows, block by block; a run that lost its worker goes on where it stopped.

    Each block is one transaction that also marks its rows, so that none is written twice.
    """
    waiting, writing = ImportState.CONFIRMED, ImportState.WRITING
    run = work_claim(ImportRun, run_pk, waiting=waiting, to=writing, clock=clock)
    if run is None:
        return ImportRun.objects.for_system().get(pk=run_pk)
    with override(getattr(run.actor, "language", None) or get_language()):
        for kind in kinds():
            while rows := list(_open_rows(run).filter(register=kind.register.code)[:BLOCK]):
                if not _write_block(run, kind, rows, clock):
                    return ImportRun.objects.for_system().get(pk=run.pk)
    return work_let_go(run, clock=clock, tell=tell, state=ImportState.DONE, finished_at=clock())


@transaction.atomic
def import_cancel(*, run_pk: int, actor: Any) -> ImportRun:
    """Stop an import; a worker that is at it finishes its block first, and what went in can be undone."""
    run = _locked(run_pk, actor)
    if run.state not in (*ImportRun.AT_WORK, ImportState.JUDGED):
        raise ChangedMeanwhile(_("This import cannot be cancelled any more."))
    run.state = ImportState.CANCELLED
    work_take_away(run)
    run.save(update_fields=["state", "claim", "lease_until"])
    return run


@transaction.atomic
def import_undo(*, run_pk: int, actor: Any, now: datetime) -> ImportRun:
    """Take back all that the import wrote, also one that a worker is still writing, or went away from.

    Raises `DomainError` naming what was changed since; then nothing happens.
    """
    run = _locked(run_pk, actor)
    if run.state not in UNDOABLE or run.operation is None:
        raise ChangedMeanwhile(_("There is nothing to undo: the import has not been written, or is undone already."))
    must_be_undoable(run.operation, now)
    rows = ImportRow.objects.for_system().filter(run=run, state=RowState.WRITTEN)
    reverse = list(reversed(kinds()))
    clashes = [text for kind in reverse for text in kind.clashes(run, rows.filter(register=kind.register.code))]
    if clashes:
        shown = listed(clashes[:10])
        raise DomainError(format_lazy(_("Changed since the import, so it cannot be undone: {rows}."), rows=shown))
    for kind in reverse:
        kind.undo(run, rows.filter(register=kind.register.code), actor)
    run.operation.undone_at = now
    run.operation.save(update_fields=["undone_at"])
    run.state, run.undone_by = ImportState.UNDONE, actor
    work_take_away(run)
    run.save(update_fields=["state", "undone_by", "claim", "lease_until"])
    return run


def imports_take_up(*, now: datetime) -> list[ImportRun]:
    """What waits for a worker: imports never claimed, and those whose worker went away.

    Gives up after three times without progress; what went in until then can be undone.
    """
    phases = {
        ImportState.JUDGING: (ImportState.UPLOADED, ImportState.FAILED),
        ImportState.WRITING: (ImportState.CONFIRMED, ImportState.CANCELLED),
    }
    return work_take_up(ImportRun, phases=phases, now=now)


def _write_block(run: ImportRun, kind: SheetKind, rows: list[ImportRow], clock: Clock) -> bool:
    """Write one block; False when the run was taken away: cancelled, undone, or given to another worker."""
    with transaction.atomic():
        held = ImportRun.objects.for_system().select_for_update().get(pk=run.pk)
        if held.claim != run.claim:
            return False
        kind.write(run, rows)
        for row in rows:
            if row.state == RowState.OPEN:
                row.state = RowState.REFUSED
        _mark(rows)
        work_renew(run, clock=clock, done=F("done") + len(rows), attempts=0)
    return True


def _mark(rows: list[ImportRow]) -> None:
    """Store what became of the rows; most are written without a remark, which needs one column row by row."""
    stored = ImportRow.objects.for_system()
    for state in (RowState.WRITTEN, RowState.REFUSED):
        stored.filter(pk__in=[row.pk for row in rows if row.state == state]).update(state=state)
    stored.bulk_update([row for row in rows if row.written], ["written"])
    stored.bulk_update([row for row in rows if row.before or row.remark], ["before", "remark"])


def _judge_anew(run: ImportRun) -> ImportRun:
    run.state, run.done = ImportState.UPLOADED, 0
    run.save(update_fields=["members", "decisions", "state", "done"])
    return run


def _open_rows(run: ImportRun) -> Any:
    return ImportRow.objects.for_system().filter(run=run, state=RowState.OPEN, outcome__in=TO_WRITE)


def _locked(run_pk: int, actor: Any) -> ImportRun:
    run = lock_row(ImportRun, run_pk)
    if actor is not None and not allowed(actor, run, "change"):
        if not allowed(actor, run, "view"):
            raise ImportRun.DoesNotExist
        raise NotAllowed(_("Your role may not do this."))
    return run


def _must_be(run: ImportRun, state: str) -> None:
    if run.state != state:
        raise ChangedMeanwhile(
            format_lazy(_("This import is “{state}” meanwhile. Look at it again."), state=run.get_state_display())
        )
