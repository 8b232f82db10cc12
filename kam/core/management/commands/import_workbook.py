"""`import_workbook`: the dry run of a workbook on the terminal, for people and for programs."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language, override

from kam.core.exceptions import DomainError
from kam.core.imports.judging import as_json, judge_file
from kam.core.imports.plan import FileReport, ImportContext


class Command(BaseCommand):
    """Says of every row and cell of a workbook what an import would make of it."""

    help = "Judge a workbook: import_workbook clients.xlsx --dry-run --as heyun --member 卫东升=zhoumuye"
    requires_migrations_checks = True

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, in whose name, and who is meant by names that are no member's."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", required=True, help="write nothing, only report")
        parser.add_argument("--json", action="store_true", help="report for programs")
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="in this member's name")
        parser.add_argument("--member", action="append", default=[], metavar="姓名=USERNAME", help="who is meant")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Judge the file; every refusal is one line and exit code 1."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: there is no such file.")
        context = ImportContext(_member(options["username"]), _mapping(options["member"]))
        with override(getattr(context.actor, "language", None) or get_language()):
            try:
                report = judge_file(path, path.stem, context)
            except DomainError as error:
                raise CommandError(f"{path.name}: {error}") from error
            if options["json"]:
                self.stdout.write(json.dumps(as_json(report, None), ensure_ascii=False, indent=1))
            else:
                self._tell(report)

    def _tell(self, report: FileReport) -> None:
        for notice in report.notices:
            self.stdout.write(str(notice))
        for sheet in report.sheets:
            counts = " · ".join(f"{outcome} {number}" for outcome, number in sheet.counts.items())
            self.stdout.write(f"{sheet.name}: {sheet.rows} · {counts}")
            for remark in (*sheet.errors, *sheet.warnings):
                place = f"  {remark.row} {remark.column}".rstrip()
                self.stdout.write(f"{place}: {remark.value} | {remark.reason} {remark.right}".rstrip())
        for untaken in report.untaken:
            self.stdout.write(f"{untaken.name}: {untaken.rows} | {untaken.reason}")


def _member(username: str) -> Any:
    """The member in whose name the import runs; None, the system, when none is given."""
    if not username:
        return None
    member = get_user_model().objects.for_system().filter(username=username.strip().lower(), is_active=True).first()
    if member is None:
        raise CommandError(f"--as: nobody present signs in as “{username}”.")
    return member


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        name, sign, username = pair.partition("=")
        if not sign or not name.strip():
            raise CommandError(f"--member: write 姓名=USERNAME, not “{pair}”.")
        mapping[name.strip()] = _member(username or " ").username
    return mapping
