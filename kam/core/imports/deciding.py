"""What a person may say of a judged row, and what was said."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kam.core.imports.models import ImportRow, ImportRun, RowState
from kam.core.imports.plan import Choice, Decision, Outcome

DECIDABLE = (Outcome.NEW, Outcome.CHANGED, Outcome.LEFT_OUT)
UNDECIDED = _("Nobody has decided whether this is there already.")


def choices_of(row: ImportRow) -> list[tuple[str, int | None]]:
    """Choice and key of the client meant: it is one of the similar clients, it is another one, it stays out."""
    if row.outcome not in DECIDABLE and not row.decision:
        return []
    same: list[tuple[str, int | None]] = [(Choice.SAME.value, candidate["pk"]) for candidate in row.similar]
    return [*same, *([(Choice.NEW.value, None)] if same else []), (Choice.OUT.value, None)]


def undecided(run: ImportRun) -> Any:
    """New rows of which nobody has said whether they are one of the similar clients."""
    rows = ImportRow.objects.for_system().filter(run=run, outcome=Outcome.NEW, decision="", state=RowState.OPEN)
    return rows.exclude(similar=[])


def decisions_of(run: ImportRun) -> dict[tuple[str, int], Decision]:
    """What was said, by sheet and row."""
    return {
        (sheet, int(row)): Decision(Choice(said["choice"]), said["by"], said["target"])
        for sheet, rows in run.decisions.items()
        for row, said in rows.items()
    }
