"""One's own large exports: where they stand, and their files."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy

from kam.core.exports.models import ExportRun, ExportState
from kam.core.lists import cells
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.filters import AnyOf, ListFilter
from kam.core.lists.page import ListPage

TONES = {ExportState.DONE: "ok", ExportState.FAILED: "bad", ExportState.CANCELLED: "idle"}


class ExportRunFilter(ListFilter):
    """State."""

    state = AnyOf(label=_("State"), choices=ExportState.choices)

    class Meta:
        model = ExportRun
        fields: list[str] = []


def state(row: Row) -> Cell:
    """Where the export stands."""
    return cells.status(word(ExportState, row["state"]), TONES.get(row["state"], "info"))


class ExportRunList(ListPage):
    """Exports that a worker writes, each for whoever asked for it alone."""

    key = "core.exportrun"
    model = ExportRun
    title = _("Large exports")
    unit = npgettext_lazy("counted", "export", "exports")
    filterset_class = ExportRunFilter
    default_sort = "-at"
    empty_text = _("Exports of more than 5,000 rows are written in the background and found here.")
    columns = (
        Column(
            "what",
            _("What"),
            lambda row: cells.name(row["title"], cells.row_url("core:export_detail", row["pk"])),
            reads=("title",),
            fixed=True,
        ),
        Column("state", _("State"), state, reads=("state",)),
        Column("rows", _("Rows"), lambda row: cells.number(row["done"]), reads=("done",), numeric=True),
        Column("format", _("Format"), lambda row: cells.phrase(row["file_format"]), reads=("file_format",)),
        Column(
            "at",
            _("When"),
            lambda row: cells.phrase(cells.moment_text(row["created_at"])),
            reads=("created_at",),
            sort=("pk",),
            descending_first=True,
        ),
    )

    def card_reads(self) -> tuple[str, ...]:
        """What, when, where it stands."""
        return ("title", "created_at", "state", "done")

    def card(self, row: Row) -> Card:
        """What, when, where it stands."""
        return {
            "title": row["title"],
            "url": cells.row_url("core:export_detail", row["pk"]),
            "sub": cells.moment_text(row["created_at"]),
            "status": state(row),
            "facts": [{"label": _("Rows"), "value": row["done"]}],
        }
