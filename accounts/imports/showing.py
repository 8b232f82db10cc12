"""What the pages of an import show."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kam.core.imports.models import LONGEST_WORD, HeaderWord, ImportRow, ImportRun, ImportState
from kam.core.imports.plan import Outcome, kind_of
from kam.core.imports.words import nameable_columns
from kam.core.scoping import Reach, reach
from kam.people.choices import Role
from kam.people.models import Member

PAGE = 25
AT_WORK = (ImportState.UPLOADED, ImportState.JUDGING, ImportState.CONFIRMED, ImportState.WRITING)
WORDS = {
    Outcome.NEW: gettext_lazy("New"),
    Outcome.CHANGED: gettext_lazy("Changed"),
    Outcome.UNCHANGED: gettext_lazy("Unchanged"),
    Outcome.DUPLICATE: gettext_lazy("Duplicate"),
    Outcome.BLOCKED: gettext_lazy("Blocked"),
    Outcome.ERROR: gettext_lazy("Wrong"),
}
TONES = {
    Outcome.NEW: "ok",
    Outcome.CHANGED: "info",
    Outcome.UNCHANGED: "idle",
    Outcome.DUPLICATE: "idle",
    Outcome.BLOCKED: "warn",
    Outcome.ERROR: "bad",
}
STATE_TONES = {ImportState.DONE: "ok", ImportState.FAILED: "bad", ImportState.JUDGED: "warn"}


@dataclass(frozen=True)
class Choice:
    """One filter of the rows: its word, how many, and whether it is chosen."""

    word: Any
    count: int
    query: str
    chosen: bool


def tone_of(run: ImportRun) -> str:
    """The tone in which the state is shown."""
    if run.state in AT_WORK:
        return "info"
    return STATE_TONES.get(ImportState(run.state), "idle")


def sheets_of(run: ImportRun) -> list[dict[str, Any]]:
    """The counts of each sheet, in the order of the file."""
    rows = []
    for name, sheet in run.sheets.items():
        wrong = len({remark["row"] for remark in sheet["errors"]})
        counts = [
            {"word": WORDS[outcome], "count": wrong if outcome is Outcome.ERROR else sheet[outcome]}
            for outcome in Outcome
        ]
        general = [remark for remark in sheet["warnings"] if not remark["value"]]
        rows.append({"name": name, "rows": sheet["rows"], "counts": counts, "general": general[:10]})
    return rows


def rows_of(run: ImportRun, user: Any) -> QuerySet[ImportRow]:
    """The rows that the member may see; those of an import follow it."""
    return ImportRow.objects.visible_to(user).filter(run=run)


def found_rows(run: ImportRun, user: Any, asked: Any) -> dict[str, Any]:
    """The rows of one outcome on one page, and the filters above them."""
    rows = rows_of(run, user)
    counts = {outcome: rows.filter(outcome=outcome).count() for outcome in Outcome}
    shown = asked.get("show", "")
    if shown not in {*counts, "all"}:
        shown = Outcome.ERROR if counts[Outcome.ERROR] else "all"
    filters = [Choice(_("All rows"), sum(counts.values()), "show=all", shown == "all")]
    filters += [
        Choice(WORDS[outcome], count, f"show={outcome}", shown == outcome) for outcome, count in counts.items() if count
    ]
    chosen = rows if shown == "all" else rows.filter(outcome=shown)
    text = asked.get("row", "").strip()
    if text.isdecimal():
        chosen = chosen.filter(row=int(text))
    page = Paginator(chosen.order_by("pk"), PAGE).get_page(asked.get("page"))
    for row in page:
        row.word, row.tone = WORDS[Outcome(row.outcome)], TONES[Outcome(row.outcome)]  # type: ignore[attr-defined]
    return {"filters": filters, "page": page, "shown": shown, "asked_row": text}


def unknown_columns(run: ImportRun, user: Any) -> list[dict[str, Any]]:
    """Words of the file that are no known column, by sheet, with the columns that they may mean; for who may say so."""
    asked: list[dict[str, Any]] = []
    if reach(user, HeaderWord, "add") is Reach.NONE:
        return asked
    for header in run.report.get("columns", []):
        kind = kind_of(header["register"])
        words = [word for word in header["unknown"] if len(word) <= LONGEST_WORD]
        if kind is not None and words:
            free = [column for column in nameable_columns(kind.register) if column.key not in header["found"]]
            asked.append({"sheet": header["sheet"], "words": words, "columns": free})
    return asked


def unknown_managers(run: ImportRun, user: Any) -> list[str]:
    """Names in the file that are no account manager's, most frequent ones included once."""
    rows = rows_of(run, user).filter(data__owner_name__isnull=False)
    return sorted({str(name) for name in rows.values_list("data__owner_name", flat=True)})[:50]


def account_managers(user: Any, on: Any) -> QuerySet[Member]:
    """Who may be meant."""
    return Member.objects.visible_to(user).present(on).filter(role=Role.MANAGER).order_by("full_name")
