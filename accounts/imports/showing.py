"""What the pages of an import show."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kam.core.imports import plan as said
from kam.core.imports.deciding import choices_of, undecided
from kam.core.imports.models import LONGEST_WORD, HeaderWord, ImportRow, ImportRun, ImportState
from kam.core.imports.plan import Outcome, kind_of
from kam.core.imports.words import nameable_columns
from kam.core.plain import read_key
from kam.core.scoping import Reach, allowed, reach
from kam.people.choices import Role
from kam.people.models import Member

PAGE = 25
GENERAL = 10
"""Remarks about a sheet as a whole that are shown."""
SIMILAR = "similar"
"""Shows the rows that may be one of the stored clients."""
NAMES = 50
"""Unknown managers asked about at a time."""
WORDS = {
    Outcome.NEW: gettext_lazy("New"),
    Outcome.CHANGED: gettext_lazy("Changed"),
    Outcome.UNCHANGED: gettext_lazy("Unchanged"),
    Outcome.DUPLICATE: gettext_lazy("Duplicate"),
    Outcome.BLOCKED: gettext_lazy("Blocked"),
    Outcome.LEFT_OUT: gettext_lazy("Left out"),
    Outcome.ERROR: gettext_lazy("Wrong"),
}
TONES = {
    Outcome.NEW: "ok",
    Outcome.CHANGED: "info",
    Outcome.UNCHANGED: "idle",
    Outcome.DUPLICATE: "idle",
    Outcome.BLOCKED: "warn",
    Outcome.LEFT_OUT: "idle",
    Outcome.ERROR: "bad",
}
GRAVITY = (
    Outcome.ERROR,
    Outcome.BLOCKED,
    Outcome.DUPLICATE,
    Outcome.CHANGED,
    Outcome.NEW,
    Outcome.UNCHANGED,
    Outcome.LEFT_OUT,
)
"""Outcomes as they want to be looked at."""
ORDERS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "row": (gettext_lazy("By row"), ("pk",)),
    "outcome": (
        gettext_lazy("By outcome"),
        (Case(*(When(outcome=outcome, then=place) for place, outcome in enumerate(GRAVITY))), "pk"),
    ),
    "client": (gettext_lazy("By client"), ("client", "pk")),
}
STATE_TONES = {ImportState.DONE: "ok", ImportState.FAILED: "bad", ImportState.JUDGED: "warn"}


@dataclass(frozen=True)
class Choice:
    """One filter of the rows: its word, how many, its key in the address, and whether it is chosen."""

    word: Any
    count: int
    key: str
    chosen: bool


def tone_of(run: ImportRun) -> str:
    """The tone in which the state is shown."""
    if run.is_at_work:
        return "info"
    return STATE_TONES.get(ImportState(run.state), "idle")


def sheets_of(run: ImportRun) -> list[dict[str, Any]]:
    """The counts of each sheet, in the order of the file; a column for rows left out only where there are any."""
    sheets = run.sheets
    shown = [outcome for outcome in Outcome if outcome is not Outcome.LEFT_OUT or _any_left_out(sheets)]
    return [
        {
            "name": name,
            "rows": sheet["rows"],
            "counts": [
                {"word": WORDS[outcome], "count": sheet.get("wrong" if outcome is Outcome.ERROR else outcome, 0)}
                for outcome in shown
            ],
            "general": sheet["general"][:GENERAL],
        }
        for name, sheet in sheets.items()
    ]


def _any_left_out(sheets: dict[str, Any]) -> bool:
    return any(sheet.get(Outcome.LEFT_OUT) for sheet in sheets.values())


def rows_of(run: ImportRun, user: Any) -> QuerySet[ImportRow]:
    """The rows that the member may see; those of an import follow it."""
    return ImportRow.objects.visible_to(user).filter(run=run)


def rows_to_write(run: ImportRun) -> int:
    """How many rows go in when the import is confirmed on its page."""
    good = sum(sheet["new"] + sheet["changed"] for sheet in run.report["sheets"].values())
    return int(good - undecided(run).count())


def found_rows(run: ImportRun, user: Any, asked: Any) -> dict[str, Any]:
    """One page of the rows of one outcome, in the order asked for, and the filters above them."""
    rows = rows_of(run, user)
    counts = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    similar = rows.exclude(similar=[])
    to_decide = undecided(run).count()
    shown = asked.get("show", "")
    if shown not in {*Outcome, "all", SIMILAR}:
        shown = Outcome.ERROR if counts.get(Outcome.ERROR) else "all"
    order = asked.get("sort", "")
    order = order if order in ORDERS else "row"
    row = read_key(asked.get("row", "").strip())
    wanted = {"row": row} if row is not None else {} if shown in ("all", SIMILAR) else {"outcome": shown}
    chosen = (similar if shown == SIMILAR and row is None else rows).filter(**wanted)
    page = Paginator(chosen.select_related("decided_by").order_by(*ORDERS[order][1]), PAGE).get_page(asked.get("page"))
    decidable = run.state == ImportState.JUDGED and allowed(user, run, "change")
    for each in page:
        each.word, each.tone = WORDS[Outcome(each.outcome)], TONES[Outcome(each.outcome)]  # type: ignore[attr-defined]
        each.read = read_cells(each)  # type: ignore[attr-defined]
        each.options = options_of(each) if decidable else []  # type: ignore[attr-defined]
        each.said = said_of(each)  # type: ignore[attr-defined]
    filters = _filters(counts, shown)
    if (count := similar.count()) or shown == SIMILAR:
        filters.append(Choice(_("Perhaps there already"), count, SIMILAR, shown == SIMILAR))
    return {
        "filters": filters,
        "to_decide": to_decide,
        "decides": any(each.options for each in page),  # type: ignore[attr-defined]
        "page": page,
        "shown": shown,
        "order": order,
        "orders": [(key, word) for key, (word, _fields) in ORDERS.items()],
        "asked_row": "" if row is None else row,
    }


def _filters(counts: dict[str, int], shown: str) -> list[Choice]:
    found = [Choice(_("All rows"), sum(counts.values()), "all", shown == "all")]
    return found + [
        Choice(WORDS[outcome], counts[outcome], outcome, shown == outcome) for outcome in Outcome if outcome in counts
    ]


def options_of(row: ImportRow) -> list[dict[str, Any]]:
    """What may be said of the row, for a pick-list: value, words, and whether it is what was said."""
    choices = choices_of(row)
    if not choices:
        return []
    names = {candidate["pk"]: candidate["title"] for candidate in row.similar}
    words = {
        said.Choice.SAME: lambda target: _("It is %(client)s") % {"client": names[target]},
        said.Choice.NEW: lambda _target: _("Another one: take it in"),
        said.Choice.OUT: lambda _target: _("Leave this row out"),
    }
    now = value_of(row)
    options = [{"value": "", "word": _("Not decided") if names else _("Take it in"), "chosen": not now}]
    for choice, target in choices:
        value = written(choice, target)
        options.append({"value": value, "word": words[said.Choice(choice)](target), "chosen": value == now})
    return options


def said_of(row: ImportRow) -> str:
    """What was said of the row and by whom, in words; empty when nothing was."""
    word = next((option["word"] for option in options_of(row) if option["value"] and option["chosen"]), "")
    return f"{row.decided_by}: {word}" if word else ""


def value_of(row: ImportRow) -> str:
    """What was said of the row, as the pick-list writes it."""
    return written(row.decision, row.target if row.decision == said.Choice.SAME else None) if row.decision else ""


def written(choice: str, target: int | None) -> str:
    """A choice as one value of a pick-list."""
    return f"{choice}-{target}" if target is not None else choice


def read_choice(value: str) -> tuple[str, int | None]:
    """Choice and key behind a value of the pick-list."""
    choice, _mark, target = value.partition("-")
    return choice, read_key(target)


def read_cells(row: ImportRow) -> list[dict[str, str]]:
    """Every cell of the row as it stands in the file, what was understood by it, and why it is wrong."""
    meanings = {seen["column"]: seen["meaning"] for seen in row.understood}
    reasons = {error["column"]: f"{error['reason']} {error['right']}" for error in row.errors}
    return [
        {"column": column, "value": value, "meaning": meanings.get(column, ""), "reason": reasons.get(column, "")}
        for column, value in row.cells
    ]


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
    """Names in the file that are no account manager's."""
    rows = rows_of(run, user).filter(data__owner_name__isnull=False).order_by()
    return sorted(str(name) for name in rows.values_list("data__owner_name", flat=True).distinct()[:NAMES])


def account_managers(user: Any, on: Any) -> QuerySet[Member]:
    """Who may be meant."""
    return Member.objects.visible_to(user).present(on).filter(role=Role.MANAGER).order_by("full_name")
