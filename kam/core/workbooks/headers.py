"""Finds the register that a sheet holds by the words over its columns, wherever they start."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice, zip_longest
from typing import Any

from kam.core.workbooks.cells import Row, Sheet

Word = tuple[Any, ...]
"""What may stand over a column, the likeliest first."""
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
    block: frozenset[str] = frozenset()
    """All words of the header, of both rows where there are two, as `header_key` makes them."""


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
    return _match(register, meanings(register, own_words), row.number, [(value,) for value in row.values])


def nearest_header(sheet: Sheet, registers: Iterable[Register], own_words: OwnWords) -> FoundHeader | None:
    """The row that comes closest to a header although columns that the register needs are missing, or None."""
    known = [(register, meanings(register, own_words)) for register in registers]
    near = [
        _read_words(register, meaning, row.number, [(value,) for value in row.values])
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


def _readings(row: Row, above: Row | None) -> Iterable[list[Word]]:
    """The row alone; and read as the lower one of two header rows.

    Then a word may be the lower one alone, both together (生日 over 日期), or the upper one where the lower is empty or
    unknown. An upper word spreads to the right as far as the cells beside it are empty.
    """
    yield [(value,) for value in row.values]
    if above and above.number == row.number - 1:
        group: Any = None
        words: list[Word] = []
        for low, up in zip_longest(row.values, above.values):
            group = up if up is not None else group if low is not None else None
            both = f"{group}{low}" if isinstance(group, str) and isinstance(low, str) and group != low else None
            words.append((low, both, up))
        yield words


def _match(register: Register, meaning: Mapping[str, str], number: int, words: Sequence[Word]) -> FoundHeader | None:
    found = _read_words(register, meaning, number, words)
    enough = len(found.places) >= register.least and all(_is_there(need, found) for need in register.needs)
    return found if enough else None


def _is_there(need: str, found: FoundHeader) -> bool:
    return any(key in found.places for key in need.split("|"))


def _read_words(register: Register, meaning: Mapping[str, str], number: int, words: Sequence[Word]) -> FoundHeader:
    """What the words mean; each stands in the report as its lower cell has it."""
    found = FoundHeader(register, number, {}, {})
    found.block = frozenset(key for word in words for part in word if (key := header_key(part)))
    for index, word in enumerate(words):
        meant = next((part for part in word if header_key(part) in meaning), None)
        shown = next((str(part).strip() for part in word if header_key(part)), "")
        found_key = meaning.get(header_key(meant), "")
        if not found_key:
            if shown:
                found.unknown.append(shown)
        elif found_key in found.places:
            found.twice.append(shown)
        else:
            found.places[found_key] = index
            found.words[found_key] = shown if shown not in found.words.values() else str(meant).strip()
            factors = [factor for part in word if (factor := header_factor(str(part))) is not None]
            if factors:
                found.factors[found_key] = factors[0]
    return found
