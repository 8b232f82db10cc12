"""Every kind of bad file that people bring to an import, really made, each with what the clerk is told."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from kam.core.workbooks.package import ENCRYPTED_PART, OLE_HEADER
from tests.support.workbooks import GOOD, HEADER, MAIN, good_sheet, package, row, sheet, stream_into

MB = 1024 * 1024
LAUGHS = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)
LAUGHS += "]>"
NEITHER = "不是 .xlsx 工作簿"
DAMAGED = "已损坏"


@dataclass(frozen=True)
class Bad:
    """A file: its name, how it is made, and words of what is said of it."""

    name: str
    make: Callable[[Path], object]
    said: str


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _truncated(path: Path) -> None:
    package(path, {"客户": good_sheet()})
    path.write_bytes(path.read_bytes()[:-300])


def _with(name: str, content: bytes = b"x") -> Callable[[Path], object]:
    return lambda path: package(path, {"客户": good_sheet()}, more={name: content})


def _word_document(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("word/document.xml", "<document/>")


def _bomb(path: Path) -> None:
    package(path, {"客户": good_sheet()})
    for number in range(4):
        stream_into(path, f"xl/worksheets/more{number}.xml", repeat(bytes(MB), 100))


def _locked_parts(path: Path) -> None:
    package(path, {"客户": good_sheet()})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 1)
    path.write_bytes(bytes(content))


def _huge_texts(path: Path) -> None:
    package(path, {"客户": good_sheet()}, texts=True)
    start = f'<sst xmlns="{MAIN}">'.encode()
    stream_into(path, "xl/sharedStrings.xml", [start, *repeat(b"<si><t>abc</t></si>" * 55_000, 200), b"</sst>"])


def _of_markup(markup: str) -> Callable[[Path], object]:
    return lambda path: package(path, {"客户": markup})


def _laughing_texts(path: Path) -> None:
    texts = f'<?xml version="1.0"?>{LAUGHS}<sst xmlns="{MAIN}"><si><t>&j;</t></si></sst>'
    package(path, {"客户": good_sheet()}, texts=True, more={"xl/sharedStrings.xml": texts.encode()})


def _endless_cell(path: Path) -> None:
    package(path, {})
    start = sheet(row(1, HEADER)).replace("</sheetData></worksheet>", '<row r="2"><c r="A2" t="inlineStr"><is><t')
    _replace_sheet(path, [start.encode(), *repeat(b" " * MB, 200), b"></t></is></c></row></sheetData></worksheet>"])


def _endless_row(path: Path) -> None:
    start = sheet(row(1, HEADER)).replace("</sheetData></worksheet>", '<row r="2">')
    cells = b"<c><v>1</v></c>" * 70_000
    _replace_sheet(path, [start.encode(), *repeat(cells, 100), b"</row></sheetData></worksheet>"])


def _replace_sheet(path: Path, pieces: list[bytes]) -> None:
    """A workbook whose one sheet is these pieces."""
    whole = path.with_suffix(".whole")
    package(whole, {"客户": ""})
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for item in old.infolist():
            if "worksheets" not in item.filename:
                new.writestr(item.filename, old.read(item))
    whole.unlink()
    stream_into(path, "xl/worksheets/sheet1.xml", pieces)


def _missing_sheet(path: Path) -> None:
    package(path, {"客户": good_sheet()}, workbook='<sheets><sheet name="没有" sheetId="9" r:id="rId9"/></sheets>')


def _many_sheets(path: Path) -> None:
    package(path, {f"表{number}": sheet() for number in range(1001)})


AT_ONCE = (
    Bad("空的.xlsx", _bytes(b""), "0 字节"),
    Bad("旧的.xls", _bytes(OLE_HEADER + b"\0" * 600 + "Workbook".encode("utf-16-le")), ".xls"),
    Bad("加密.xlsx", _bytes(OLE_HEADER + b"\0" * 600 + ENCRYPTED_PART), "密码"),
    Bad("加密的部分.xlsx", _locked_parts, "密码"),
    Bad("别的.xlsx", _bytes(OLE_HEADER + b"\0" * 600), NEITHER),
    Bad("宏.xlsm", _with("xl/vbaProject.bin"), "宏"),
    Bad("二进制.xlsb", _with("xl/workbook.bin"), ".xlsb"),
    Bad("图.xlsx", _bytes(b"\x89PNG\r\n\x1a\n" + bytes(100)), NEITHER),
    Bad("文件.csv", _bytes(b"%PDF-1.7\n"), NEITHER),
    Bad("程序.csv", _bytes(b"\x7fELF" + bytes(100)), NEITHER),
    Bad("网页.xls", _bytes("\ufeff\r\n<html><table><tr><td>客户名称</td></tr></table></html>".encode()), "网页"),
    Bad("信.docx", _word_document, NEITHER),
    Bad("半个.xlsx", _truncated, DAMAGED),
    Bad("炸弹.xlsx", _bomb, "300 MB"),
)
"""Refused when they are brought."""

WHEN_READ = (
    Bad("文字太多.xlsx", _huge_texts, "60 MB"),
    Bad("标签不全.xlsx", _of_markup(good_sheet()[:-40]), DAMAGED),
    Bad("不是标记.xlsx", _of_markup("客户名称"), DAMAGED),
    Bad("字数错.xlsx", _of_markup(sheet(row(1, HEADER), '<row r="2"><c r="A2"><v>一百</v></c></row>')), DAMAGED),
    Bad("没有文字.xlsx", _of_markup(sheet(row(1, HEADER), '<row r="2"><c r="A2" t="s"><v>9</v></c></row>')), DAMAGED),
    Bad("行号错.xlsx", _of_markup(sheet('<row r="一"><c r="A1"><v>1</v></c></row>')), DAMAGED),
    Bad("大笑.xlsx", _of_markup(sheet(row(1, (*HEADER, "&j;")), declaration=LAUGHS)), DAMAGED),
    Bad("文字大笑.xlsx", _laughing_texts, DAMAGED),
    Bad("没有表.xlsx", _missing_sheet, DAMAGED),
    Bad("无尽单元格.xlsx", _endless_cell, DAMAGED),
    Bad("无尽行.xlsx", _endless_row, DAMAGED),
    Bad("太多表.xlsx", _many_sheets, "1000"),
    Bad("乱码.csv", _bytes("客户名称,备注\n".encode() + b"\xff\xfe\xfa\xff\n"), "国标"),
    Bad("引号.csv", _bytes(b'\xef\xbb\xbf"' + b"a,b\n" * 60_000), "引号"),
    Bad("空字符.csv", _bytes(b"a,b\n" * 30_000 + b"\0,\n"), NEITHER),
)
"""Refused by whoever looks through them."""


def _million_rows(path: Path) -> None:
    start = sheet(row(1, HEADER), row(2, GOOD)).replace("</sheetData></worksheet>", "")
    blocks = ("".join(_formatted(number) for number in range(at, at + 10_000)) for at in range(3, 1_000_000, 10_000))
    pieces = (start, *blocks, "</sheetData></worksheet>")
    _replace_sheet(path, [piece.encode() for piece in pieces])


def _formatted(number: int) -> str:
    return f'<row r="{number}" s="1" customFormat="1"><c r="A{number}" s="1"/><c r="B{number}" s="1"/></row>'


def _far_corner(path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    package(path, {"客户": sheet(row(1, HEADER), row(2, GOOD), far, before='<dimension ref="A1:XFD1048576"/>')})


def _thousand_sheets(path: Path) -> None:
    package(path, {**{f"表{number}": sheet(row(1, ["x"])) for number in range(999)}, "客户": good_sheet()})


def _merged_whole(path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="G1:XFD1048576"/></mergeCells>'
    package(path, {"客户": sheet(row(1, HEADER), row(2, GOOD), after=merged)})


def _hidden(path: Path) -> None:
    columns = '<cols><col min="4" max="5" hidden="1"/></cols>'
    package(path, {"客户": sheet(row(1, HEADER), row(2, GOOD), before=columns), "旧": good_sheet()}, hidden=("旧",))


def _two_headers(path: Path) -> None:
    package(path, {"客户": sheet(row(1, (*HEADER[:3], "信用")), row(2, ("", "", "", *HEADER[3:])), row(3, GOOD))})


def _external(path: Path) -> None:
    links = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    package(path, {"客户": good_sheet()}, more=links)


def _cells(*cells: str) -> Callable[[Path], object]:
    """One row with these cells in place of the good ones."""
    return _of_markup(sheet(row(1, HEADER), row(2, (*cells, *GOOD[len(cells) :]))))


def _csv(text: str, encoding: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text.encode(encoding))


def _lines(delimiter: str) -> str:
    return "".join(delimiter.join(values) + "\r\n" for values in (HEADER, GOOD))


READ = (
    Bad("百万空行.xlsx", _million_rows, ""),
    Bad("天边.xlsx", _far_corner, "100000"),
    Bad("一千张表.xlsx", _thousand_sheets, "没有找到认得的表头"),
    Bad("整列合并.xlsx", _merged_whole, ""),
    Bad("隐藏.xlsx", _hidden, "隐藏"),
    Bad("两行表头.xlsx", _two_headers, ""),
    Bad("外部.xlsx", _external, "其他文件"),
    Bad("改名.csv", _of_markup(good_sheet()), ""),
    Bad("改名.xlsx", _csv(_lines(","), "utf-8"), ""),
    Bad("国标.csv", _csv(_lines(","), "gbk"), ""),
    Bad("带标记.csv", _csv(_lines(","), "utf-8-sig"), ""),
    Bad("分号.csv", _csv(_lines(";"), "utf-8"), ""),
    Bad("制表符.txt", _csv(_lines("\t"), "utf-16"), ""),
    Bad("逗号多.csv", _csv(_lines(";").replace("5万", "50,000.00"), "gbk"), ""),
    Bad("换行.csv", _csv(_lines(",").replace("江州大学", '"江州\n大学"'), "utf-8"), ""),
    Bad("有值的公式.xlsx", _cells("江州大学", "学校", "卫东升", '<c r="D2"><f>5*10000</f><v>50000</v></c>'), ""),
    Bad("文字里的数.xlsx", _cells("江州大学", "学校", "卫东升", "５0000"), "50,000.00"),
    Bad("没有宏.xlsm", _of_markup(good_sheet()), ""),
)
"""Read, with one good client in each; of some something is said."""

WRONG_CELL = (
    Bad("没算过的公式.xlsx", _cells("江州大学", "学校", "卫东升", '<c r="D2"><f>5*10000</f></c>'), "没有计算结果"),
    Bad("错误.xlsx", _cells("江州大学", "学校", "卫东升", '<c r="D2" t="e"><v>#REF!</v></c>'), "#REF!"),
    Bad("无穷.xlsx", _cells("江州大学", "学校", "卫东升", '<c r="D2"><v>1E999</v></c>'), "#VALUE!"),
    Bad("非数.xlsx", _cells("江州大学", "学校", "卫东升", '<c r="D2"><v>-1e999</v></c>'), "#VALUE!"),
    Bad("天文数字.xlsx", _cells("江州大学", "学校", "卫东升", f'<c r="D2"><v>{"9" * 5000}</v></c>'), "#VALUE!"),
    Bad("很长.xlsx", _cells("字" * 32_767), "32767"),
    Bad("太长.xlsx", _cells("字" * 200_000), "40000"),
    Bad("数当名.xlsx", _cells("江州大学", '<c r="B2"><v>20261123</v></c>'), "20261123"),
)
"""Read, with one wrong cell in each."""

NO_ROWS = (
    Bad("只有表头.xlsx", _of_markup(sheet(row(1, HEADER))), "表头下没有"),
    Bad("没有台账.xlsx", _of_markup(sheet(row(1, ("甲", "乙")))), "没有找到认得的表头"),
    Bad("文章.csv", _csv("今天天气很好，\n我们去走访客户。\n", "utf-8"), "没有找到认得的表头"),
    Bad("数据.csv", _csv('{"a": [1, 2]}', "utf-8"), "没有找到认得的表头"),
    Bad("空表.xlsx", _of_markup(sheet()), ""),
)
"""Read, with nothing in them to import."""
