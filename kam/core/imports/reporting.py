"""What a dry run found, as programs read it and as it is kept with the import."""

from dataclasses import asdict
from typing import Any

from kam.core.imports.models import ImportRow, ImportRun
from kam.core.imports.plan import FileReport, Outcome, Remark, SheetReport

COUNTED = tuple(outcome for outcome in Outcome if outcome is not Outcome.ERROR)


def as_json(report: FileReport) -> dict[str, Any]:
    """The report of a file that was only looked through."""
    return {
        "import": None,
        "sheets": {
            sheet.name: {
                **_counts(sheet),
                "errors": [remark_json(remark) for remark in sheet.errors],
                "warnings": [remark_json(remark) for remark in (*sheet.general, *sheet.warnings)],
            }
            for sheet in report.sheets
        },
        "unrecognised": _untaken(report),
    }


def kept(report: FileReport) -> dict[str, Any]:
    """What an import keeps of its dry run; what was said of a row is kept with the row."""
    return {
        "sheets": {
            sheet.name: {
                **_counts(sheet),
                "wrong": sheet.counts[Outcome.ERROR],
                "general": [remark_json(remark) for remark in sheet.general],
            }
            for sheet in report.sheets
        },
        "unrecognised": _untaken(report),
        "notices": [str(notice) for notice in report.notices],
        "order": [sheet.name for sheet in report.sheets],
        "headers": {sheet.name: sheet.header_row for sheet in report.sheets},
        "columns": [asdict(header) for header in report.headers],
    }


def import_json(run: ImportRun) -> dict[str, Any]:
    """The report of a stored import, in the shape and order of `as_json`; a database may keep another order."""
    sheets = {
        name: {
            **{str(key): sheet[key] for key in ("rows", *COUNTED) if key in sheet},
            "errors": [],
            "warnings": list(sheet["general"]),
        }
        for name, sheet in run.sheets.items()
    }
    rows = ImportRow.objects.for_system().filter(run=run).order_by("pk")
    said = rows.values_list("sheet", "errors", "warnings")
    for sheet, errors, warnings in said.iterator(chunk_size=500):
        sheets[sheet]["errors"] += errors
        sheets[sheet]["warnings"] += warnings
    return {"import": run.pk, "sheets": sheets, "unrecognised": run.report["unrecognised"]}


def remark_json(remark: Remark) -> dict[str, Any]:
    """What was said of a cell."""
    return {
        "row": remark.row,
        "column": remark.column,
        "value": remark.value,
        "reason": str(remark.reason),
        "right": str(remark.right),
    }


def _counts(sheet: SheetReport) -> dict[str, int]:
    counts = {str(outcome): sheet.counts[outcome] for outcome in COUNTED}
    if not sheet.counts[Outcome.LEFT_OUT]:
        del counts[Outcome.LEFT_OUT]
    return {"rows": sheet.rows, **counts}


def _untaken(report: FileReport) -> list[dict[str, Any]]:
    return [{"sheet": sheet.name, "rows": sheet.rows, "reason": str(sheet.reason)} for sheet in report.untaken]
