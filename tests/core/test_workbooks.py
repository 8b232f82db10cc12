"""Opening workbooks that people send: every kind of bad file gets its sentence, good ones are read cell by cell."""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kam.core.workbooks.cells import Broken
from kam.core.workbooks.csv_file import open_csv
from kam.core.workbooks.headers import Column, Register, find_header, header_factor, header_key
from kam.core.workbooks.package import OLE_HEADER, Format, UnreadableFile, check_package
from kam.core.workbooks.xlsx import has_external_links, open_xlsx


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """The sentences are proved in the words of the source."""
    with translation.override("en"):
        yield


CLIENTS = Register(
    "accounts",
    "客户档案",
    (
        Column("number", "客户编号", ("编号",)),
        Column("name", "客户名称", ("单位名称",)),
        Column("credit_limit", "信用额度", ("授信额度",)),
        Column("note", "备注"),
    ),
    needs=("name",),
)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The sentences are looked at in one language."""
    with translation.override("en"):
        yield


def saved(book: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "book.xlsx"
    book.save(path)
    return path


def rewritten(path: Path, part: str, change: tuple[bytes, bytes]) -> Path:
    """The same package with bytes of one part exchanged."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item, content.replace(*change) if item.filename == part else content)
    return target


def rows_of(path: Path, sheet: int = 0) -> list[tuple[int, tuple[object, ...]]]:
    with open_xlsx(path) as sheets:
        return [(row.number, row.values) for row in sheets[sheet].rows()]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0"),
        (OLE_HEADER + "Workbook".encode("utf-16-le"), ".xls"),
        (OLE_HEADER + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7 something", "neither"),
        (b"\x89PNG\r\n\x1a\n\x00", "neither"),
        (b"PK\x03\x04 not a zip at all", "damaged"),
    ],
)
def test_a_file_that_is_no_workbook_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "clients.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        check_package(path)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("part", "words"), [("xl/vbaProject.bin", "macros"), ("xl/workbook.bin", ".xlsb"), ("word/document.xml", "neither")]
)
def test_a_package_that_is_no_plain_workbook_is_refused(tmp_path: Path, part: str, words: str) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(part, b"x")
    with pytest.raises(UnreadableFile) as caught:
        check_package(path)
    assert words in str(caught.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"")
        for number in range(4):
            package.writestr(f"xl/worksheets/sheet{number}.xml", bytes(100 * 1024 * 1024))
    assert path.stat().st_size < 1024 * 1024
    with pytest.raises(UnreadableFile) as caught:
        check_package(path)
    assert "300 MB" in str(caught.value)


def test_values_errors_and_formulas(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["文本", 12, 3.5, datetime(2026, 11, 23), True, "=1+1", "#REF!"])
    sheet["G1"].data_type = "e"
    path = saved(book, tmp_path)
    assert check_package(path) is Format.XLSX
    assert rows_of(path) == [
        (1, ("文本", 12, 3.5, datetime(2026, 11, 23), True, Broken("=1+1", is_formula=True), Broken("#REF!")))
    ]
    cached = rewritten(path, "xl/worksheets/sheet1.xml", (b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"))
    assert rows_of(cached)[0][1][5] == 2


def test_dates_of_the_1904_system(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([datetime(2026, 11, 23)])
    assert rows_of(saved(book, tmp_path)) == [(1, (datetime(2026, 11, 23),))]


def test_merged_cells_repeat_downwards_and_hidden_things_are_noticed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["恒泽", "曹敏"], [None, "白露"], [None, "董一鸣"], [None, "外人"]):
        sheet.append(row)
    sheet.merge_cells("A1:A3")
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("旧表").sheet_state = "hidden"
    with open_xlsx(saved(book, tmp_path)) as sheets:
        assert [row.values[0] for row in sheets[0].rows()] == ["恒泽", "恒泽", "恒泽", None]
        assert sheets[0].traits.hidden_columns == ["B"]
        assert [sheet.hidden for sheet in sheets] == [False, True]


def test_what_stands_below_many_empty_rows_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["客户名称"])
    book.active.cell(30_000, 2).value = "太远"
    assert rows_of(saved(book, tmp_path)) == [(1, ("客户名称",)), (30_000, (None, "太远"))]


def test_external_links_are_noticed(tmp_path: Path) -> None:
    path = saved(openpyxl.Workbook(), tmp_path)
    assert not has_external_links(path)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/externalLinks/externalLink1.xml", "<x/>")
    assert has_external_links(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_of_excel(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(f"客户名称{delimiter}备注\r\n\r\n恒泽{delimiter}\r\n".encode(encoding))
    assert check_package(path) is Format.CSV
    assert [(row.number, row.values) for row in open_csv(path, "客户").rows()] == [
        (1, ("客户名称", "备注")),
        (3, ("恒泽", None)),
    ]


def test_a_header_is_found_wherever_it_starts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        [],
        ["大客户部客户档案"],
        [],
        ["", "编 号", "单位名称", "授信额度（万元）", "颜色", "备注：", "附注"],
        ["", 1, "恒泽"],
    ):
        sheet.append(row)
    with open_xlsx(saved(book, tmp_path)) as sheets:
        found = find_header(sheets[0], [CLIENTS], {("accounts", "note"): ["附注"]})
    assert found is not None
    assert (found.row, found.places) == (4, {"number": 1, "name": 2, "credit_limit": 3, "note": 5})
    assert found.words["name"] == "单位名称"
    assert found.factors == {"credit_limit": Decimal(10_000)}
    assert (found.twice, found.unknown) == (["附注"], ["颜色"])


def test_two_header_rows_are_read_as_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["客户编号", "客户名称", "信用", None], [None, None, "信用额度", "备注"], ["1", "恒泽", 5, "x"]):
        book.active.append(row)
    with open_xlsx(saved(book, tmp_path)) as sheets:
        found = find_header(sheets[0], [CLIENTS], {})
    assert found is not None
    assert (found.row, found.places) == (2, {"number": 0, "name": 1, "credit_limit": 2, "note": 3})


def test_words_of_headers() -> None:
    assert header_key(" 授信额度（元） ") == header_key("授信 额度:") == "授信额度"
    assert header_factor("额度(单位：万元)") == Decimal(10_000)
    assert header_factor("额度") is None
