"""Sheets written row by row in the layout of a register: headers, pick-lists, text that stays text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kam.core.workbooks.headers import Column, Register

LISTS_SHEET = "选项"
PICKED_ROWS = 2000
"""Rows below the last line on which the pick-lists still work."""
TEXT, AMOUNT = "@", "#,##0.00"
HEAD, HEAD_FILL = Font(bold=True), PatternFill("solid", fgColor="E8EEF7")
EXAMPLE = Font(italic=True, color="5F6B7A")
LONGEST_CELL = 32_767
NARROW, WIDE = 12, 40
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write_registers(
    target: BinaryIO,
    sheets: Sequence[tuple[Register, Iterable[Sequence[Any]]]],
    options: Mapping[str, Sequence[str]],
    *,
    examples: bool = False,
) -> None:
    """Write one sheet for each register, its lines below the headers; lines are read while they are written.

    `options` are the words to choose from, by column key. Lines that are `examples` are set apart by their look.
    """
    book = Workbook(write_only=True)
    lists: dict[str, str] = {}
    offered: list[Sequence[str]] = []
    for register, lines in sheets:
        _write_sheet(book, register, lines, options, lists, offered, EXAMPLE if examples else None)
    if offered:
        hidden = book.create_sheet(LISTS_SHEET)
        hidden.sheet_state = "hidden"
        for row in zip_longest(*offered):
            hidden.append(row)
    book.save(target)


def columns_of(register: Register) -> list[Column]:
    """The columns that are filled in: those that carry something."""
    return [column for column in register.columns if column.key not in register.passed_over]


def sheet_text(text: str) -> str:
    """Text as a sheet keeps it: without characters that XML lacks; `_x0041_` is marked so that it is not read as A."""
    return _LOOKS_ESCAPED.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL])


def text_cell(page: Any, value: Any, font: Font | None = None) -> WriteOnlyCell:
    """A cell; text stays text, whatever a spreadsheet would make of it."""
    if isinstance(value, str):
        value = sheet_text(value)
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", TEXT
    if isinstance(value, Decimal):
        cell.number_format = AMOUNT
    if font:
        cell.font = font
    return cell


def _write_sheet(
    book: Any,
    register: Register,
    lines: Iterable[Sequence[Any]],
    options: Mapping[str, Sequence[str]],
    lists: dict[str, str],
    offered: list[Sequence[str]],
    font: Font | None,
) -> None:
    page = book.create_sheet(register.title)
    page.freeze_panes = "A2"
    columns = columns_of(register)
    for place, column in enumerate(columns, 1):
        dimension = page.column_dimensions[get_column_letter(place)]
        dimension.width = min(max(NARROW, len(column.title) * 2 + 4, column.width), WIDE)
        dimension.number_format = TEXT
    page.append([_head(page, column.title) for column in columns])
    written = 1
    for line in lines:
        page.append([text_cell(page, value, font) for value in line])
        written += 1
    for place, column in enumerate(columns, 1):
        if words := options.get(column.key):
            if column.key not in lists:
                offered.append(words)
                lists[column.key] = (
                    f"{get_column_letter(len(offered))}$1:${get_column_letter(len(offered))}${len(words)}"
                )
            letter = get_column_letter(place)
            _offer(page, f"{letter}2:{letter}{written + PICKED_ROWS}", lists[column.key])


def _head(page: Any, title: str) -> WriteOnlyCell:
    cell = text_cell(page, title, HEAD)
    cell.fill = HEAD_FILL
    return cell


def _offer(page: Any, cells: str, source: str) -> None:
    """A pick-list; its words stand in the hidden sheet, for a validation itself holds only 255 characters."""
    validation = DataValidation(
        type="list",
        formula1=f"'{LISTS_SHEET}'!${source}",
        allow_blank=True,
        showErrorMessage=False,
        promptTitle=_("Choose from the list"),
    )
    validation.add(cells)
    page.data_validations.append(validation)
