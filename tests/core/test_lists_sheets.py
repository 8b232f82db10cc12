"""Exported files: written as they are read, values as a spreadsheet wants them, limits said."""

import io
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from openpyxl import load_workbook

from kam.core.exceptions import DomainError
from kam.core.lists import sheets
from kam.core.lists.sheets import CSV, XLSX, Sheet


def lines_of(file: Any) -> list[list[Any]]:
    """The cells of a written workbook."""
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(file.read())).active.iter_rows()]


def test_numbers_days_and_moments_stay_what_they_are() -> None:
    noon = datetime(2026, 11, 23, 4, 5, 6, 789, tzinfo=UTC)
    sheet = Sheet(["a", "b", "c"], iter([[Decimal("1234.50"), date(2026, 11, 23), noon]]))
    assert lines_of(XLSX().export_data(sheet))[1] == [1234.5, datetime(2026, 11, 23), datetime(2026, 11, 23, 12, 5, 6)]
    assert sheet.written == 1
    text = CSV().export_data(Sheet(["a", "b", "c"], iter([[Decimal("1234.50"), date(2026, 11, 23), noon]]))).read()
    assert text.decode("utf-8-sig").splitlines()[1] == "1234.50,2026-11-23,2026-11-23 12:05"


def test_no_file_holds_a_formula() -> None:
    text = CSV().export_data(Sheet(["a"], iter([["=1+1"], ["＝cmd"], [" -1"], ["江州"]]))).read().decode("utf-8-sig")
    assert text.splitlines() == ["a", "'=1+1", "'＝cmd", "' -1", "江州"]
    sheet = load_workbook(XLSX().export_data(Sheet(["a"], iter([["=1+1"]])))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


def test_characters_no_workbook_holds_are_left_out() -> None:
    assert lines_of(XLSX().export_data(Sheet(["a"], iter([["江\x00州\x0b华"]]))))[1] == ["江州华"]


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with patch.object(sheets, "SHEET_ROWS", 2), pytest.raises(DomainError, match="2"):
        XLSX().export_data(Sheet(["a"], iter([[1], [2], [3]])))
    assert list(tmp_path.glob("openpyxl.*")) == []
    with patch.object(sheets, "SHEET_ROWS", 2):
        assert len(CSV().export_data(Sheet(["a"], iter([[1], [2], [3]]))).read().splitlines()) == 4


@pytest.mark.parametrize("file_format", [CSV, XLSX])
def test_lines_are_read_as_they_are_written(file_format: type[CSV] | type[XLSX]) -> None:
    held: list[int] = []

    class Line(list[Any]):
        def __del__(self) -> None:
            held.pop()

    def lines() -> Any:
        for number in range(50):
            held.append(number)
            assert len(held) <= 2
            yield Line([number])

    file_format().export_data(Sheet(["a"], lines()))
