"""File formats of django-import-export that write row by row, so that memory stays small whatever the size.

The formats of the package want the whole sheet in memory first (tablib). Words that a spreadsheet would take for a
formula are defused here.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.formats import base_formats
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from kam.core.exceptions import DomainError
from kam.core.lists.cells import moment_text
from kam.core.workbooks.writing import sheet_text

SHEET_ROWS = 1_048_575
"""Rows an xlsx sheet can hold below its heading."""

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


@dataclass
class Sheet:
    """Headings, and lines that are read as they are written; `written` counts them."""

    headers: list[str]
    lines: Iterator[list[Any]]
    written: int = 0

    def __iter__(self) -> Iterator[list[Any]]:
        for line in self.lines:
            self.written += 1
            yield line


class CSV(base_formats.CSV):
    """UTF-8 with a byte order mark, so that Excel reads Chinese."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def export_data(self, dataset: Sheet, **kwargs: Any) -> BinaryIO:
        """The sheet as a temporary file, rewound."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
        writer = csv.writer(text)
        writer.writerow(dataset.headers)
        for line in dataset:
            writer.writerow([_csv_value(value) for value in line])
        text.detach()
        file.seek(0)
        return file


class XLSX(base_formats.XLSX):
    """One sheet with a fixed heading row; numbers and dates stay numbers and dates."""

    def export_data(self, dataset: Sheet, **kwargs: Any) -> BinaryIO:
        """The sheet as a temporary file, rewound; a `DomainError` when it has more rows than a sheet holds."""
        book = Workbook(write_only=True)
        page = book.create_sheet()
        page.freeze_panes = "A2"
        page.append([_heading(page, label) for label in dataset.headers])
        try:
            for line in _within_limit(dataset):
                page.append([_xlsx_value(page, value) for value in line])
        except BaseException:
            page.close()
            page._writer.cleanup()  # noqa: SLF001 (openpyxl keeps its half-written file until the process ends)
            raise
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        book.save(file)
        file.seek(0)
        return file


FORMATS: dict[str, type[base_formats.TablibFormat]] = {"xlsx": XLSX, "csv": CSV}
"""What a list can be exported as, by the ending of the file."""


def _within_limit(sheet: Sheet) -> Iterator[list[Any]]:
    for line in sheet:
        if sheet.written > SHEET_ROWS:
            raise DomainError(_("A sheet holds at most %(n)s rows: narrow the list or take csv.") % {"n": SHEET_ROWS})
        yield line


def _csv_value(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(FORMULA_STARTS) else value
    if isinstance(value, datetime):
        return moment_text(value)
    return value


def _heading(page: Any, label: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=label)
    cell.font = Font(bold=True)
    return cell


def _xlsx_value(page: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = sheet_text(value)
        if value.startswith("="):
            cell = WriteOnlyCell(page, value=value)
            cell.data_type = "s"
            return cell
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value
