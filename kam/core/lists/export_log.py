"""The list of exports: who took what out of the house."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy

from kam.core.lists import cells
from kam.core.lists.actions import Action
from kam.core.lists.cells import Card
from kam.core.lists.columns import Column, Row
from kam.core.lists.filters import AnyOf, ListFilter
from kam.core.lists.page import ListPage
from kam.core.models import ExportLog


class ExportLogFilter(ListFilter):
    """Format, and when."""

    file_format = AnyOf(label=_("Format"), choices=ExportLog.Format.choices)
    at = django_filters.DateFromToRangeFilter(label=_("When"), field_name="created_at")

    class Meta:
        model = ExportLog
        fields: list[str] = []


class ExportLogList(ListPage):
    """Exports: all of them for director and clerk, one's own for an account manager."""

    key = "core.exportlog"
    model = ExportLog
    title = _("Exports")
    unit = npgettext_lazy("counted", "export", "exports")
    filterset_class = ExportLogFilter
    default_sort = "-at"
    secondary = (Action(_("Large exports"), "core:export_run_list", "download", ("core.exportrun", "view")),)
    empty_text = _("Every export of a list is written down here.")
    columns = (
        Column(
            "at",
            _("When"),
            lambda row: cells.phrase(cells.moment_text(row["created_at"])),
            reads=("created_at",),
            sort=("created_at", "pk"),
            descending_first=True,
        ),
        Column("actor", _("Who"), lambda row: cells.phrase(row["actor__full_name"]), reads=("actor__full_name",)),
        Column("what", _("What"), lambda row: cells.phrase(row["title"]), reads=("title",)),
        Column("rows", _("Rows"), lambda row: cells.number(row["rows"]), reads=("rows",), numeric=True),
        Column("format", _("Format"), lambda row: cells.phrase(row["file_format"]), reads=("file_format",)),
        Column("columns", _("Columns"), lambda row: cells.text(row["columns"]), reads=("columns",)),
        Column("query", _("Conditions"), lambda row: cells.text(row["query"]), reads=("query",), hidden=True),
    )

    def card_reads(self) -> tuple[str, ...]:
        """What, who, when, how many."""
        return ("title", "actor__full_name", "created_at", "rows")

    def card(self, row: Row) -> Card:
        """What was taken, by whom and when."""
        sub = f"{row['actor__full_name']} · {cells.moment_text(row['created_at'])}"
        return {"title": row["title"], "url": "", "sub": sub, "facts": [{"label": _("Rows"), "value": row["rows"]}]}
