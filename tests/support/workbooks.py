"""Workbooks made by hand, part by part, as no library would write them."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
HIDDEN = ' state="hidden"'
HEADER = ("客户名称", "客户类别", "客户经理", "信用额度", "账期")
GOOD = ("江州大学", "学校", "卫东升", "5万", "30天")


def inline(place: str, text: str) -> str:
    """A cell that carries its own text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, values: Iterable[str]) -> str:
    """A row of texts from column A on; a value that begins with < is a cell's own markup."""
    cells = "".join(
        value if value.startswith("<") else inline(f"{chr(ord('A') + place)}{number}", value)
        for place, value in enumerate(values)
        if value
    )
    return f'<row r="{number}">{cells}</row>'


def sheet(*rows: str, before: str = "", after: str = "", declaration: str = "") -> str:
    """The markup of a sheet part."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{declaration}<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{''.join(rows)}</sheetData>{after}</worksheet>"
    )


def good_sheet() -> str:
    """A sheet with one good client."""
    return sheet(row(1, HEADER), row(2, GOOD))


def package(
    path: Path,
    sheets: Mapping[str, str],
    *,
    more: Mapping[str, bytes] | None = None,
    texts: bool = False,
    workbook: str = "",
    hidden: Iterable[str] = (),
) -> Path:
    """Write a workbook of these sheets, by name; `more` are further parts, `workbook` stands before the sheets."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{place}" r:id="rId{place}"{HIDDEN if name in hidden else ""}/>'
        for place, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{place}" Type="{LINKS}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="rIdS" Type="{LINKS}/styles" Target="styles.xml"/>'
    if texts:
        links += f'<Relationship Id="rIdT" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.writestr("[Content_Types].xml", f'<Types xmlns="{TYPES}"/>')
        target.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{workbook}<sheets>{listed}</sheets></workbook>',
        )
        target.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE_LINKS}">{links}</Relationships>')
        target.writestr("xl/styles.xml", STYLES)
        for place, markup in enumerate(sheets.values(), 1):
            target.writestr(f"xl/worksheets/sheet{place}.xml", markup)
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return path


STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/></cellXfs>'
    "</styleSheet>"
)
"""Style 1 is a day, style 2 a day as a Chinese Excel writes it, by number alone."""


def stream_into(path: Path, part: str, pieces: Iterable[bytes]) -> Path:
    """Add a part to the workbook piece by piece, so that a huge one needs no memory here either."""
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
        target.open(part, "w", force_zip64=True) as stream,
    ):
        for piece in pieces:
            stream.write(piece)
    return path
