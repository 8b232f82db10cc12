"""From a posted form to the decision, for the intranet and the admin panel alike."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kam.approvals.choices import Outcome, RequestStatus, StepKind
from kam.approvals.deciders import current_step
from kam.approvals.models import Request, RequestStep
from kam.approvals.services import request_decide
from kam.core.exceptions import ChangedMeanwhile
from kam.people.models import Member

MOST_LINES = 500
MEANINGS = {
    (StepKind.DECISION, "approve"): Outcome.APPROVE,
    (StepKind.DECISION, "return"): Outcome.RETURN,
    (StepKind.OPINION, "approve"): Outcome.AGREE,
    (StepKind.OPINION, "return"): Outcome.OBJECT,
}


def seen(approval: Request, step: RequestStep) -> tuple[tuple[str, int], ...]:
    """What a form that decides carries: the step and the version, and with it the snapshot, that the person saw."""
    return (("step", step.pk), ("revision", approval.revision))


def decide_from(data: QueryDict, approval: Request, actor: Member, now: datetime) -> Request:
    """Take the step named in the form; `decision` is approve or return. Raises what the service raises."""
    step_pk, revision = _number(data, "step"), _number(data, "revision")
    step = RequestStep.objects.for_system().filter(pk=step_pk, request=approval).first()
    outcome = MEANINGS.get((StepKind(step.step_kind), data.get("decision", ""))) if step else None
    if step is None or outcome is None:
        raise ChangedMeanwhile(_("The page was out of date. Look at it again."))
    return request_decide(
        request_pk=approval.pk,
        step_pk=step.pk,
        seen_revision=revision,
        actor=actor,
        outcome=outcome,
        comment=data.get("comment", ""),
        returned_lines=_returned_lines(data),
        now=now,
    )


def _returned_lines(data: QueryDict) -> dict[str, str]:
    """Lines ticked to be returned, each with its own reason, or with the comment for all."""
    comment = data.get("comment", "")
    return {key: data.get(f"why_{key}", "").strip() or comment for key in data.getlist("return_line")[:MOST_LINES]}


def approve_as_seen(approval: Request, seen_step: int, seen_revision: int, actor: Member, now: datetime) -> Request:
    """Approve one request of several at once; only decisions, and only the step that was seen."""
    step = current_step(approval)
    if step is None or step.pk != seen_step or step.step_kind != StepKind.DECISION:
        raise ChangedMeanwhile(
            _("This was changed meanwhile: it is now “%(state)s”. Look at it again.")
            % {"state": approval.get_status_display()}
        )
    return request_decide(
        request_pk=approval.pk,
        step_pk=seen_step,
        seen_revision=seen_revision,
        actor=actor,
        outcome=Outcome.APPROVE,
        now=now,
    )


def outcome_words(decided: Request, decision: str) -> str:
    """What happened, for the message after the act."""
    names: dict[str, Any] = {"client": decided.account_name, "number": decided.number}
    if decided.status == RequestStatus.RETURNED:
        return _("Returned: %(client)s (%(number)s).") % names
    if decided.status == RequestStatus.PENDING:
        return _("Noted: %(client)s (%(number)s). The next step is asked.") % names
    return _("Approved: %(client)s (%(number)s).") % names


def _number(data: Mapping[str, str], name: str) -> int:
    text = data.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
