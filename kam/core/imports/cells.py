"""Cells read by rules: every refusal is kept with its place, every meaning that is not the letters is shown."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import RuleError, Text
from kam.core.imports.plan import LONGEST_VALUE, PlannedRow, RawRow, Remark, SheetFrame, Understood
from kam.core.plain import plain
from kam.core.workbooks.cells import Broken, is_empty

T = TypeVar("T")


def shown_cell(value: Any) -> str:
    """A cell as a person sees it in the sheet, shortened where it is endless."""
    if isinstance(value, Broken):
        text = value.shown
    elif isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        text = value.date().isoformat()
    elif isinstance(value, float) and value.is_integer():
        text = str(int(value))
    else:
        text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


class CellReader:
    """Reads the cells of one row into its plan."""

    def __init__(self, planned: PlannedRow, raw: RawRow, frame: SheetFrame) -> None:
        self.planned, self.raw, self.frame = planned, raw, frame
        self.wrong: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the cell holds anything, an error included."""
        return not is_empty(self.raw.cells.get(key))

    def value(self, key: str) -> Any:
        """The cell, None when empty; a broken cell is reported and None."""
        value = self.raw.cells.get(key)
        if isinstance(value, Broken):
            if key not in self.wrong:
                self.refuse(key, *_broken(value))
            return None
        return None if is_empty(value) else value

    def read(self, key: str, rule: Callable[[Any], T], show: Callable[[T], str] | None = None) -> T | None:
        """What the rule makes of the cell; None when it is empty or refused. `show` says the meaning in words."""
        value = self.value(key)
        if value is None:
            return None
        try:
            meaning = rule(value)
        except RuleError as error:
            self.refuse(key, error.reason, error.right)
            return None
        if show is not None:
            self.note_meaning(key, show(meaning))
        return meaning

    def text(self, key: str, limit: int) -> str:
        """A text cell without outer blanks; numbers and dates as they are shown. Too long a text is refused."""
        value = self.value(key)
        text = "" if value is None else cell_text(value)
        if len(text) > limit:
            self.refuse(
                key,
                format_lazy(_("The text has {count} characters."), count=len(text)),
                format_lazy(_("At most {limit} characters."), limit=limit),
            )
            return ""
        return text

    def note_meaning(self, key: str, meaning: str) -> None:
        """Show what was understood, unless it is what stands there."""
        original = shown_cell(self.raw.cells.get(key))
        if meaning != original.strip():
            self.planned.understood.append(Understood(self.word(key), original, meaning))

    def refuse(self, key: str, reason: Text, right: Text = "") -> None:
        """Report a wrong cell."""
        self.wrong.add(key)
        self.planned.errors.append(self._remark(key, reason, right))

    def agrees(self, key: str, texts: Collection[str]) -> bool:
        """Whether the cell says exactly one of `texts`, which are what is stored: then nothing is wrong with it."""
        value = self.raw.cells.get(key)
        if value is None or isinstance(value, Broken) or cell_text(value) not in texts:
            return False
        if key in self.wrong:
            self.wrong.discard(key)
            self.planned.errors = [error for error in self.planned.errors if error.column != self.word(key)]
        return True

    def warn(self, key: str, reason: Text, right: Text = "") -> None:
        """Report a cell that is taken as it stands, with a doubt."""
        self.planned.warnings.append(self._remark(key, reason, right))

    def word(self, key: str) -> str:
        """The header over the column."""
        return self.frame.words.get(key, key)

    def _remark(self, key: str, reason: Text, right: Text) -> Remark:
        return Remark(self.raw.number, self.word(key), shown_cell(self.raw.cells.get(key)), reason, right)


def cell_text(value: Any) -> str:
    """Any cell as text: 5.0 → 5, a date → 2026-11-23."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(value, ".15g")
    return str(value)


def plain_text(value: Any) -> str:
    """A code or number as text in half-width characters."""
    return plain(cell_text(value))


def _broken(cell: Broken) -> tuple[Text, Text]:
    if cell.is_formula:
        return (
            _("The formula has never been calculated, so its value is unknown."),
            _("Open the workbook in Excel and save it, or enter the value itself."),
        )
    return format_lazy(_("The cell holds the error {error}."), error=cell.shown), _("Enter the value itself.")
