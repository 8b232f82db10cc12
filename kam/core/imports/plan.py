"""What a dry run says of a file: of each sheet, of each row, of each cell. Nothing here touches the database."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from kam.core.exceptions import Text
from kam.core.workbooks.headers import Register

BLOCK = 500
"""Rows judged, and later written, at a time."""
LONGEST_VALUE = 200
"""Characters of a cell that a report repeats."""


class Outcome(StrEnum):
    """What a row comes to; each row counts once."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    BLOCKED = "blocked"
    LEFT_OUT = "left_out"
    ERROR = "error"


class Choice(StrEnum):
    """What a person may say of a row: it is new, it is the same as a stored one, it is to stay out."""

    NEW = "new"
    SAME = "same"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a member (`by`, a key) said of a row; `target` is the key of the stored row that it is the same as."""

    choice: Choice
    by: int
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said of a cell: row as Excel counts it, column as headed there, what is wrong, what would be right."""

    row: int
    column: str
    value: str
    reason: Text
    right: Text = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A cell whose meaning is not its very letters: 50万 → 500,000.00."""

    column: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored row that a new one may be the same as: its key, and how people know it."""

    pk: int
    title: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an existing row: from what to what."""

    field: str
    label: Text
    before: str
    after: str


@dataclass
class PlannedRow:
    """One row of a sheet, judged."""

    sheet: str
    register: str
    row: int
    title: str = ""
    client: str = ""
    """The client that the row is about, as the file names it."""
    outcome: Outcome = Outcome.NEW
    cells: list[tuple[str, str]] = field(default_factory=list)
    """Header and cell as they stand in the file, of every cell that holds something."""
    data: dict[str, Any] = field(default_factory=dict)
    """What was understood, by the register's own keys; only what the row states."""
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    needs_approval: list[Change] = field(default_factory=list)
    similar: list[Candidate] = field(default_factory=list)
    """Stored rows that it may be the same as; a person decides."""
    decision: Decision | None = None
    target: int | None = None
    """Key of the stored row that this one is about."""
    version: int | None = None
    waits_for: tuple[str, int] | None = None
    """Sheet and row that a blocked or duplicate row points at; of a new row, the row that opens its client."""


@dataclass
class SheetReport:
    """One sheet of a known register: the counts of its rows, and what was said of its cells."""

    name: str
    register: str
    header_row: int = 0
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    general: list[Remark] = field(default_factory=list)
    """What was said of the sheet and of rows that are none of the register's."""
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    """Of its rows; both stay empty where each row is kept with what was said of it."""

    @property
    def rows(self) -> int:
        """Rows of the sheet; the sum of all outcomes."""
        return sum(self.counts.values())

    def add(self, row: PlannedRow, *, with_remarks: bool) -> None:
        """Count a row and, where told to, take over what was said of it."""
        self.counts[row.outcome] += 1
        if with_remarks:
            self.errors += row.errors
            self.warnings += row.warnings


@dataclass(frozen=True)
class Untaken:
    """A sheet that was left alone, and why."""

    name: str
    rows: int
    reason: Text


@dataclass(frozen=True)
class SheetHeader:
    """The header of a sheet: the columns that were found in it, and the words that mean nothing to its register.

    Of a sheet that was left alone it is the row that comes closest to a header of `register`.
    """

    sheet: str
    register: str
    row: int
    found: list[str]
    unknown: list[str]


@dataclass
class FileReport:
    """Everything a dry run says of a file."""

    sheets: list[SheetReport] = field(default_factory=list)
    untaken: list[Untaken] = field(default_factory=list)
    headers: list[SheetHeader] = field(default_factory=list)
    notices: list[Text] = field(default_factory=list)
    """What is to be known of the file as a whole."""


class RowJudge(Protocol):
    """Judges the rows of one sheet, in blocks, in their order."""

    def judge(self, block: "list[RawRow]") -> Iterable[PlannedRow]:
        """One planned row for each raw one."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row below the header: its number, and its cells by the register's column keys."""

    number: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class SheetFrame:
    """What a judge knows of the sheet: its name, the words over its columns, factors of amounts, its date system."""

    name: str
    words: dict[str, str]
    factors: dict[str, Any]
    date_1904: bool = False


@dataclass
class ImportContext:
    """Who imports, and what the sheets of one file tell one another."""

    actor: Any
    members: dict[str, str] = field(default_factory=dict)
    """Sign-in names by the names that stand in the file."""
    decisions: dict[tuple[str, int], Decision] = field(default_factory=dict)
    """What was said of rows, by sheet and row."""
    shared: dict[str, Any] = field(default_factory=dict)

    def said_of(self, sheet: str, row: int) -> Decision | None:
        """What a person said of a row, if anything."""
        return self.decisions.get((sheet, row))


@dataclass(frozen=True)
class SheetKind:
    """A register that can be imported. Kinds of smaller `order` are judged first, whatever their place in the file.

    `write(run, rows)` writes a block inside the open transaction and marks each of its rows; `clashes(run, rows)` names
    what was changed since, and `undo(run, rows, actor)` takes the written rows back.
    """

    register: Register
    order: int
    judge: Callable[[ImportContext, SheetFrame], RowJudge]
    write: Callable[[Any, list[Any]], None]
    clashes: Callable[[Any, Any], list[str]]
    undo: Callable[[Any, Any, Any], None]


_kinds: dict[str, SheetKind] = {}
_untaken: dict[str, Register] = {}


def register_kind(kind: SheetKind) -> None:
    """Make a register importable; called by the areas' `resources.py`."""
    _kinds[kind.register.code] = kind


def register_untaken(register: Register) -> None:
    """Make a register known that cannot be imported yet, so that its sheets are named and not mistaken."""
    _untaken[register.code] = register


def kind_of(code: str) -> SheetKind | None:
    """The importable kind of a register, if it is one."""
    return _kinds.get(code)


def kinds() -> list[SheetKind]:
    """All importable kinds, in the order in which they are judged and written."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def known_registers() -> list[Register]:
    """All registers that a sheet may turn out to be, importable ones first."""
    return [*(kind.register for kind in kinds()), *_untaken.values()]


def stays_out(row: PlannedRow) -> bool:
    """Whether a row that could go in was decided to stay out."""
    said = row.decision
    return said is not None and said.choice is Choice.OUT and row.outcome in (Outcome.NEW, Outcome.CHANGED)


def blocks(rows: Iterable[RawRow]) -> Iterator[list[RawRow]]:
    """The rows in blocks of `BLOCK`."""
    block: list[RawRow] = []
    for row in rows:
        block.append(row)
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block
