"""Walks through a workbook: finds its registers, hands their rows to the judges, reports on everything else."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import Text
from kam.core.imports.cells import shown_cell
from kam.core.imports.plan import (
    FileReport,
    ImportContext,
    PlannedRow,
    RawRow,
    Remark,
    SheetFrame,
    SheetHeader,
    SheetKind,
    SheetReport,
    Untaken,
    blocks,
    kind_of,
    kinds,
    known_registers,
)
from kam.core.plain import squeezed
from kam.core.words import listed
from kam.core.workbooks.cells import MAX_ROWS, Row, Sheet, is_empty
from kam.core.workbooks.csv_file import open_csv
from kam.core.workbooks.headers import (
    FoundHeader,
    OwnWords,
    Register,
    find_header,
    header_in,
    header_key,
    missing_columns,
    nearest_header,
)
from kam.core.workbooks.package import Format, check_package
from kam.core.workbooks.xlsx import has_external_links, open_xlsx

EXAMPLE = "示例"
HEADING_SPAN = 2
"""A cell merged over so many more columns is a heading and no value."""
_TOTAL = re.compile(r"(?:本页)?(?:合计|总计|小计|共计|累计)(?:金额)?:?\d*[人户家个条笔]?")
_FOOTER = re.compile(
    r"(?:制表|编制|填表|填报|审核|复核|审批|批准|经办|制单|打印|统计|备注|说明|注|截至)(?:人|员|日期|时间|单位|部门)?:"
)
Sink = Callable[[PlannedRow], None]


@dataclass
class _Found:
    """A sheet that is to be taken."""

    sheet: Any
    header: FoundHeader
    kind: SheetKind
    report: SheetReport


@contextmanager
def open_workbook(path: Path, name: str) -> Iterator[list[Any]]:
    """The sheets of an .xlsx or .csv file, judged by its bytes. Raises `UnreadableFile`."""
    if check_package(path) is Format.CSV:
        yield [open_csv(path, name)]
        return
    with open_xlsx(path) as sheets:
        yield list(sheets)


def judge_file(
    path: Path,
    name: str,
    context: ImportContext,
    *,
    own_words: OwnWords | None = None,
    sink: Sink | None = None,
    with_remarks: bool = True,
) -> FileReport:
    """Judge every row of every known sheet; each judged row goes to `sink`, the counts into the report.

    Nothing stays in memory beyond a block of rows and, `with_remarks`, what was said of them. Raises `UnreadableFile`.
    """
    report = FileReport()
    with open_workbook(path, name) as sheets:
        if check_package(path) is Format.XLSX and has_external_links(path):
            report.notices.append(_("Formulas reach into other files; the values last calculated are read."))
        found = [taken for sheet in sheets if (taken := _look_at(sheet, own_words or {}, report))]
        for taken in sorted(found, key=lambda each: each.kind.order):
            for row in _judged_rows(taken, context, own_words or {}):
                taken.report.add(row, with_remarks=with_remarks)
                if sink is not None:
                    sink(row)
        report.sheets = [taken.report for taken in found]
    return report


def _look_at(sheet: Any, own_words: OwnWords, report: FileReport) -> _Found | None:
    """What the sheet holds: a register to take, or a line among those left alone."""
    header = find_header(sheet, known_registers(), own_words)
    if header is None:
        rows = sum(1 for _row in sheet.rows())
        if rows and not sheet.hidden:
            report.untaken.append(Untaken(sheet.name, rows, _why_unknown(sheet, own_words, report)))
        return None
    kind = kind_of(header.register.code)
    if sheet.hidden or kind is None:
        reason: Text = format_lazy(
            _("Recognised as {title}; this register is not taken yet."), title=header.register.title
        )
        if sheet.hidden:
            reason = _("The sheet is hidden. Show it in Excel if it is to be taken.")
        report.untaken.append(Untaken(sheet.name, sum(row.number > header.row for row in sheet.rows()), reason))
        return None
    report.headers.append(_told(sheet, header))
    return _Found(sheet, header, kind, SheetReport(sheet.name, header.register.code, header.row))


def _why_unknown(sheet: Any, own_words: OwnWords, report: FileReport) -> Text:
    """What keeps a sheet from being known; one that lacks a column only is told with the words over its columns."""
    near = nearest_header(sheet, [kind.register for kind in kinds()], own_words)
    if near is None:
        return _("No known header was found.")
    report.headers.append(_told(sheet, near))
    title, missing = near.register.title, missing_columns(near)
    if not missing:
        return format_lazy(_("It looks like {title}, but too few of its columns are known."), title=title)
    return format_lazy(_("It looks like {title}, but no column is {missing}."), title=title, missing=listed(missing))


def _told(sheet: Any, header: FoundHeader) -> SheetHeader:
    return SheetHeader(sheet.name, header.register.code, header.row, [*header.places], header.unknown)


def _judged_rows(taken: _Found, context: ImportContext, own_words: OwnWords) -> Iterator[PlannedRow]:
    """The rows of a sheet, each with its own cells beside what is said of it."""
    sheet, header, report = taken.sheet, taken.header, taken.report
    report.general += _traits(sheet, header)
    words = {column.key: column.title for column in header.register.columns} | header.words
    frame = SheetFrame(sheet.name, words, header.factors, getattr(sheet, "date_1904", False))
    judge = taken.kind.judge(context, frame)
    for block in blocks(_raw_rows(sheet, header, own_words, report)):
        for raw, row in zip(block, judge.judge(block), strict=True):
            row.cells = [(words[key], shown_cell(value)) for key, value in raw.cells.items() if not is_empty(value)]
            yield row
    if sheet.cut_at is not None:
        text = format_lazy(_("Only the first {count} rows of a sheet are read."), count=MAX_ROWS)
        report.general.append(Remark(sheet.cut_at, "", "", text, _("Divide the sheet into several files.")))
    if not report.rows:
        report.general.append(Remark(header.row, "", "", _("There is no row below the header.")))


def _raw_rows(sheet: Sheet, header: FoundHeader, own_words: OwnWords, report: SheetReport) -> Iterator[RawRow]:
    """Rows below the header; what is no row of the register is passed over and said."""
    places = dict(header.places)
    headings = {first for first, left, _last, right in sheet.traits.merged if right - left >= HEADING_SPAN}
    for row in sheet.rows():
        if row.number <= header.row:
            continue
        again = header_in(row, header.register, own_words) if _looks_like_header(row) else None
        if again is not None:
            moved = set(again.places.values())
            places = {key: index for key, index in places.items() if index not in moved} | again.places
        cells = {
            key: row.values[index] if index < len(row.values) else None
            for key, index in places.items()
            if key not in header.register.passed_over
        }
        if remark := _why_passed_over(row, cells, header, again is not None, row.number in headings):
            report.general.append(Remark(row.number, "", "", remark))
        elif any(not is_empty(value) for value in cells.values()):
            yield RawRow(row.number, cells)


def _why_passed_over(
    row: Row, cells: Mapping[str, Any], header: FoundHeader, is_header: bool, is_wide: bool
) -> Text | None:
    """Why the row is none of the register: a header, sums, a heading across the table, a signature, the example."""
    filled = [value for value in row.values if not is_empty(value)]
    first = squeezed(filled[0]) if isinstance(filled[0], str) else ""
    if is_header or (_looks_like_header(row) and header.block.issuperset(map(header_key, filled))):
        return _("The header stands here again; this row is left out.")
    if _TOTAL.fullmatch(first):
        return _("A row of sums is left out.")
    if _FOOTER.match(first):
        return _("A line below the table is left out.")
    if is_wide and len(filled) == 1:
        return _("A heading inside the table is left out.")
    if _is_example(cells, header.register):
        return _("The example row of the template is left out.")
    return None


def _looks_like_header(row: Row) -> bool:
    return all(isinstance(value, str) for value in row.values if not is_empty(value))


def _is_example(cells: Mapping[str, Any], register: Register) -> bool:
    """Whether a cell that names the row says that it is an example."""
    naming = (cells.get(key) for need in register.needs for key in need.split("|"))
    return any(isinstance(value, str) and value.lstrip().startswith(EXAMPLE) for value in naming)


def _traits(sheet: Any, header: FoundHeader) -> Iterator[Remark]:
    """What is worth knowing of the sheet before its rows."""
    if sheet.traits.hidden_columns:
        columns = str(listed(sheet.traits.hidden_columns))
        yield Remark(header.row, columns, "", _("Hidden columns are read like the others."))
    for word in header.twice:
        yield Remark(header.row, word, word, _("This column stands twice; the first one counts."))
    for word in header.unknown:
        yield Remark(
            header.row,
            word,
            word,
            _("This column is not taken."),
            _("If it is one of the register's columns, give it the register's own header."),
        )
    for key in header.register.not_yet:
        if key in header.words:
            yield Remark(header.row, header.words[key], "", _("This column is known, but not taken yet."))
