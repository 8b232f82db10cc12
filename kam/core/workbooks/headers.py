"""Finds the register that a sheet holds by the words over its columns, wherever they start."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from kam.core.workbooks.cells import Row, Sheet

HEADER_ROWS = 40
"""Rows from the top among which the header is looked for."""
NEAR = 3
"""Columns by which a row is taken for a header that lacks something."""
OwnWords = Mapping[tuple[str, str], Sequence[str]]
"""Words that the department added, by register and column key."""
_BRACKETS = re.compile(r"[(\[{【].*?[)\]}】]")
_NOISE = re.compile(r"[\s*:：、/\\_\-.·]+")
_UNITS = {
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "千元": Decimal(1000),
    "元": Decimal(1),
    "亿元": Decimal(10**8),
}


@dataclass(frozen=True)
class Column:
    """One column of a register: `title` as the department writes it, other words that mean the same.

    `width` is how wide it is drawn in a sheet of ours, in characters, where the title is narrower than what it holds.
    """

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    width: int = 0


@dataclass(frozen=True)
class Register:
    """A kind of sheet.

    `needs` are the columns without which it is not this register (`a|b`: one of the two), `least` how many of its
    columns must be there in all. Columns `passed_over` carry nothing; those `not_yet` are known and cannot be kept yet.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    needs: tuple[str, ...]
    least: int = 2
    passed_over: tuple[str, ...] = ()
    not_yet: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        """The column called `key`; KeyError for another."""
        return next(column for column in self.columns if column.key == key)


@dataclass
class FoundHeader:
    """Where the header stands and what its columns mean."""

    register: Register
    row: int
    places: dict[str, int]
    """Column index from 0 by column key."""
    words: dict[str, str]
    """The header as written in the sheet, by column key."""
    factors: dict[str, Decimal] = field(default_factory=dict)
    """What an amount in the column is counted in, by column key, where the header says so: 万元 → 10000."""
    twice: list[str] = field(default_factory=list)
    """Headers that mean a column already taken."""
    unknown: list[str] = field(default_factory=list)
    """Headers that mean nothing to the register."""


def header_key(text: Any) -> str:
    """A header without width, blanks, marks and bracketed remarks: 授信额度（元） → 授信额度."""
    if not isinstance(text, str):
        return ""
    plain = unicodedata.normalize("NFKC", text)
    return _NOISE.sub("", _BRACKETS.sub("", plain)).casefold()


def header_factor(text: str) -> Decimal | None:
    """The unit named in a header's brackets, as a factor on yuan; None when it names none."""
    for remark in _BRACKETS.findall(unicodedata.normalize("NFKC", text)):
        unit = remark[1:-1].removeprefix("单位").lstrip(":：").strip()
        if unit in _UNITS:
            return _UNITS[unit]
    return None


def find_header(sheet: Sheet, registers: Iterable[Register], own_words: OwnWords) -> FoundHeader | None:
    """The best header among the first rows, or None."""
    words_of = {register.code: meanings(register, own_words) for register in registers}
    known = {register.code: register for register in registers}
    best: FoundHeader | None = None
    above: Row | None = None
    for row in islice(sheet.rows(), HEADER_ROWS):
        for words in _readings(row, above):
            for code, meaning in words_of.items():
                found = _match(known[code], meaning, row.number, words)
                if found and (best is None or len(found.places) > len(best.places)):
                    best = found
        above = row
    return best


def header_in(row: Row, register: Register, own_words: OwnWords) -> FoundHeader | None:
    """The register's header in this very row, as where it is repeated on each printed page."""
    return _match(register, meanings(register, own_words), row.number, list(row.values))


def nearest_header(sheet: Sheet, registers: Iterable[Register], own_words: OwnWords) -> FoundHeader | None:
    """The row that comes closest to a header although columns that the register needs are missing, or None."""
    known = [(register, meanings(register, own_words)) for register in registers]
    near = [
        _read_words(register, meaning, row.number, row.values)
        for row in islice(sheet.rows(), HEADER_ROWS)
        for register, meaning in known
    ]
    best = max(near, key=lambda found: len(found.places), default=None)
    return best if best is not None and len(best.places) >= NEAR else None


def missing_columns(found: FoundHeader) -> list[str]:
    """What a near header lacks: the titles of each need, alternatives in one."""
    lacking = [need.split("|") for need in found.register.needs if not _is_there(need, found)]
    return ["/".join(found.register.column(key).title for key in need) for need in lacking]


def meanings(register: Register, own_words: OwnWords) -> dict[str, str]:
    """The column key by every word that means it."""
    return {
        header_key(word): column.key
        for column in register.columns
        for word in (column.title, *column.synonyms, *own_words.get((register.code, column.key), ()))
    }


def _readings(row: Row, above: Row | None) -> Iterable[list[Any]]:
    """The row alone; and, where it is the lower one of two header rows, with its gaps filled from the row above."""
    yield list(row.values)
    if above and above.number == row.number - 1:
        width = max(len(row.values), len(above.values))
        lower = [*row.values, *[None] * (width - len(row.values))]
        upper = [*above.values, *[None] * (width - len(above.values))]
        yield [low if low is not None else up for low, up in zip(lower, upper, strict=True)]


def _match(register: Register, meaning: Mapping[str, str], number: int, words: Sequence[Any]) -> FoundHeader | None:
    found = _read_words(register, meaning, number, words)
    enough = len(found.places) >= register.least and all(_is_there(need, found) for need in register.needs)
    return found if enough else None


def _is_there(need: str, found: FoundHeader) -> bool:
    return any(key in found.places for key in need.split("|"))


def _read_words(register: Register, meaning: Mapping[str, str], number: int, words: Sequence[Any]) -> FoundHeader:
    found = FoundHeader(register, number, {}, {})
    for index, word in enumerate(words):
        key = meaning.get(header_key(word)) if header_key(word) else None
        if key is None:
            if header_key(word):
                found.unknown.append(str(word).strip())
        elif key in found.places:
            found.twice.append(str(word).strip())
        else:
            found.places[key] = index
            found.words[key] = str(word).strip()
            factor = header_factor(str(word))
            if factor is not None:
                found.factors[key] = factor
    return found
