"""A .csv file as one sheet, in UTF-8 or the GB encodings that Excel writes in China."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kam.core.workbooks.cells import LONGEST_SHEET_NAME, MAX_COLUMNS, MAX_ROWS, Row, SheetTraits, is_empty
from kam.core.workbooks.package import UnreadableFile

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
            sample = stream.read(SAMPLE)
            stream.seek(0)
            delimiter = max(DELIMITERS, key=sample.count)
            try:
                for number, values in enumerate(csv.reader(stream, delimiter=delimiter), 1):
                    if number > MAX_ROWS:
                        self.cut_at = number
                        return
                    if not all(is_empty(value) for value in values):
                        yield Row(number, tuple(value or None for value in values[:MAX_COLUMNS]))
            except csv.Error as error:
                raise UnreadableFile(_("The .csv file is damaged and cannot be read.")) from error


def open_csv(path: Path, name: str) -> CsvSheet:
    """The file as a sheet called `name`. Raises `UnreadableFile` when its encoding is unknown."""
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding) as stream:
                while stream.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return CsvSheet(name=name[:LONGEST_SHEET_NAME], path=path, encoding=encoding)
    raise UnreadableFile(_("The .csv file is neither in UTF-8 nor in a GB encoding."))
