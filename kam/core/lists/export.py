"""Writes what a list shows into a file: row by row into a temporary file, so that memory stays small.

django-import-export's own writers keep the whole sheet in memory (tablib); these write as they read and give the same
files. Words that a spreadsheet would take for a formula are defused.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from kam.core.exceptions import DomainError
from kam.core.lists.cells import moment_text
from kam.core.lists.columns import Column, Row, add_loaded

BATCH = 1000
SHEET_ROWS = 1_048_575
"""Rows an xlsx sheet can hold below its heading."""

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def batches(rows: Iterable[Row], columns: Sequence[Column], user: Any) -> Iterator[Row]:
    """The rows, a thousand at a time, with what the columns load."""
    source = iter(rows)
    while chunk := list(islice(source, BATCH)):
        yield from add_loaded(chunk, columns, user)


def write(file_format: str, rows: Iterable[Row], columns: Sequence[Column]) -> tuple[BinaryIO, int]:
    """Write heading and rows; gives the file, rewound, and the number of rows written."""
    sheet = {str(label): value for column in columns for label, value in column.sheet_columns().items()}
    writer = write_csv if file_format == "csv" else write_xlsx
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    written = writer(file, list(sheet), ([value(row) for value in sheet.values()] for row in rows))
    file.seek(0)
    return file, written


def write_csv(file: BinaryIO, headings: list[str], lines: Iterable[list[Any]]) -> int:
    """UTF-8 with a byte order mark, so that Excel reads Chinese."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(headings)
    written = 0
    for line in lines:
        writer.writerow([_csv_value(value) for value in line])
        written += 1
    text.detach()
    return written


def _csv_value(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(FORMULA_STARTS) else value
    if isinstance(value, datetime):
        return moment_text(value)
    return value


def write_xlsx(file: BinaryIO, headings: list[str], lines: Iterable[list[Any]]) -> int:
    """One sheet with a fixed heading row; numbers and dates stay numbers and dates."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, label) for label in headings])
    written = 0
    for line in lines:
        written += 1
        if written > SHEET_ROWS:
            raise DomainError(_("A sheet holds at most %(n)s rows: narrow the list or take csv.") % {"n": SHEET_ROWS})
        sheet.append([_xlsx_value(sheet, value) for value in line])
    book.save(file)
    return written


def _heading(sheet: Any, label: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=label)
    cell.font = Font(bold=True)
    return cell


def _xlsx_value(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
        if value.startswith("="):
            cell = WriteOnlyCell(sheet, value=value)
            cell.data_type = "s"
            return cell
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value
