"""The rows of one sheet part, as Excel stored them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel, from_ISO8601

from kam.core.workbooks.cells import MAX_COLUMNS, Broken
from kam.core.workbooks.markup import Caught, read_markup

LONGEST_NUMBER = 40
"""Characters of a number; Excel itself keeps 15 digits."""
MOST_CELLS = 20_000
"""Cells of one row; Excel has 16,384 columns."""
OUT_OF_RANGE = Broken("#VALUE!")
_INFINITE = ("inf", "-inf", "nan")


@dataclass(frozen=True)
class Lookups:
    """What the cells of a workbook refer to: its texts, the formats that make a number a date, its first day."""

    texts: Sequence[str] = ()
    dates: Collection[int] = ()
    durations: Collection[int] = ()
    epoch: datetime = WINDOWS_EPOCH


def sheet_rows(stream: IO[bytes], lookups: Lookups) -> Iterator[tuple[int, list[Any]]]:
    """Number and values of each row that the part holds. Raises one of `DAMAGE` for a damaged part."""
    handler = _Rows(lookups)
    for _chunk in read_markup(stream, handler):
        yield from handler.done
        handler.done.clear()


@dataclass
class _Cell:
    column: int
    kind: str
    style: int
    value: str | None = None
    formula: str | None = None
    inline: list[str] = field(default_factory=list)


class _Rows:
    """Gathers cells into rows."""

    def __init__(self, lookups: Lookups) -> None:
        self.lookups = lookups
        self.done: list[tuple[int, list[Any]]] = []
        self.number = 0
        self.values: list[Any] = []
        self.cells = self.column = 0
        self.cell: _Cell | None = None
        self.caught: Caught | None = None
        self.phonetic = False
        self.columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._open_cell(attributes)
        elif name == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.values, self.cells, self.column = [], 0, 0
        elif name == "rPh":
            self.phonetic = True
        elif name in ("v", "t", "f") and self.cell is not None and not self.phonetic:
            self.caught = Caught()

    def text(self, data: str) -> None:
        if self.caught is not None:
            self.caught.add(data)

    def end(self, name: str) -> None:
        if name == "c" and self.cell is not None:
            self._close_cell(self.cell)
            self.cell = None
        elif name == "row":
            self.done.append((self.number, self.values))
            self.values = []
        elif name == "rPh":
            self.phonetic = False
        elif self.caught is not None and self.cell is not None and name in ("v", "t", "f"):
            self._keep(self.cell, name, self.caught.whole())
            self.caught = None

    @staticmethod
    def _keep(cell: _Cell, name: str, text: str) -> None:
        if name == "v":
            cell.value = text
        elif name == "t":
            cell.inline.append(text)
        else:
            cell.formula = text

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        if self.cells > MOST_CELLS:
            raise ValueError("a row without an end")
        place = attributes.get("r")
        self.column = self._column(place) if place else self.column + 1
        self.cell = _Cell(self.column, attributes.get("t", "n"), int(attributes.get("s", 0)))

    def _column(self, place: str) -> int:
        """Column from 1 of a place such as AB12."""
        letters = place.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is None:
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - ord("A") + 1
            self.columns[letters] = column
        return column

    def _close_cell(self, cell: _Cell) -> None:
        if not 1 <= cell.column <= MAX_COLUMNS:
            return
        value = _value(cell, self.lookups)
        if value is not None:
            self.values += [None] * (cell.column - len(self.values))
            self.values[cell.column - 1] = value


def _value(cell: _Cell, lookups: Lookups) -> Any:
    """What the cell holds; a formula that was never calculated and an error come as `Broken`."""
    if cell.kind == "inlineStr":
        return "".join(cell.inline) or None
    text = cell.value
    if not text:
        never_calculated = cell.formula is not None and cell.kind != "str"
        return Broken(f"={cell.formula}", is_formula=True) if never_calculated else None
    match cell.kind:
        case "s":
            return _shared(int(text), lookups.texts)
        case "str":
            return text
        case "b":
            return bool(int(text))
        case "e":
            return Broken(text)
        case "d":
            return from_ISO8601(text)
        case _:
            return _number(text, cell.style, lookups)


def _shared(index: int, texts: Sequence[str]) -> str | None:
    if index < 0:
        raise ValueError("no such text")
    return texts[index] or None


def _number(text: str, style: int, lookups: Lookups) -> Any:
    """A number, or the day that its format makes of it."""
    if len(text) > LONGEST_NUMBER:
        return OUT_OF_RANGE
    number = float(text) if set(text) & set(".eE") else int(text)
    if str(number) in _INFINITE:
        return OUT_OF_RANGE
    if style not in lookups.dates:
        return number
    try:
        return from_excel(number, lookups.epoch, timedelta=style in lookups.durations)
    except (OverflowError, ValueError):
        return OUT_OF_RANGE
