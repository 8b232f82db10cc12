"""What an import only asks for on a stored client: limit and term, grade, account manager."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.credit import credit_of, thawed
from accounts.models import Account
from accounts.rules.credit import Credit
from accounts.services.credit import KIND as CREDIT
from accounts.services.credit import credit_request
from accounts.services.proposals import GRADE, HANDOVER, grade_request, handover_request
from kam.approvals.kinds import kind_title
from kam.approvals.models import LIVE, Request
from kam.core.calendar import now, today
from kam.core.exceptions import DomainError, NotAllowed
from kam.core.imports.models import ImportRow, ImportRun
from kam.core.words import listed
from kam.people.models import Member

FIELDS = {CREDIT: ("credit_limit", "term"), GRADE: ("grade",), HANDOVER: ("owner",)}
"""The differences that each kind of request asks for."""
CREDIT_FOR = timedelta(days=365)
"""Validity asked for with a limit when the client's credit has no end in the future."""
LONGEST_REMARK = 300


def waiting_requests(account_pks: Iterable[int]) -> dict[tuple[int, str], Request]:
    """The requests of these kinds that are not finished yet, by client and kind."""
    rows = Request.objects.for_system().filter(kind__in=FIELDS, account_id__in=list(account_pks), status__in=LIVE)
    return {(row.account_id or 0, row.kind): row for row in rows}


def asks_the_same(request: Request, account: Account, data: dict[str, Any]) -> bool:
    """Whether a waiting request asks for exactly what a row of an import states."""
    asked = request.snapshot["asked"]
    if request.kind == GRADE:
        return bool(asked["grade"] == data["grade"])
    if request.kind == HANDOVER:
        return bool(asked["member"] == data["owner"])
    wanted, waiting = wanted_credit(account, data), thawed(asked)
    return (wanted.limit, wanted.term_kind, wanted.term_days) == (waiting.limit, waiting.term_kind, waiting.term_days)


def wanted_credit(account: Account, data: dict[str, Any]) -> Credit:
    """The credit that a row of an import wants: what it does not state stays, an end that is past is set anew."""
    present = credit_of(account)
    ends_on = present.ends_on if present.ends_on and present.ends_on > today() else today() + CREDIT_FOR
    return Credit(
        limit=Decimal(data.get("credit_limit", present.limit)),
        term_kind=data.get("term_kind", present.term_kind),
        term_days=data.get("term_days", present.term_days),
        rating=present.rating,
        monthly=present.monthly,
        ends_on=ends_on,
    )


def ask(run: ImportRun, row: ImportRow, account: Account) -> None:
    """File what needs an approval as the person who confirmed; what cannot be filed is said beside the row."""
    asked = {change["field"] for change in row.needs_approval}
    filed: list[Request] = []
    remarks = []
    for kind, file in _FILING.items():
        if asked.isdisjoint(FIELDS[kind]):
            continue
        try:
            with transaction.atomic():
                filed.append(file(run, row, account))
        except DomainError as error:
            remarks.append(
                _("%(kind)s not put up for approval: %(reason)s") % {"kind": kind_title(kind), "reason": error}
            )
    if filed:
        numbers = listed(request.number for request in filed)
        remarks.insert(0, _("Put up for approval: %(numbers)s.") % {"numbers": numbers})
    row.before["requests"] = [request.pk for request in filed]
    row.remark = " ".join(remarks)[:LONGEST_REMARK]


def _credit(run: ImportRun, row: ImportRow, account: Account) -> Request:
    return credit_request(
        account_pk=account.pk,
        actor=_asking(run),
        credit=wanted_credit(account, row.data),
        reason=_reason(run, row),
        now=now(),
    )


def _grade(run: ImportRun, row: ImportRow, account: Account) -> Request:
    return grade_request(
        account_pk=account.pk, actor=_asking(run), grade=row.data["grade"], reason=_reason(run, row), now=now()
    )


def _handover(run: ImportRun, row: ImportRow, account: Account) -> Request:
    owner = Member.objects.for_system().get(pk=row.data["owner"])
    return handover_request(account_pk=account.pk, actor=_asking(run), owner=owner, reason=_reason(run, row), now=now())


_FILING: dict[str, Callable[[ImportRun, ImportRow, Account], Request]] = {
    CREDIT: _credit,
    GRADE: _grade,
    HANDOVER: _handover,
}


def _asking(run: ImportRun) -> Member:
    """Who confirmed the import asks."""
    member: Member | None = run.confirmed_by
    if member is None:
        raise NotAllowed(_("Only a member can ask for it."))
    return member


def _reason(run: ImportRun, row: ImportRow) -> str:
    """Where the request comes from; the number of the import keeps two imports of one file apart."""
    return _("Import %(run)s, %(file)s, sheet %(sheet)s, row %(row)s") % {
        "run": run.pk,
        "file": run.name,
        "sheet": row.sheet,
        "row": row.row,
    }
