"""What stands in a workbook beside its sheets: their names and places, the shared texts, the formats, the first day."""

import posixpath
from dataclasses import dataclass
from typing import IO
from zipfile import ZipFile

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from kam.core.workbooks.markup import Caught, read_markup
from kam.core.workbooks.package import MEGABYTE, UnreadableFile
from kam.core.workbooks.rows import Lookups

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MAX_TEXTS_MB = 60
"""Shared texts when unpacked; they are the one part of a workbook that is held in memory whole."""
MAX_SHEETS = 1000
CHINESE_DATES = {*range(27, 37), *range(50, 59)}
"""Formats that a Chinese Excel uses by number alone, as 31 for 2026年11月23日."""
TRUE = ("1", "true")


@dataclass(frozen=True)
class SheetPlace:
    """A sheet's name, whether it is hidden, and the part that holds its rows."""

    name: str
    hidden: bool
    part: str


@dataclass(frozen=True)
class Book:
    """A workbook without its rows."""

    sheets: list[SheetPlace]
    lookups: Lookups
    is_1904: bool


def read_book(package: ZipFile) -> Book:
    """Read everything but the rows. Raises one of `DAMAGE`, and `UnreadableFile` for what is too much."""
    listed, links = _Sheets(), _Links()
    _read(package, WORKBOOK, listed)
    _read(package, RELATIONS, links)
    if len(listed.sheets) > MAX_SHEETS:
        raise UnreadableFile(format_lazy(_("The workbook has more than {limit} sheets."), limit=MAX_SHEETS))
    sheets = [
        SheetPlace(name, hidden, links.targets[key][1])
        for name, hidden, key in listed.sheets
        if links.targets[key][0] == "worksheet"
    ]
    texts, formats = _Texts(), _Formats()
    for kind, part in links.targets.values():
        if kind == "sharedStrings":
            _must_be_small(package, part)
            _read(package, part, texts)
        elif kind == "styles":
            _read(package, part, formats)
    epoch = CALENDAR_MAC_1904 if listed.is_1904 else CALENDAR_WINDOWS_1900
    lookups = Lookups(texts.found, formats.dates(), formats.durations(), epoch)
    return Book(sheets, lookups, listed.is_1904)


def _must_be_small(package: ZipFile, part: str) -> None:
    if package.getinfo(part).file_size > MAX_TEXTS_MB * MEGABYTE:
        text = format_lazy(_("The texts of the workbook unpack to more than {limit} MB."), limit=MAX_TEXTS_MB)
        raise UnreadableFile(format_lazy("{} {}", text, _("Divide it into several files.")))


def _read(package: ZipFile, part: str, handler: "_Part") -> None:
    stream: IO[bytes]
    with package.open(part) as stream:
        for _chunk in read_markup(stream, handler):
            pass


class _Part:
    """A handler that looks at opening tags only, unless it says otherwise."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""

    def end(self, name: str) -> None:
        """A tag closes."""

    def text(self, data: str) -> None:
        """Text."""


class _Sheets(_Part):
    """Names, visibility and link keys of the sheets in their order; and whether days are counted from 1904."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next(value for word, value in attributes.items() if word.rpartition(":")[2] == "id")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes["name"], hidden, key))
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "") in TRUE


class _Links(_Part):
    """Kind and part by link key."""

    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            part = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
            self.targets[attributes["Id"]] = (kind, part)


class _Texts(_Part):
    """The shared texts, without the readings that stand above Japanese ones."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.caught: Caught | None = None
        self.listening = self.phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.caught = Caught()
        elif name == "rPh":
            self.phonetic = True
        elif name == "t":
            self.listening = not self.phonetic

    def end(self, name: str) -> None:
        if name == "si" and self.caught is not None:
            self.found.append(self.caught.whole())
            self.caught = None
        elif name == "rPh":
            self.phonetic = False
        elif name == "t":
            self.listening = False

    def text(self, data: str) -> None:
        if self.listening and self.caught is not None:
            self.caught.add(data)


class _Formats(_Part):
    """The number format of each cell style."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = dict(BUILTIN_FORMATS)
        self.styles: list[int] = []
        self.in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.in_cells = True
        elif name == "xf" and self.in_cells:
            self.styles.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cells = False

    def dates(self) -> frozenset[int]:
        """Styles that show a number as a day or a time."""
        return self._styled(
            {number for number, code in self.codes.items() if is_date_format(code)}
            | (CHINESE_DATES - self.codes.keys())
        )

    def durations(self) -> frozenset[int]:
        """Styles that show a number as hours and minutes."""
        return self._styled({number for number, code in self.codes.items() if is_timedelta_format(code)})

    def _styled(self, formats: set[int]) -> frozenset[int]:
        return frozenset(place for place, number in enumerate(self.styles) if number in formats)
