"""`import_workbook`: a workbook judged and imported from the terminal, for people and for programs."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kam.core.calendar import now
from kam.core.exceptions import DomainError
from kam.core.imports.judging import judge_file
from kam.core.imports.models import ImportRow, ImportRun, ImportState, RowState
from kam.core.imports.plan import ImportContext
from kam.core.imports.reporting import as_json, import_json
from kam.core.imports.services import (
    import_confirm,
    import_judge,
    import_store,
    import_write,
    must_be_importer,
)
from kam.core.imports.words import own_words

COUNTS = ("rows", "new", "changed", "unchanged", "duplicate", "blocked")


class Command(BaseCommand):
    """Says of every row and cell of a workbook what comes of it, and imports the good rows unless told not to."""

    help = "Import a workbook: import_workbook clients.xlsx --dry-run --as heyun --member 卫东升=zhoumuye"
    requires_migrations_checks = True

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, in whose name, and who is meant by names that are no member's."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="write nothing, only report")
        parser.add_argument("--json", action="store_true", help="report for programs")
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="in this member's name")
        parser.add_argument("--member", action="append", default=[], metavar="姓名=USERNAME", help="who is meant")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Judge the file; every refusal is one line and exit code 1."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("%(file)s: there is no such file.") % {"file": path})
        actor = _member(options["username"], "--as") if options["username"] else None
        context = ImportContext(actor, _mapping(options["member"]))
        with override(getattr(context.actor, "language", None) or get_language()):
            try:
                if options["dry_run"]:
                    must_be_importer(actor)
                    report = judge_file(path, path.stem, context, own_words=own_words())
                    told, notices = as_json(report), report.notices
                else:
                    told, notices = self._import(path, context)
            except (DomainError, OSError) as error:
                raise CommandError(f"{path.name}: {error}") from error
            for notice in notices:
                self.stderr.write(str(notice))
            if options["json"]:
                self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            else:
                self._tell(told)

    def _import(self, path: Path, context: ImportContext) -> tuple[dict[str, Any], list[Any]]:
        """Judge and write the file, as a worker does for the page; the report, and what is to be known of the file."""
        run = import_store(path=path, name=path.name, actor=context.actor, members=context.members)
        run = import_judge(run_pk=run.pk, actor=context.actor, clock=now)
        if run.state != ImportState.JUDGED:
            raise CommandError(f"{path.name}: {run.error}")
        import_confirm(run_pk=run.pk, actor=context.actor)
        import_write(run_pk=run.pk, actor=context.actor, clock=now)
        self._tell_refused(run)
        return import_json(run), run.report["notices"]

    def _tell_refused(self, run: ImportRun) -> None:
        """Refused rows, and what was put up for approval, go to standard error."""
        rows = ImportRow.objects.for_system().filter(run=run).exclude(state=RowState.OPEN).exclude(remark="")
        for row in rows:
            self.stderr.write(f"{row.sheet} {row.row}: {row.get_state_display()} · {row.remark}")

    def _tell(self, told: dict[str, Any]) -> None:
        for name, sheet in told["sheets"].items():
            counts = " · ".join(f"{key} {sheet[key]}" for key in COUNTS)
            wrong = len({remark["row"] for remark in sheet["errors"]})
            self.stdout.write(f"{name}: {counts} · wrong {wrong}")
            for remark in (*sheet["errors"], *sheet["warnings"]):
                place = f"  {remark['row']} {remark['column']}".rstrip()
                self.stdout.write(f"{place}: {remark['value']} | {remark['reason']} {remark['right']}".rstrip())
        for untaken in told["unrecognised"]:
            self.stdout.write(f"{untaken['sheet']}: {untaken['rows']} | {untaken['reason']}")


def _member(username: str, option: str) -> Any:
    """The present member who signs in by that name."""
    member = get_user_model().objects.for_system().filter(username=username.strip().lower(), is_active=True).first()
    if member is None:
        text = _("%(option)s: nobody present signs in as “%(name)s”.")
        raise CommandError(text % {"option": option, "name": username})
    return member


def _mapping(pairs: list[str]) -> dict[str, str]:
    """Sign-in names by the names that stand in the file."""
    mapping = {}
    for pair in pairs:
        name, sign, username = pair.partition("=")
        if not sign or not name.strip():
            raise CommandError(_("--member: write 姓名=USERNAME, not “%(pair)s”.") % {"pair": pair})
        mapping[name.strip()] = _member(username, "--member").username
    return mapping
