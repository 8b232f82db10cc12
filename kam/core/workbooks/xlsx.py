"""Sheets of an .xlsx workbook, read row by row."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

from kam.core.workbooks.book import read_book
from kam.core.workbooks.cells import LONGEST_SHEET_NAME, MAX_COLUMNS, MAX_ROWS, Row, SheetTraits, is_empty
from kam.core.workbooks.markup import damage_told
from kam.core.workbooks.rows import Lookups, sheet_rows

CHUNK = 1 << 20
OVERLAP = 300
"""Bytes carried from chunk to chunk so that no tag is cut in two."""
MAX_MERGES = 20_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*hidden=\"(?:1|true)\"[^>]*>")
_SPAN = re.compile(rb'\b(min|max)="(\d+)"')
_PLACE = re.compile(rb'\br="[A-Z]{1,3}([0-9]{1,7})"')
_CONTENT = (b"<v>", b":v>", b"<v ", b":v ", b"<is>", b":is>", b"<f>", b":f>", b"<f ", b":f ")


@dataclass
class XlsxSheet:
    """One sheet. Values are the cached ones; formulas without a cached value and error cells come as `Broken`."""

    name: str
    hidden: bool
    package: zipfile.ZipFile
    part: str
    lookups: Lookups
    date_1904: bool
    traits: SheetTraits
    cut_at: int | None = field(default=None)

    def rows(self) -> Iterator[Row]:
        """Rows that are not empty; merged areas repeat their first value downwards. Raises `UnreadableFile`."""
        merged = _MergedValues(self.traits.merged)
        self.cut_at = None
        with damage_told(), self.package.open(self.part) as stream:
            for number, cells in sheet_rows(stream, self.lookups):
                if number > self.traits.last_row:
                    return
                if number > MAX_ROWS:
                    self.cut_at = number
                    return
                values = merged.fill(number, cells)
                if not all(is_empty(value) for value in values):
                    yield Row(number, tuple(values))


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
                continue
            values += [None] * (column + 1 - len(values))
            if values[column] is None:
                values[column] = value
        for column, last_row in self.starting.get(number, ()):
            if column < len(values) and values[column] is not None:
                self.running[column] = (last_row, values[column])
        return values


@contextmanager
def open_xlsx(path: Path) -> Iterator[list[XlsxSheet]]:
    """The sheets of a checked package, hidden ones included. Raises `UnreadableFile` for damaged content."""
    with damage_told():
        package = zipfile.ZipFile(path)
    with package:
        with damage_told():
            book = read_book(package)
            sheets = [
                XlsxSheet(
                    name=place.name[:LONGEST_SHEET_NAME],
                    hidden=place.hidden,
                    package=package,
                    part=place.part,
                    lookups=book.lookups,
                    date_1904=book.is_1904,
                    traits=read_traits(package, place.part),
                )
                for place in book.sheets
            ]
        yield sheets


def has_external_links(path: Path) -> bool:
    """Whether formulas reach into other files; their cached values are what is read."""
    with zipfile.ZipFile(path) as package:
        return any(name.startswith("xl/externalLinks/") for name in package.namelist())


def read_traits(package: zipfile.ZipFile, part: str) -> SheetTraits:
    """Merged areas, hidden columns and the last row of one sheet part, found in a single pass over its bytes."""
    traits = SheetTraits()
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            window = tail + chunk
            traits.last_row = max(traits.last_row, _last_row(window))
            for match in _MERGE.finditer(window):
                _add_merge(traits, match)
            for match in _HIDDEN_COLUMN.finditer(window):
                _add_hidden(traits, match.group(0))
            tail = window[-OVERLAP:]
    traits.merged = list(dict.fromkeys(traits.merged))
    traits.hidden_columns = list(dict.fromkeys(traits.hidden_columns))
    return traits


def _last_row(window: bytes) -> int:
    """The row of the last cell in the window that holds something; 0 for none."""
    content = max(window.rfind(mark) for mark in _CONTENT)
    if content < 0:
        return 0
    places = _PLACE.findall(window, max(0, content - OVERLAP), content)
    return int(places[-1]) if places else MAX_ROWS + 1


def _add_merge(traits: SheetTraits, match: re.Match[bytes]) -> None:
    if len(traits.merged) < MAX_MERGES:
        first_column, first_row, last_column, last_row = range_boundaries(match.group(1).decode())
        traits.merged.append((first_row, first_column - 1, last_row, last_column - 1))


def _add_hidden(traits: SheetTraits, tag: bytes) -> None:
    span = {key.decode(): int(number) for key, number in _SPAN.findall(tag)}
    last = min(span.get("max", 0), MAX_COLUMNS)
    traits.hidden_columns += [get_column_letter(index) for index in range(span.get("min", 1), last + 1)]
