"""The empty workbook that can be filled in and imported: pick-lists as validations, one filled example row."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from accounts.imports.registers import CLIENTS, CONTACTS
from kam.core.workbooks.headers import Register

ROWS = 2000
"""Rows on which the pick-lists work."""
LISTS = {
    "kind": ("联盟商户", "企业", "职能部门", "连锁卖场", "学校图书馆"),
    "grade": ("A", "B", "C", "D"),
    "gender": ("男", "女"),
    "calendar": ("公历", "农历"),
}
TEXT = "@"
EXAMPLES: dict[str, dict[str, str]] = {
    CLIENTS.code: {
        "name": "示例：江州恒泽商业有限公司",
        "short_name": "恒泽商业",
        "kind": "连锁卖场",
        "credit_code": "914403001922038216",
        "province": "江苏",
        "city": "南京",
        "address": "南京市中山路1号",
        "industry": "家电零售",
        "grade": "A",
        "credit_limit": "50万",
        "term": "月结60天",
        "bank": "农业银行 5750040793379156",
    },
    CONTACTS.code: {
        "account": "示例：江州恒泽商业有限公司",
        "name": "王敏",
        "gender": "女",
        "unit_name": "采购部",
        "post": "经理",
        "mobile": "139 0555 2741",
        "email": "wangmin@example.com",
        "birthday": "八月十五",
        "calendar": "农历",
        "preferences": "素食",
    },
}


def write_template(target: Path, managers: list[str]) -> None:
    """Write the workbook; `managers` are the names offered for the account manager."""
    book = Workbook()
    book.remove(book.active)
    lists = book.create_sheet("选项")
    lists.sheet_state = "hidden"
    for register in (CLIENTS, CONTACTS):
        _write_register(book, lists, register, managers)
    book.move_sheet(lists, offset=2)
    book.active = 0
    book.save(target)


def _write_register(book: Any, lists: Any, register: Register, managers: list[str]) -> None:
    page = book.create_sheet(register.title)
    columns = [column for column in register.columns if column.key not in register.passed_over]
    example = EXAMPLES[register.code] | ({"owner": managers[0]} if managers else {})
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        head = page.cell(1, place, column.title)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="E8EEF7")
        page.cell(2, place, example.get(column.key)).font = Font(italic=True, color="5F6B7A")
        page.column_dimensions[letter].width = max(12, len(column.title) * 2 + 4)
        page.column_dimensions[letter].number_format = TEXT
        options = LISTS.get(column.key) or (tuple(managers) if column.key == "owner" else ())
        if options:
            _offer(page, lists, letter, options)
    page.cell(1, 1).alignment = Alignment(horizontal="left")
    page.freeze_panes = "A2"


def _offer(page: Any, lists: Any, letter: str, options: tuple[str, ...]) -> None:
    """A pick-list on the column; its words stand in the hidden sheet, for a validation holds only 255 characters."""
    place = lists.max_column + 1 if lists.cell(1, 1).value else 1
    for row, option in enumerate(options, 1):
        lists.cell(row, place, option)
    source = get_column_letter(place)
    validation = DataValidation(
        type="list",
        formula1=f"'{lists.title}'!${source}$1:${source}${len(options)}",
        allow_blank=True,
        showErrorMessage=False,
        promptTitle=_("Choose from the list"),
    )
    validation.add(f"{letter}2:{letter}{ROWS}")
    page.add_data_validation(validation)
