"""`jobs`: every scheduled job with its last and next run."""

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from kam.core.calendar import now
from kam.core.lists.cells import moment_text
from kam.jobs.liveness import silence
from kam.jobs.selectors import JobRow, all_job_rows

GAP = "  "


class Command(BaseCommand):
    """One line a job: code, title, rhythm, last run, next run, state."""

    help = "List the scheduled jobs with their last and next runs."
    requires_migrations_checks = True

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the table, columns aligned."""
        heading = (_("Code"), _("Job"), _("Runs"), _("Last run"), _("Next run"), _("State"))
        lines = [heading, *(_line(row) for row in all_job_rows(now=now()))]
        widths = [max(_width(line[column]) for line in lines) for column in range(len(heading))]
        for line in lines:
            cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
            self.stdout.write(GAP.join(cells).rstrip())
        if stands_still := silence(now=now()):
            self.stderr.write(f"{stands_still.text} {stands_still.seen} {stands_still.remedy}")


def _line(row: JobRow) -> tuple[str, ...]:
    last = moment_text(row.last.run.due_at) if row.last else "–"
    state = f"{row.mark.word} {row.last.did}" if row.last and row.last.did else row.mark.word
    return row.job.code, str(row.job.title), row.rhythm, last, moment_text(row.next_at) or "–", state


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
