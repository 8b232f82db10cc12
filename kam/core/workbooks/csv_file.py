"""A .csv file as one sheet, in UTF-8, UTF-16 or the GB encodings that Excel writes in China."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kam.core.workbooks.cells import LONGEST_SHEET_NAME, MAX_COLUMNS, MAX_ROWS, Row, SheetTraits, is_empty
from kam.core.workbooks.package import UTF_16, UnreadableFile

DELIMITERS = ",\t;"
ENCODINGS = ("utf-8-sig", "gb18030")
SAMPLE = 64 * 1024


@dataclass
class CsvSheet:
    """The one sheet of a .csv file; every value is text."""

    name: str
    path: Path
    encoding: str
    hidden: bool = False
    traits: SheetTraits = field(default_factory=SheetTraits)
    cut_at: int | None = None

    def rows(self) -> Iterator[Row]:
        """Rows that are not empty; `number` is the line as a spreadsheet would show it."""
        self.cut_at = None
        with self.path.open(encoding=self.encoding, newline="") as stream:
            delimiter = _delimiter(stream.read(SAMPLE))
            stream.seek(0)
            try:
                for number, values in enumerate(csv.reader(stream, delimiter=delimiter), 1):
                    if number > MAX_ROWS:
                        self.cut_at = number
                        return
                    if not all(is_empty(value) for value in values):
                        yield Row(number, tuple(value or None for value in values[:MAX_COLUMNS]))
            except csv.Error as error:
                text = _("A cell of the .csv file does not end: a quotation mark is not closed.")
                raise UnreadableFile(text) from error


def open_csv(path: Path, name: str) -> CsvSheet:
    """The file as a sheet called `name`. Raises `UnreadableFile` when its encoding is unknown."""
    with path.open("rb") as raw:
        encodings = ("utf-16",) if raw.read(2) in UTF_16 else ENCODINGS
    for encoding in encodings:
        try:
            with path.open(encoding=encoding) as stream:
                while part := stream.read(1 << 20):
                    if "\x00" in part:
                        raise UnreadableFile(_("This is neither an .xlsx workbook nor a .csv file."))
        except UnicodeError:
            continue
        return CsvSheet(name=name[:LONGEST_SHEET_NAME], path=path, encoding=encoding)
    raise UnreadableFile(_("The .csv file is neither in UTF-8 nor in a GB encoding."))


def _delimiter(sample: str) -> str:
    """The character that cuts the most rows into the same number of cells."""

    def evenness(delimiter: str) -> int:
        try:
            widths = Counter(len(row) for row in csv.reader(sample.splitlines(keepends=True), delimiter=delimiter))
        except csv.Error:
            return 0
        return max((rows * (width - 1) for width, rows in widths.items()), default=0)

    return max(DELIMITERS, key=evenness)
