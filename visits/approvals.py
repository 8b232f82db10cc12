"""What of visits needs a decision: a month's plan, line by line."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kam.approvals.choices import RequestStatus
from kam.approvals.kinds import ApprovalKind, Ask, ChangedField, Fact, Line, register
from kam.approvals.models import Request
from kam.approvals.rules import Step
from kam.approvals.selectors import returned_lines_of
from kam.core.locking import lock_row
from kam.core.money import format_money
from kam.core.words import listed
from kam.people.models import Member
from visits.models import VisitPlan, VisitPlanLine
from visits.selectors import frozen_plan, overlap_words, overlaps_of, planned_visits, visit_rules
from visits.services import plan_came_back, plan_decided


@register
class VisitPlanKind(ApprovalKind):
    """A month's visits of one member; the director returns single lines and approves the others."""

    code = "visit_plan"
    title = gettext_lazy("Visit plan")
    number_prefix = "ZF"
    default_steps = (Step("decision", "director"),)
    concerns = "visits.visitplan"
    comment_example = gettext_lazy("For example: see the purchasing department as well")
    then = gettext_lazy("The approved visits stand; returned ones go back to the requester")

    def live_snapshot(self, request: Request) -> dict[str, Any]:
        plan = VisitPlan.objects.for_system().get(pk=request.subject_id)
        return frozen_plan(plan, self._keys(request))

    def lock_subject(self, request: Request) -> None:
        lock_row(VisitPlan, request.subject_id or 0)

    def heading(self, request: Request) -> str:
        count = len(request.snapshot["lines"])
        visits = ngettext("%(n)s visit", "%(n)s visits", count) % {"n": count}
        return _("%(month)s, %(visits)s") % {"month": request.snapshot["month"], "visits": visits}

    def ask(self, request: Request) -> Ask:
        lines = request.snapshot["lines"]
        clients = len({line["account"] for line in lines})
        detail = ngettext("%(n)s client", "%(n)s clients", clients) % {"n": clients}
        return Ask(
            label=gettext_lazy("Visits planned"),
            before="",
            after=str(len(lines)),
            unit=request.snapshot["month"],
            detail=detail,
        )

    def approve_label(self, request: Request) -> str:
        return _("Approve the plan")

    def changes(self, request: Request) -> list[ChangedField]:
        return []

    def lines(self, request: Request) -> list[Line]:
        warnings = self._warnings(request)
        return [
            Line(str(line["id"]), _line_title(line), _line_detail(line), warnings.get(line["id"], ""))
            for line in request.snapshot["lines"]
        ]

    def standing(self, request: Request, on: date) -> list[Fact]:
        return []

    def subject_url(self, request: Request) -> str:
        return reverse("visits:plan_detail", args=[request.subject_id])

    def approved(self, request: Request, *, actor: Member, on_behalf_of: Member | None) -> None:
        plan_decided(
            plan_pk=request.subject_id or 0,
            line_pks=self._keys(request),
            returned=returned_lines_of(request),
            actor=actor,
            on_behalf_of=on_behalf_of,
        )

    def came_back(self, request: Request, *, actor: Member | None, reason: str) -> None:
        is_returned = request.status == RequestStatus.RETURNED
        plan_came_back(plan_pk=request.subject_id or 0, actor=actor, reason=reason, is_returned=is_returned)

    def _keys(self, request: Request) -> list[int]:
        return [line["id"] for line in request.snapshot["lines"]]

    def _warnings(self, request: Request) -> dict[int, str]:
        """Overlaps with other members' visits, by line; only while the decision is still to be taken."""
        if request.status != RequestStatus.PENDING:
            return {}
        rows = VisitPlanLine.objects.for_system().filter(pk__in=self._keys(request)).select_related("plan")
        found = overlaps_of(planned_visits(rows), visit_rules())
        by_line: dict[int, str] = {}
        for overlap, words in zip(found, overlap_words(found), strict=True):
            by_line.setdefault(int(overlap.mine.key.removeprefix("line:")), words)
        return by_line


def _line_title(line: dict[str, Any]) -> str:
    clock = f" {line['begins']}" if line["begins"] else ""
    return f"{line['on'][5:]}{clock} {line['client']}"


def _line_detail(line: dict[str, Any]) -> str:
    people = str(listed(filter(None, (line["people"], line["with"] and _("with %(names)s") % {"names": line["with"]}))))
    chance = f"{line['probability']}%" if line["probability"] is not None else ""
    amount = format_money(Decimal(line["amount"])) if line["amount"] else ""
    opportunity = " ".join(filter(None, (line["opportunity"], amount, chance)))
    return "\n".join(filter(None, (people, line["matters"], opportunity)))
