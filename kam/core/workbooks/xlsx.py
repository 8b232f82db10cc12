"""Sheets of an .xlsx workbook through openpyxl's read-only mode, with a look at the raw parts that it does not tell."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from defusedxml import ElementTree
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kam.core.workbooks.cells import (
    EMPTY_ROWS_END,
    LONGEST_SHEET_NAME,
    MAX_COLUMNS,
    MAX_ROWS,
    Broken,
    Row,
    SheetTraits,
    is_empty,
)
from kam.core.workbooks.package import UnreadableFile

CHUNK = 1 << 20
OVERLAP = 300
"""Bytes carried from chunk to chunk so that no tag is cut in two."""
MAX_MERGES = 20_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*hidden=\"(?:1|true)\"[^>]*>")
_SPAN = re.compile(rb'\b(min|max)="(\d+)"')


@dataclass
class XlsxSheet:
    """One sheet. Values are the cached ones; formulas without a cached value and error cells come as `Broken`."""

    name: str
    hidden: bool
    values: Any
    formulas: Any
    traits: SheetTraits
    date_1904: bool = False
    cut_at: int | None = field(default=None)

    def rows(self) -> Iterator[Row]:
        """Rows that are not empty; merged areas repeat their first value downwards."""
        merged = _MergedValues(self.traits.merged)
        empty_in_a_row = 0
        self.cut_at = None
        for number, cells in self._raw_rows():
            if number > MAX_ROWS:
                self.cut_at = number
                return
            values = merged.fill(number, cells)
            if all(is_empty(value) for value in values):
                empty_in_a_row += 1
                if empty_in_a_row >= EMPTY_ROWS_END:
                    self.cut_at = number
                    return
                continue
            empty_in_a_row = 0
            yield Row(number, tuple(values))

    def _raw_rows(self) -> Iterator[tuple[int, list[Any]]]:
        values = self.values.iter_rows()
        if not self.traits.has_formulas:
            for number, row in enumerate(values, 1):
                yield number, [_value(cell) for cell in row[:MAX_COLUMNS]]
            return
        formulas = self.formulas.iter_rows()
        for number, (row, formula_row) in enumerate(zip(values, formulas, strict=False), 1):
            yield (
                number,
                [_value(cell, formula) for cell, formula in zip_longest(row[:MAX_COLUMNS], formula_row[:MAX_COLUMNS])],
            )


class _MergedValues:
    """Gives every row of a vertically merged area the value that Excel keeps in its first cell."""

    def __init__(self, areas: list[tuple[int, int, int, int]]) -> None:
        self.starting: dict[int, list[tuple[int, int]]] = {}
        for first_row, column, last_row, _last_column in areas:
            if last_row > first_row:
                self.starting.setdefault(first_row, []).append((column, last_row))
        self.running: dict[int, tuple[int, Any]] = {}

    def fill(self, number: int, values: list[Any]) -> list[Any]:
        """The row's values with the running merged values put in; notes the areas that start here."""
        for column, (last_row, value) in list(self.running.items()):
            if number > last_row:
                del self.running[column]
            elif column < len(values) and values[column] is None:
                values[column] = value
        for column, last_row in self.starting.get(number, ()):
            if column < len(values):
                self.running[column] = (last_row, values[column])
        return values


def _value(cell: Any, formula: Any = None) -> Any:
    """What a cell holds; trailing and leading blanks are the readers' business."""
    value = cell.value if cell is not None else None
    if cell is not None and cell.data_type == "e":
        return Broken(str(value))
    if value is None and formula is not None and formula.data_type == "f":
        return Broken(str(formula.value), is_formula=True)
    return value


@contextmanager
def open_xlsx(path: Path) -> Iterator[list[XlsxSheet]]:
    """The sheets of a checked package, hidden ones included. Raises `UnreadableFile` for damaged content."""
    with ExitStack() as opened:
        books: list[Any] = []
        try:
            parts = sheet_parts(path)
            for data_only in (True, False):
                # The file itself and not its name: the library judges names by their ending.
                stream = opened.enter_context(path.open("rb"))
                book = load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
                opened.callback(book.close)
                books.append(book)
            sheets = [_sheet(path, parts, books, name) for name in books[0].sheetnames]
        except (KeyError, ValueError, TypeError, zipfile.BadZipFile, OSError, AttributeError) as error:
            raise UnreadableFile(_("The file is damaged and cannot be opened.")) from error
        yield [sheet for sheet in sheets if sheet is not None]


def _sheet(path: Path, parts: dict[str, str], books: list[Any], name: str) -> XlsxSheet | None:
    sheet = books[0][name]
    if not hasattr(sheet, "iter_rows"):
        return None
    sheet.reset_dimensions()
    formulas = books[1][name]
    formulas.reset_dimensions()
    return XlsxSheet(
        name=name[:LONGEST_SHEET_NAME],
        hidden=sheet.sheet_state != "visible",
        values=sheet,
        formulas=formulas,
        traits=read_traits(path, parts[name]),
        date_1904=books[0].epoch == CALENDAR_MAC_1904,
    )


def sheet_parts(path: Path) -> dict[str, str]:
    """The part of the package that holds each sheet, by sheet name."""
    with zipfile.ZipFile(path) as package:
        targets = {
            link.get("Id", ""): link.get("Target", "")
            for link in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        }
        sheets = ElementTree.fromstring(package.read("xl/workbook.xml")).iter()
        return {
            sheet.get("name", ""): posixpath.normpath(posixpath.join("/xl", targets[sheet.get(_RELATION, "")]))
            for sheet in sheets
            if sheet.tag.endswith("}sheet")
        }


def has_external_links(path: Path) -> bool:
    """Whether formulas reach into other files; their cached values are what is read."""
    with zipfile.ZipFile(path) as package:
        return any(name.startswith("xl/externalLinks/") for name in package.namelist())


def read_traits(path: Path, part: str) -> SheetTraits:
    """Formulas, merged areas and hidden columns of one sheet part, found in a single pass over its bytes."""
    traits = SheetTraits()
    tail = b""
    with zipfile.ZipFile(path) as package, package.open(part.lstrip("/")) as stream:
        while chunk := stream.read(CHUNK):
            window = tail + chunk
            traits.has_formulas = traits.has_formulas or _FORMULA.search(window) is not None
            for match in _MERGE.finditer(window):
                _add_merge(traits, match)
            for match in _HIDDEN_COLUMN.finditer(window):
                _add_hidden(traits, match.group(0))
            tail = window[-OVERLAP:]
    traits.merged = list(dict.fromkeys(traits.merged))
    traits.hidden_columns = list(dict.fromkeys(traits.hidden_columns))
    return traits


def _add_merge(traits: SheetTraits, match: re.Match[bytes]) -> None:
    if len(traits.merged) < MAX_MERGES:
        first_column, first_row, last_column, last_row = range_boundaries(match.group(1).decode())
        traits.merged.append((first_row, first_column - 1, last_row, last_column - 1))


def _add_hidden(traits: SheetTraits, tag: bytes) -> None:
    span = {key.decode(): int(number) for key, number in _SPAN.findall(tag)}
    last = min(span.get("max", 0), MAX_COLUMNS)
    traits.hidden_columns += [get_column_letter(index) for index in range(span.get("min", 1), last + 1)]
