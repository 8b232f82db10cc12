"""The decision page as plain data: the same for the intranet and the admin panel."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.approvals import rules
from kam.approvals.acting import seen
from kam.approvals.choices import Outcome, RequestStatus, StepKind, StepStatus
from kam.approvals.deciders import Authority, authority_of, deciders, names
from kam.approvals.kinds import ApprovalKind, kind_of
from kam.approvals.models import Request, RequestStep
from kam.approvals.selectors import (
    earlier_requests,
    last_approved,
    last_words,
    policy_of,
    steps_of,
    waiting_for,
    waits_since,
)
from kam.approvals.telling import who
from kam.core.exceptions import NotAllowed, Text
from kam.core.scoping import allowed
from kam.core.templatetags.kam import day, stamp, wan
from kam.people.choices import Role
from kam.people.models import Member

TONES = {
    RequestStatus.PENDING: "info",
    RequestStatus.APPROVED: "info",
    RequestStatus.EFFECTED: "ok",
    RequestStatus.RETURNED: "bad",
    RequestStatus.WITHDRAWN: "idle",
    RequestStatus.VOID: "idle",
}
OUTCOME_TONES = {Outcome.APPROVE: "ok", Outcome.AGREE: "ok", Outcome.RETURN: "bad", Outcome.OBJECT: "bad"}


@dataclass
class DecisionPage:
    """Everything that the page of one request shows to one member; read with a fixed number of queries."""

    request: Request
    user: Member
    on: date
    in_panel: bool = False
    comment: str = ""
    error: str = ""
    back: str = ""
    """Where a decision leads to; empty: to the next request that waits."""
    kind: ApprovalKind = field(init=False)
    step: RequestStep | None = field(init=False)
    authority: Authority | None = field(init=False, default=None)
    why_not: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self.kind = kind_of(self.request.kind)
        self.steps = steps_of(self.request)
        self.step = self._waiting_step()
        self.queue = list(waiting_for(self.user, on=self.on).values_list("pk", flat=True)[:200])
        self.sees_client = self._sees_client()
        self.asked = deciders(self.request, self.step, self.on) if self.step else []
        self.authority = next((authority for member, authority in self.asked if member.pk == self.user.pk), None)
        if self.step is not None and self.authority is None:
            self.why_not = self._why_not(self.step)

    def _waiting_step(self) -> RequestStep | None:
        if self.request.status != RequestStatus.PENDING:
            return None
        return next((step for step in self.steps if step.progress == StepStatus.CURRENT), None)

    def _why_not(self, step: RequestStep) -> str:
        try:
            authority_of(self.request, step, self.user, self.on)
        except NotAllowed as refusal:
            return str(refusal)
        return ""

    def as_dict(self) -> dict[str, Any]:
        """Context of the templates."""
        return {
            "approval": self.request,
            "kind_title": self.kind.title_of(self.request),
            "heading": self.heading,
            "short_heading": self._short_heading(),
            "status": {"tone": TONES[RequestStatus(self.request.status)], "word": self.request.get_status_display()},
            "place": self.place,
            "next_url": self.next_url,
            "waited": self.waited_words,
            "ask": self.ask(),
            "changes": self.changes(),
            "lines": self.lines(),
            "standing": self.standing(),
            "files": self.files(),
            "path": self.path(),
            "earlier": self.earlier(),
            "decision": self.decision(),
            "carry": self.carry(),
            "own": self.own_acts(),
        }

    # Head

    @property
    def heading(self) -> str:
        """授信变更：恒泽连锁商业，20 万 → 28 万."""
        return _("%(kind)s: %(client)s, %(what)s") % {
            "kind": self.kind.title_of(self.request),
            "client": self.request.account_name,
            "what": self.kind.heading(self.request),
        }

    def _short_heading(self) -> str:
        return _("%(client)s: %(what)s") % {
            "client": self.request.account_name,
            "what": self.kind.heading(self.request),
        }

    @property
    def place(self) -> dict[str, int] | None:
        """Which of the member's waiting requests this is; None when it does not wait for the member."""
        if self.request.pk not in self.queue:
            return None
        return {"number": self.queue.index(self.request.pk) + 1, "count": len(self.queue)}

    @property
    def next_url(self) -> str:
        """The next request that waits for the member, after this one, then from the start."""
        others = [pk for pk in self.queue if pk != self.request.pk]
        if not others:
            return ""
        after = self.queue.index(self.request.pk) + 1 if self.request.pk in self.queue else 0
        following = self.queue[after] if after < len(self.queue) else others[0]
        return self._url("request_detail", following)

    @property
    def waited(self) -> int | None:
        """Whole days that the next act is waited for."""
        since = waits_since(self.request, self.steps)
        return rules.waited_days(_day(since), self.on) if since else None

    @cached_property
    def waited_words(self) -> dict[str, str] | None:
        """The waiting as a status: red when it is longer than the policy reminds after."""
        if self.waited is None:
            return None
        if self.waited == 0:
            word = _("approved today") if self.request.status == RequestStatus.APPROVED else _("since today")
            return {"tone": "info", "word": word}
        policy = policy_of(self.request.kind)
        patience = policy.remind_after_days if policy else 0
        tone = "bad" if patience and self.waited >= patience else "warn"
        return {
            "tone": tone,
            "word": ngettext("waiting %(days)s day", "waiting %(days)s days", self.waited) % {"days": self.waited},
        }

    # What is asked

    def ask(self) -> dict[str, Any]:
        """What is asked in large letters, with the amount against the authority of whoever looks."""
        asked = self.kind.ask(self.request)
        context = {
            "label": asked.label,
            "before": asked.before,
            "after": asked.after,
            "unit": asked.unit,
            "detail": asked.detail,
            "reason": self.request.reason,
            "waiting": self.waited_words,
            "percent": None,
            "title": "" if self.authority else _("What is asked"),
        }
        return context | self._against_authority(asked.amount_before)

    def _against_authority(self, before: Decimal | None) -> dict[str, Any]:
        limit = self._limit()
        amount = self.request.amount
        if not limit or amount is None or self.step is None:
            return {}
        share = amount / limit * 100
        note = _("The line is the present limit of %(amount)s.") % {"amount": wan(before)} if before else ""
        return {
            "authority": self._limit_words(limit),
            "used": _("%(percent)s%% used") % {"percent": f"{share:.0f}"},
            "percent": min(float(share), 100.0),
            "over": amount > limit,
            "tick": min(float(before / limit * 100), 99.5) if before else None,
            "tick_note": _both(note, self._over_note(amount > limit)),
        }

    def _limit(self) -> Decimal | None:
        if self.authority and self.authority.delegation:
            ceiling = self.authority.delegation.ceiling_amount
            bounds = [bound for bound in (ceiling, self._limit_of_step()) if bound is not None]
            return min(bounds, default=None)
        return self._limit_of_step()

    def _limit_of_step(self) -> Decimal | None:
        return self.step.limit_amount if self.step else None

    def _limit_words(self, limit: Decimal) -> str:
        if self.authority and self.authority.delegation:
            return _("Your delegation %(amount)s") % {"amount": wan(limit)}
        if self.authority:
            return _("Your authority %(amount)s") % {"amount": wan(limit)}
        role = self.step.get_role_display() if self.step else ""
        return _("%(role)s: authority %(amount)s") % {"role": role, "amount": wan(limit)}

    def _over_note(self, is_over: bool) -> str:
        if is_over:
            return _("Above it, the next step decides as well.")
        return _("After approval finance opens it.") if self.kind.carried_out_by == Role.FINANCE else ""

    def changes(self) -> dict[str, Any]:
        """The difference to what was approved last."""
        base = last_approved(self.request)
        note = ""
        if base is not None and base.closed_at is not None:
            note = _("%(number)s, in effect since %(day)s") % {"number": base.number, "day": day(base.closed_at)}
        same = self.kind.unchanged(self.request)
        return {
            "rows": self.kind.changes(self.request),
            "base_note": note,
            "unchanged": len(same),
            "unchanged_rows": same,
        }

    def lines(self) -> dict[str, Any] | None:
        """Lines of what is asked; whoever decides may tick those to be returned, afterwards the reasons are shown."""
        rows = self.kind.lines(self.request)
        if not rows:
            return None
        returned: dict[str, str] = {}
        for step in self.steps:
            returned |= step.returned_lines if step.revision == self.request.revision else {}
        is_decision = self.step is not None and self.step.step_kind == StepKind.DECISION
        return {
            "rows": [{"line": line, "why": returned.get(line.key, "")} for line in rows],
            "can_return": self.authority is not None and is_decision,
        }

    def standing(self) -> dict[str, Any] | None:
        """How the client stands; the link only for who sees the client."""
        figures = self.kind.standing(self.request, self.on)
        if not figures:
            return None
        return {"figures": figures, "url": self.kind.subject_url(self.request) if self.sees_client else ""}

    def _sees_client(self) -> bool:
        from django.apps import apps

        account = apps.get_model("accounts", "Account")(pk=self.request.account_id)
        return self.request.account_id is not None and allowed(self.user, account, "view")

    def files(self) -> list[dict[str, Any]]:
        """The documents that belong to what is asked."""
        return [
            {"name": file.name, "url": file.url, "kind": file.kind, "size": file.size}
            for file in self.kind.documents(self.request)
        ]

    # Where it stands

    def path(self) -> list[dict[str, Any]]:
        """Submission, what each step said, who is asked now, and what comes after."""
        entries: list[dict[str, Any]] = []
        for number, revision in enumerate([*self.request.past, None], 1):
            entries.append(self._submitted(number, revision))
            entries += [self._entry(step) for step in self.steps if step.revision == number and _is_shown(step)]
        entries += self._end()
        return entries

    def _submitted(self, number: int, past: dict[str, Any] | None) -> dict[str, Any]:
        at = datetime.fromisoformat(past["submitted_at"]) if past else self.request.submitted_at
        text = _("%(name)s submitted") if number == 1 else _("%(name)s submitted again")
        return {"when": stamp(at), "text": text % {"name": self.request.requester}, "tone": "ok"}

    def _entry(self, step: RequestStep) -> dict[str, Any]:
        if step.progress == StepStatus.DONE:
            tone = OUTCOME_TONES.get(Outcome(step.outcome), "")
            return {"when": stamp(step.decided_at), "text": step_words(step), "quote": step.comment, "tone": tone}
        is_opinion = step.step_kind == StepKind.OPINION
        text = _("%(role)s gives an opinion") if is_opinion else _("%(role)s decides")
        if step.progress == StepStatus.CURRENT:
            role = self._asked_words(step, names(self.asked))
            return {"when": _("now"), "text": text % {"role": role}, "tone": "acc"}
        return {"when": _("then"), "text": text % {"role": step.get_role_display()}}

    def _asked_words(self, step: RequestStep, asked: list[str]) -> str:
        people = _(", ").join(asked) if asked else _("nobody")
        return f"{step.get_role_display()} {people}"

    def _end(self) -> list[dict[str, Any]]:
        match self.request.status:
            case RequestStatus.PENDING:
                return [{"when": _("then"), "text": self.kind.then}] if self.kind.then else []
            case RequestStatus.APPROVED:
                return [{"when": _("now"), "text": self.kind.then, "tone": "acc"}]
            case RequestStatus.EFFECTED:
                return [{"when": stamp(self.request.closed_at), "text": _("in effect"), "tone": "ok"}]
            case RequestStatus.WITHDRAWN:
                text = _("%(name)s withdrew it") % {"name": self.request.requester}
                return [{"when": stamp(self.request.closed_at), "text": text}]
            case RequestStatus.VOID:
                return [
                    {"when": stamp(self.request.closed_at), "text": _("void: what it rests on changed"), "tone": "bad"}
                ]
            case _:
                return [
                    {
                        "when": _("then"),
                        "text": _("%(name)s revises it or leaves it") % {"name": self.request.requester},
                    }
                ]

    def earlier(self) -> list[dict[str, Any]]:
        """Earlier decisions on the same thing."""
        requests = earlier_requests(self.request)
        words = last_words(requests)
        return [self._earlier(row, words[row.pk]) for row in requests if row.pk in words]

    def _earlier(self, row: Request, step: RequestStep) -> dict[str, Any]:
        return {
            "when": day(step.decided_at),
            "who": who(step.decided_by, step.on_behalf_of),
            "text": f"{step.get_outcome_display()} {self.kind.heading(row)}",
            "quote": step.comment,
            "tone": OUTCOME_TONES.get(Outcome(step.outcome), ""),
            "url": self._url("request_detail", row.pk),
        }

    # What can be done

    def decision(self) -> dict[str, Any] | None:
        """The form of whoever may decide, or the reason why not; None when nothing waits."""
        if self.step is None:
            return None
        approve_label, return_label = decision_labels(self.request, self.step)
        behalf = self.authority.on_behalf_of if self.authority else None
        return {
            "url": self._url("request_decide", self.request.pk),
            "can_decide": self.authority is not None,
            "opinion": self.step.step_kind == StepKind.OPINION,
            "approve_label": approve_label,
            "return_label": return_label,
            "why_not": self.why_not,
            "behalf_of": behalf.full_name if behalf else "",
            "placeholder": self.kind.comment_example,
            "note": _("Exactly this version is approved. If the requester changes it, it must be approved again."),
            "comment": self.comment,
            "error": self.error,
            "hidden": [*seen(self.request, self.step), *([("next", self.back)] if self.back else [])],
        }

    def carry(self) -> dict[str, Any] | None:
        """The button of the role that carries the decision out."""
        if self.request.status != RequestStatus.APPROVED or self.user.role != self.kind.carried_out_by:
            return None
        if self.user.pk == self.request.requester_id:
            return None
        return {
            "url": self._url("request_carry_out", self.request.pk),
            "label": self.kind.carry_out_label(self.request),
            "revision": self.request.revision,
        }

    def own_acts(self) -> dict[str, Any] | None:
        """What the requester may do: withdraw what waits, revise what came back."""
        if self.user.pk != self.request.requester_id:
            return None
        status = self.request.status
        revisable = (RequestStatus.RETURNED, RequestStatus.WITHDRAWN, RequestStatus.VOID)
        may_withdraw = status in (RequestStatus.PENDING, RequestStatus.RETURNED)
        revise_url = self.kind.revise_url(self.request) if status in revisable and self.sees_client else ""
        if not may_withdraw and not revise_url:
            return None
        return {
            "withdraw_url": reverse("approvals:request_withdraw", args=[self.request.pk]) if may_withdraw else "",
            "revise_url": revise_url,
            "revision": self.request.revision,
        }

    def _url(self, name: str, pk: int) -> str:
        prefix = "admin:approvals_" if self.in_panel else "approvals:"
        return reverse(f"{prefix}{name}", args=[pk])


def step_words(step: RequestStep) -> str:
    """Who said what in a step that is done."""
    return _("%(who)s: %(outcome)s") % {
        "who": who(step.decided_by, step.on_behalf_of),
        "outcome": step.get_outcome_display(),
    }


def decision_labels(request: Request, step: RequestStep) -> tuple[Text, Text]:
    """The words on the two buttons; approving names the amount."""
    if step.step_kind == StepKind.OPINION:
        return _("Agree"), _("Object")
    return kind_of(request.kind).approve_label(request), _("Return")


def _both(first: str, second: str) -> str:
    if not (first and second):
        return first or second
    return _("%(first)s %(second)s") % {"first": first, "second": second}


def _is_shown(step: RequestStep) -> bool:
    return step.progress != StepStatus.SKIPPED


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
