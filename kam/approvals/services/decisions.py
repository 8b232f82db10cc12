"""Deciding, and carrying a decision out."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kam.approvals.choices import Outcome, RequestStatus, StepKind, StepStatus
from kam.approvals.deciders import Authority, authority_of
from kam.approvals.flow import close_steps, day_of, has_changed, lock_request, start_next_step
from kam.approvals.kinds import kind_of
from kam.approvals.models import Request, RequestStep
from kam.approvals.services.submissions import request_void
from kam.approvals.telling import tell_carrier, tell_effected, tell_outcome, who
from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.plain import clean_text
from kam.core.states import move
from kam.people.models import Member

OUTCOMES = {
    StepKind.DECISION: (Outcome.APPROVE, Outcome.RETURN),
    StepKind.OPINION: (Outcome.AGREE, Outcome.OBJECT),
}
COMMENT_NEEDED = (Outcome.RETURN, Outcome.OBJECT)
COMMENT_LENGTH = 1000


def request_decide(
    *,
    request_pk: int,
    step_pk: int,
    seen_revision: int,
    actor: Member,
    outcome: str,
    now: datetime,
    comment: str = "",
    returned_lines: Mapping[str, str] = MappingProxyType({}),
) -> Request:
    """Take a step of a request: approve or return at a decision, agree or object at an opinion.

    An approval may return some lines of a kind that has them, each with the reason; the others are approved.
    `step_pk` and `seen_revision` are what the person had before the eyes. Posting the same again changes nothing.
    Raises `NotAllowed` with the reason, `ChangedMeanwhile` when somebody decided first (saying who and what) or when
    what the request rests on has changed: the request is then void, and stays so.
    """
    with transaction.atomic():
        request = lock_request(request_pk)
        step = (
            RequestStep.objects.for_system()
            .select_related("decided_by", "on_behalf_of")
            .get(pk=step_pk, request=request)
        )
        if step.decided_by_id == actor.pk and step.outcome == outcome and request.revision == seen_revision:
            return request
        _must_be_open(request, step, seen_revision)
        authority = authority_of(request, step, actor, day_of(now))
        comment = clean_text(comment)
        _must_make_sense(step, outcome, comment)
        step.returned_lines = _checked_lines(request, outcome, returned_lines)
        if not has_changed(request):
            return _decide(request, step, actor, authority, outcome, comment, now)
        request_void(request_pk=request.pk, actor=actor, reason=_("changed since submission"), now=now)  # type: ignore[arg-type]
    raise ChangedMeanwhile(
        _("Not decided: the client's data changed since submission. The request is void, %(name)s has been told.")
        % {"name": request.requester}
    )


def request_carry_out(*, request_pk: int, seen_revision: int, actor: Member, now: datetime) -> Request:
    """Let an approved request take effect, exactly as it was approved. Posting the same again changes nothing.

    Raises `NotAllowed` for anybody but the role of the kind, `ChangedMeanwhile` when there is nothing to carry out or
    the client's data changed: the request is then void, and stays so.
    """
    with transaction.atomic():
        request = lock_request(request_pk)
        kind = kind_of(request.kind)
        if actor.role != kind.carried_out_by or actor.pk == request.requester_id:
            raise NotAllowed(_("Your role does not carry this out."))
        if request.status == RequestStatus.EFFECTED and request.revision == seen_revision:
            return request
        if request.status != RequestStatus.APPROVED or request.revision != seen_revision:
            raise ChangedMeanwhile(
                _("This was changed meanwhile: it is now “%(state)s”. Look at it again.")
                % {"state": request.get_status_display()}
            )
        if not has_changed(request):
            kind.carry_out(request, actor=actor)
            request = move(request, RequestStatus.EFFECTED, actor=actor, extra_fields={"closed_at": now})
            tell_effected(request, actor=actor, at=now)
            return request
        request_void(request_pk=request.pk, actor=actor, reason=_("changed since submission"), now=now)  # type: ignore[arg-type]
    raise ChangedMeanwhile(
        _("Not carried out: the client's data changed since submission. The request is void, %(name)s has been told.")
        % {"name": request.requester}
    )


def _must_be_open(request: Request, step: RequestStep, seen_revision: int) -> None:
    if step.progress == StepStatus.DONE:
        raise ChangedMeanwhile(
            _("%(who)s was first: “%(outcome)s” at %(at)s. Nothing of yours was written.")
            % {
                "who": who(step.decided_by, step.on_behalf_of),
                "outcome": step.get_outcome_display(),
                "at": timezone.localtime(step.decided_at).strftime("%m-%d %H:%M"),
            }
        )
    if request.revision != seen_revision:
        raise ChangedMeanwhile(_("This was submitted again meanwhile. Look at the new version."))
    if request.status != RequestStatus.PENDING or step.progress != StepStatus.CURRENT:
        raise ChangedMeanwhile(
            _("This was changed meanwhile: it is now “%(state)s”. Look at it again.")
            % {"state": request.get_status_display()}
        )


def _must_make_sense(step: RequestStep, outcome: str, comment: str) -> None:
    if outcome not in OUTCOMES[StepKind(step.step_kind)]:
        raise DomainError(_("This cannot be said at this step."))
    if outcome in COMMENT_NEEDED and not comment:
        raise DomainError(_("Say why, so that it can be put right."), "comment")
    if len(comment) > COMMENT_LENGTH:
        raise DomainError(_("At most %(length)s characters.") % {"length": COMMENT_LENGTH}, "comment")


def _checked_lines(request: Request, outcome: str, returned: Mapping[str, str]) -> dict[str, str]:
    """Lines that exist, each with a reason, and not all of them: that would be a return."""
    if not returned or outcome != Outcome.APPROVE:
        return {}
    known = {line.key for line in kind_of(request.kind).lines(request)}
    if returned.keys() - known:
        raise ChangedMeanwhile(_("The page was out of date. Look at it again."))
    if returned.keys() == known:
        raise DomainError(_("Every line is returned: return the whole and say why."), "comment")
    if any(not why.strip() or len(why) > COMMENT_LENGTH for why in returned.values()):
        raise DomainError(_("Say for each returned line why, or say it for all of them here."), "comment")
    return {key: why.strip() for key, why in returned.items()}


def _decide(
    request: Request,
    step: RequestStep,
    actor: Member,
    authority: Authority,
    outcome: str,
    comment: str,
    now: datetime,
) -> Request:
    step.progress = StepStatus.DONE
    step.outcome = outcome
    step.decided_by = actor
    step.on_behalf_of = authority.on_behalf_of
    step.delegation = authority.delegation
    step.comment = comment
    step.decided_at = now
    step.save(
        update_fields=[
            "progress",
            "outcome",
            "decided_by",
            "on_behalf_of",
            "delegation",
            "comment",
            "returned_lines",
            "decided_at",
        ]
    )
    if outcome == Outcome.RETURN:
        request = _finish(request, RequestStatus.RETURNED, actor, authority, comment, now)
        close_steps(request)
        kind_of(request.kind).came_back(request, actor=actor, reason=comment)
        tell_outcome(request, step, actor=actor, authority=authority, is_last=True)
        return request
    if authority.stands_in:
        _pass_over_own_steps(request, actor)
    following = start_next_step(request, now)
    tell_outcome(request, step, actor=actor, authority=authority, is_last=following is None)
    return request if following is not None else _approve(request, actor, authority, comment, now)


def _pass_over_own_steps(request: Request, actor: Member) -> None:
    """Who stood in for a lower step has said it all: the own step that follows is not asked again."""
    RequestStep.objects.for_system().filter(
        request=request, revision=request.revision, progress=StepStatus.AHEAD, role=actor.role
    ).update(progress=StepStatus.SKIPPED)


def _approve(request: Request, actor: Member, authority: Authority, comment: str, now: datetime) -> Request:
    kind = kind_of(request.kind)
    behalf = authority.on_behalf_of
    request = _finish(request, RequestStatus.APPROVED, actor, authority, comment, now)
    kind.approved(request, actor=actor, on_behalf_of=behalf)
    if kind.carried_out_by:
        tell_carrier(request, at=now, on=day_of(now))
        return request
    return move(request, RequestStatus.EFFECTED, actor=actor, on_behalf_of=behalf, extra_fields={"closed_at": now})


def _finish(request: Request, to: str, actor: Member, authority: Authority, comment: str, now: datetime) -> Request:
    return move(
        request,
        to,
        actor=actor,
        on_behalf_of=authority.on_behalf_of,
        reason=comment,
        extra_fields={"closed_at": now, "reminded_at": None},
    )
