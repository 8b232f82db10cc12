"""The rows that stayed out, as a workbook to correct and import again: the original cells, reasons beside them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from kam.core.imports.judging import open_workbook
from kam.core.imports.models import ImportRow, ImportRun, RowState
from kam.core.imports.plan import Outcome
from kam.core.workbooks.cells import Broken, Row
from kam.core.workbooks.writing import text_cell

RED = PatternFill("solid", fgColor="FADBD8")
BOLD = Font(bold=True)
STAYED_OUT = (Outcome.ERROR, Outcome.BLOCKED)


def write_left_out(run: ImportRun, target: Path) -> int:
    """Write wrong, blocked and refused rows of the import; returns how many."""
    book = Workbook(write_only=True)
    written = 0
    with open_workbook(Path(run.file.path), Path(run.name).stem) as sheets:
        for sheet in sheets:
            rows = {row.row: row for row in _stayed_out(run, sheet.name)}
            header_row = run.report.get("headers", {}).get(sheet.name)
            if rows and header_row:
                written += len(rows)
                _write_sheet(book.create_sheet(sheet.name), sheet.rows(), rows, header_row)
    if not written:
        book.create_sheet(_("Nothing stayed out"))
    book.save(target)
    return written


def _stayed_out(run: ImportRun, sheet: str) -> Iterator[ImportRow]:
    rows = ImportRow.objects.for_system().filter(run=run, sheet=sheet)
    yield from rows.filter(outcome__in=STAYED_OUT).iterator(chunk_size=500)
    yield from rows.exclude(outcome__in=STAYED_OUT).filter(state=RowState.REFUSED).iterator(chunk_size=500)


def _write_sheet(page: Any, source: Iterator[Row], rows: dict[int, ImportRow], header_row: int) -> None:
    headers: list[str] = []
    for row in source:
        if row.number == header_row:
            headers = [str(value or "").strip() for value in row.values]
            page.append([_cell(page, word, font=BOLD) for word in (*headers, _("Why it stayed out"))])
        elif kept := rows.get(row.number):
            page.append(_cells(page, row, kept, headers))


def _cells(page: Any, row: Row, kept: ImportRow, headers: list[str]) -> list[Any]:
    remarks: dict[str, str] = {}
    for remark in kept.errors:
        text = f"{remark['reason']} {remark['right']}".strip()
        remarks[remark["column"]] = f"{remarks[remark['column']]} {text}" if remark["column"] in remarks else text
    values = [*row.values, *[None] * (len(headers) - len(row.values))]
    cells = []
    for place, value in enumerate(values):
        reason = remarks.get(headers[place]) if place < len(headers) else None
        cells.append(_cell(page, value, comment=reason))
    why = "; ".join(f"{column}: {text}" if column else text for column, text in remarks.items())
    if kept.outcome == Outcome.BLOCKED:
        why = _("Waits for %(sheet)s, row %(row)s") % {"sheet": kept.waits_sheet, "row": kept.waits_row}
    return [*cells, _cell(page, why or kept.remark)]


def _cell(page: Any, value: Any, *, comment: str | None = None, font: Font | None = None) -> Any:
    cell = text_cell(page, value.shown if isinstance(value, Broken) else value, font)
    if comment:
        cell.fill = RED
        cell.comment = Comment(comment, "KAM", width=300, height=90)
    return cell
