"""Who may take a step of a request: the members and delegations of today laid before the rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kam.approvals import rules
from kam.approvals.choices import StepStatus
from kam.approvals.models import Request, RequestStep
from kam.core.exceptions import NotAllowed
from kam.core.money import format_money
from kam.people.authority import own_limit
from kam.people.choices import Role
from kam.people.models import Delegation, Member


@dataclass(frozen=True)
class Authority:
    """As what somebody decides: `delegation` and its grantor for an act on behalf, `stands_in` for the executive."""

    delegation: Delegation | None = None
    stands_in: bool = False

    @property
    def on_behalf_of(self) -> Member | None:
        """Whose authority it is, when it is not the own one."""
        return self.delegation.grantor if self.delegation else None


def authority_of(request: Request, step: RequestStep, member: Member, on: date) -> Authority:
    """As what `member` may take `step` on that day; raises `NotAllowed` with the reason in words."""
    rows = _delegations(request.kind, delegate=member)
    question = _question(request, step, _spoken(request), _is_manned(step.role, request.requester_id, on))
    answer = rules.may_decide(
        question, person=member.pk, role=member.role, handed=[_handed(row) for row in rows], on=on
    )
    by_pk = {row.pk: row for row in rows}
    if isinstance(answer, rules.Refused):
        raise NotAllowed(_why_not(answer.why, step, by_pk.get(answer.delegation or 0)))
    return Authority(by_pk.get(answer.delegation or 0), answer.stands_in)


def deciders(request: Request, step: RequestStep, on: date) -> list[tuple[Member, Authority]]:
    """Everybody who may take the step on that day, holders of the role first; at most one authority each."""
    manned = _is_manned(step.role, request.requester_id, on)
    spoken = _spoken(request)
    question = _question(request, step, spoken, manned)
    rows = _delegations(request.kind)
    roles = {step.role} if manned else {step.role, Role.EXECUTIVE}
    present = Member.objects.for_system().present(on)
    holders = list(present.filter(role__in=roles).order_by("pk"))
    delegates = {row.delegate_id: row.delegate for row in rows if row.delegate.may_sign_in(on)}
    people = {member.pk: member for member in [*holders, *delegates.values()]}
    found = []
    for member in people.values():
        own = [row for row in rows if row.delegate_id == member.pk]
        answer = rules.may_decide(
            question, person=member.pk, role=member.role, handed=[_handed(row) for row in own], on=on
        )
        if isinstance(answer, rules.Standing):
            row = next((row for row in own if row.pk == answer.delegation), None)
            found.append((member, Authority(row, answer.stands_in)))
    return found


def current_step(request: Request) -> RequestStep | None:
    """The step that waits now, if any."""
    return (
        RequestStep.objects.for_system()
        .filter(request=request, revision=request.revision, progress=StepStatus.CURRENT)
        .first()
    )


def _question(request: Request, step: RequestStep, spoken: frozenset[int], manned: bool) -> rules.Question:
    return rules.Question(
        kind=request.kind,
        amount=request.amount,
        requester=request.requester_id,
        step_kind=step.step_kind,
        role=step.role,
        spoken=spoken,
        is_manned=manned,
    )


def _spoken(request: Request) -> frozenset[int]:
    done = RequestStep.objects.for_system().filter(
        request=request, revision=request.revision, progress=StepStatus.DONE, decided_by__isnull=False
    )
    return frozenset(done.values_list("decided_by_id", flat=True))


def _is_manned(role: str, requester_pk: int, on: date) -> bool:
    return Member.objects.for_system().present(on).filter(role=role).exclude(pk=requester_pk).exists()


def _delegations(kind: str, **narrowed: Any) -> list[Delegation]:
    rows = Delegation.objects.for_system().filter(authority=kind, **narrowed)
    return list(rows.select_related("grantor", "delegate").order_by("-ends_on", "pk"))


def _handed(row: Delegation) -> rules.Handed:
    return rules.Handed(
        pk=row.pk,
        grantor=row.grantor_id,
        grantor_role=row.grantor.role,
        authority=row.authority,
        starts_on=row.starts_on,
        ends_on=_end_of(row),
        ceiling=row.ceiling_amount,
        limit=own_limit(row.grantor.role, row.authority).amount,
        is_revoked=row.revoked_at is not None or not row.grantor.is_active,
    )


def _end_of(row: Delegation) -> date:
    """The last day it counts: leaving of either side ends it the day before."""
    left = [member.left_on for member in (row.grantor, row.delegate) if member.left_on is not None]
    return min([row.ends_on, *(date.fromordinal(day.toordinal() - 1) for day in left)])


def _why_not(why: rules.Refusal, step: RequestStep, delegation: Delegation | None) -> str:
    match why:
        case rules.Refusal.OWN_REQUEST:
            return _("You submitted this yourself. Somebody else decides it.")
        case rules.Refusal.SPOKE_BEFORE:
            return _("You have already decided an earlier step of this request. Somebody else decides this one.")
        case rules.Refusal.FROM_REQUESTER:
            return _("Your delegation comes from the person who submitted this. Somebody else decides it.")
        case rules.Refusal.ABOVE_CEILING if delegation is not None:
            reach = _handed(delegation).reach
            return _("Your delegation from %(name)s reaches up to %(limit)s. This request is above it.") % {
                "name": delegation.grantor,
                "limit": format_money(reach) if reach is not None else "",
            }
        case rules.Refusal.NOT_IN_FORCE if delegation is not None:
            return _not_in_force(delegation)
        case _:
            return _("This step is decided by: %(role)s.") % {"role": step.get_role_display()}


def _not_in_force(delegation: Delegation) -> str:
    if delegation.revoked_at is not None:
        return _("Your delegation from %(name)s was revoked.") % {"name": delegation.grantor}
    return _("Your delegation from %(name)s counts from %(start)s until %(end)s only.") % {
        "name": delegation.grantor,
        "start": delegation.starts_on,
        "end": delegation.ends_on,
    }


def names(found: Iterable[tuple[Member, Authority]]) -> list[str]:
    """Names of those who may decide, for the page."""
    return [member.full_name for member, _authority in found]
