"""The list of visit logs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy, pgettext_lazy

from accounts.models import Account
from accounts.search import matching
from kam.core.calendar import today
from kam.core.lists import cells
from kam.core.lists.actions import Action, BuiltInView
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.page import ListPage
from kam.core.words import listed
from visits.choices import LineStatus, LogStatus, PlanStatus
from visits.filters import LogFilter, PlanFilter
from visits.models import VisitLog, VisitPlan, VisitPlanLine

SHORT = 60
"""Characters of a text that a cell shows."""


def log_url(row: Row) -> str:
    """The log's page."""
    return cells.row_url("visits:log_detail", row["pk"])


def client_name(row: Row) -> str:
    """What the client is called in short."""
    return str(row["account__short_name"] or row["account__name"])


def shortened(value: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(value.split())
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"


def met(row: Row) -> str:
    """Everybody met, in the dossier or not."""
    return str(listed(filter(None, (row["people_named"], row["others_met"]))))


def state(row: Row) -> Cell:
    """Handled, late, or filed in time."""
    if row["status"] == LogStatus.HANDLED:
        return cells.status(word(LogStatus, row["status"]), "ok")
    if row["is_late"]:
        return cells.status(_now("Filed late"), "warn")
    return cells.status(word(LogStatus, LogStatus.FILED), "info")


def next_step(row: Row) -> Cell:
    """What is to be done until when; red when the day has passed."""
    if not row["next_step"]:
        return cells.phrase("")
    if row["next_done_on"]:
        return cells.status(_now("done"), "ok")
    overdue = row["next_on"] is not None and row["next_on"] < today()
    return {
        **cells.day(row["next_on"], "bad" if overdue else "", "alert-circle" if overdue else ""),
        "sub": shortened(row["next_step"]),
    }


PLAN_TONES = {"draft": "idle", "submitted": "info", "approved": "ok", "returned": "bad"}


def plan_state(row: Row) -> Cell:
    """How far the plan is."""
    return cells.status(word(PlanStatus, row["status"]), PLAN_TONES[row["status"]])


def line_counts(user: Any, keys: Sequence[int]) -> Mapping[int, int]:
    """How many visits each plan holds, those called off left out."""
    lines = VisitPlanLine.objects.visible_to(user).filter(plan__in=keys).exclude(status=LineStatus.CANCELLED)
    return dict(lines.order_by().values_list("plan").annotate(Count("pk")))


class PlanList(ListPage):
    """Monthly visit plans (客户拜访计划表)."""

    key = "visits.visitplan"
    model = VisitPlan
    title = _("Visit plans")
    unit = npgettext_lazy("counted", "plan", "plans")
    filterset_class = PlanFilter
    default_sort = "-month"
    empty_text = _("Next month's visits are planned here.")
    primary = Action(_("Plan a month"), "visits:plan_open", "calendar-plus", ("visits.visitplan", "add"))
    secondary = (Action(_("Visits"), "visits:log_list", "map-pin", ("visits.visitlog", "view")),)
    columns = (
        Column(
            "month",
            _("Month"),
            lambda row: cells.name(
                f"{row['month']:%Y-%m}", cells.row_url("visits:plan_detail", row["pk"]), row["member__full_name"]
            ),
            reads=("month", "member__full_name"),
            sort=("month", "pk"),
            descending_first=True,
            fixed=True,
        ),
        Column(
            "member",
            _("Planned by"),
            lambda row: cells.phrase(row["member__full_name"]),
            reads=("member__full_name",),
            sort=("member__full_name", "month", "pk"),
        ),
        Column("visits", _("Visits"), lambda row: cells.number(row["visits"]), load=line_counts, numeric=True),
        Column("state", _("State"), plan_state, reads=("status",), sort=("status", "month", "pk")),
    )
    built_in_views = (BuiltInView(_("All")), BuiltInView(_("Waiting for decision"), "status=submitted"))

    def card_reads(self) -> tuple[str, ...]:
        """Whose month, how far."""
        return ("month", "member__full_name", "status")

    def card(self, row: Row) -> Card:
        """Whose month, how far."""
        return {
            "title": f"{row['month']:%Y-%m}",
            "url": cells.row_url("visits:plan_detail", row["pk"]),
            "sub": row["member__full_name"],
            "status": plan_state(row),
        }


class LogList(ListPage):
    """Visit logs (走访日志)."""

    key = "visits.visitlog"
    model = VisitLog
    title = _("Visits")
    unit = npgettext_lazy("counted", "visit", "visits")
    filterset_class = LogFilter
    default_sort = "-visit"
    search_hint = _("Client, person, what was said")
    empty_text = _("A visit is logged in the lobby, in under a minute.")
    secondary = (Action(_("Visit plans"), "visits:plan_list", "calendar-plus", ("visits.visitplan", "view")),)
    primary = Action(_("Log a visit"), "visits:log_start", "plus", ("visits.visitlog", "add"))
    columns = (
        Column(
            "visit",
            _("Visit"),
            lambda row: cells.name(client_name(row), log_url(row), cells.day_text(row["on"])),
            reads=("account__name", "account__short_name", "on"),
            sort=("on", "pk"),
            descending_first=True,
            fixed=True,
            sheet={_("Client"): lambda row: row["account__name"], _("Visited on"): lambda row: row["on"]},
        ),
        Column(
            "visitor",
            _("Visitor"),
            lambda row: cells.phrase(row["visitor__full_name"]),
            reads=("visitor__full_name",),
            sort=("visitor__full_name", "on", "pk"),
        ),
        Column(
            "met",
            _("People met"),
            lambda row: cells.text(met(row)),
            reads=("people_named", "others_met"),
            sheet={_("People met"): met},
        ),
        Column("matters", _("Matters"), lambda row: cells.text(shortened(row["matters"])), reads=("matters",)),
        Column("said", _("What the client said"), lambda row: cells.text(shortened(row["said"])), reads=("said",)),
        Column("result", _("Result"), lambda row: cells.text(shortened(row["result"])), reads=("result",), hidden=True),
        Column(
            "next",
            _("Next step"),
            next_step,
            reads=("next_step", "next_on", "next_done_on"),
            sheet={_("Next step"): lambda row: row["next_step"], _("Next step on"): lambda row: row["next_on"]},
        ),
        Column(
            "with",
            _("Companions"),
            lambda row: cells.text(row["companions_named"]),
            reads=("companions_named",),
            hidden=True,
        ),
        Column(
            "state",
            _("State"),
            state,
            reads=("status", "is_late"),
            sheet={
                _("State"): lambda row: word(LogStatus, row["status"]),
                _("Late"): lambda row: _now("late") if row["is_late"] else "",
            },
        ),
        Column(
            "handling",
            _("Handling"),
            lambda row: cells.text(shortened(row["handling"])),
            reads=("handling",),
            hidden=True,
        ),
        Column(
            "comment", _("Comment"), lambda row: cells.text(shortened(row["comment"])), reads=("comment",), hidden=True
        ),
        Column("filed", _("Filed at"), lambda row: cells.day(row["filed_at"]), reads=("filed_at",), hidden=True),
    )
    built_in_views = (
        BuiltInView(_("All")),
        BuiltInView(pgettext_lazy("visits", "Mine"), "visitor=me"),
        BuiltInView(_("To be handled"), "status=filed", ("visits.visitlog", "handle")),
        BuiltInView(_("Filed late"), "late=yes"),
    )

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the client as clients are found, or by words of the log."""
        clients = matching(Account.objects.visible_to(self.user), self.user, text).values("pk")
        words = Q(people_named__icontains=text) | Q(matters__icontains=text) | Q(said__icontains=text)
        return rows.filter(Q(account__in=clients) | words)

    def card_reads(self) -> tuple[str, ...]:
        """Where, when, who, and what was said."""
        return (
            "account__name",
            "account__short_name",
            "on",
            "visitor__full_name",
            "people_named",
            "others_met",
            "matters",
            "said",
            "status",
            "is_late",
        )

    def card(self, row: Row) -> Card:
        """Where, when, who, and what was said."""
        return {
            "title": client_name(row),
            "url": log_url(row),
            "sub": " · ".join((cells.day_text(row["on"]), row["visitor__full_name"])),
            "status": state(row),
            "facts": [{"value": met(row)}, {"value": shortened(row["said"] or row["matters"])}],
        }
