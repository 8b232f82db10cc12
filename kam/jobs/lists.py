"""The list of runs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, npgettext_lazy

from kam.core.lists import cells
from kam.core.lists.actions import BuiltInView
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.page import ListPage
from kam.jobs.choices import RunState
from kam.jobs.filters import JobRunFilter
from kam.jobs.models import JobRun
from kam.jobs.selectors import TONES, did, job_title, took


def state(row: Row) -> Cell:
    """Where the run stands."""
    return cells.status(word(RunState, row["state"]), TONES.get(row["state"], "idle"))


def result(row: Row) -> str:
    """What the run did."""
    return did(row["job"], row["counts"], row["state"])


def missed(row: Row) -> str:
    """How many periods before it were not made up for."""
    number: int = row["missed"]
    return ngettext("%(n)s period missed", "%(n)s periods missed", number) % {"n": number} if number else ""


class JobRunList(ListPage):
    """Runs of scheduled jobs: when they ran and what they did (N3)."""

    key = "jobs.jobrun"
    model = JobRun
    title = _("Runs of scheduled jobs")
    unit = npgettext_lazy("counted", "run", "runs")
    filterset_class = JobRunFilter
    default_sort = "-due"
    empty_text = _("A run is written down here when its time has come.")
    template_name = "people/list.html"
    columns = (
        Column(
            "job",
            _("Job"),
            lambda row: cells.name(job_title(row["job"]), cells.row_url("jobs:run_detail", row["pk"]), row["period"]),
            reads=("job", "period"),
            sort=("job", "due_at", "pk"),
            fixed=True,
        ),
        Column(
            "due",
            _("Due at"),
            lambda row: cells.phrase(cells.moment_text(row["due_at"])),
            reads=("due_at",),
            sort=("due_at", "pk"),
            descending_first=True,
        ),
        Column("state", _("State"), state, reads=("state",), sort=("state", "due_at", "pk")),
        Column("did", _("What it did"), lambda row: cells.text(result(row), missed(row)), reads=("counts", "missed")),
        Column(
            "started",
            _("Started at"),
            lambda row: cells.phrase(cells.moment_text(row["started_at"])),
            reads=("started_at",),
        ),
        Column(
            "took",
            _("Took"),
            lambda row: cells.phrase(took(row["started_at"], row["finished_at"])),
            reads=("started_at", "finished_at"),
        ),
    )
    built_in_views = (BuiltInView(_("All")), BuiltInView(_("Failed"), "state=failed"))

    def card_reads(self) -> tuple[str, ...]:
        """Which job, when, how it went."""
        return ("job", "due_at", "state", "counts", "missed")

    def card(self, row: Row) -> Card:
        """Which job, when, how it went."""
        facts: list[Any] = [{"value": text} for text in (result(row), missed(row)) if text]
        return {
            "title": job_title(row["job"]),
            "url": cells.row_url("jobs:run_detail", row["pk"]),
            "sub": cells.moment_text(row["due_at"]),
            "status": state(row),
            "facts": facts,
        }
