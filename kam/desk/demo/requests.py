"""Requests in every state: waiting, overdue, with the executive, to be opened, returned, withdrawn, void, in effect."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from accounts.models import Account
from accounts.rules.credit import Credit
from accounts.services import account_change
from accounts.services.credit import credit_open, credit_request
from accounts.services.proposals import grade_request, handover_request
from accounts.services.shares import share_request
from kam.approvals.models import Request
from kam.approvals.services import request_decide, request_withdraw
from kam.outbox.services import notices_mark_all_read
from kam.people.models import Member

EXECUTIVE_ABOVE = Decimal(300_000)
WAITING = (
    # client, limit, days ago, reason
    ("恒泽连锁商业", 280_000, 3, "12 月年货备货，曹敏面谈提出。预计 12 月进货 24 万元，1 月 20 日前回款。"),
    ("新禾农贸连锁", 300_000, 0, "冬季生鲜旺季，新增两家门店。"),
    ("宏砚模具", 300_000, 1, "新模具项目投产，月均进货增加。"),
)


def load_requests(clients: dict[str, Account], members: dict[str, Member], *, at: datetime) -> None:
    """Open the credits that the clients have, then put the waiting and the ended requests beside them."""
    for account, credit, days in _opened(clients, at):
        _open(account, credit, members, at - timedelta(days=days))
    for member in members.values():
        notices_mark_all_read(actor=member, at=at + timedelta(hours=1))
    director = members["shenyanqing"]
    for name, limit, days, reason in WAITING:
        _ask(clients[name], _raised(clients[name], limit), reason, members, at - timedelta(days=days, hours=2))
    with_executive = _ask(
        clients["永嘉轴承制造"],
        _raised(clients["永嘉轴承制造"], 680_000),
        "年度框架续签，采购量上调三成。",
        members,
        at - timedelta(days=2),
    )
    _say(with_executive, director, "approve", "同意，按框架合同执行。", at - timedelta(days=1))
    to_open = _ask(
        clients["德润医药"],
        _raised(clients["德润医药"], 300_000),
        "额度下调，改按季结算。",
        members,
        at - timedelta(days=2),
    )
    _say(to_open, director, "approve", "同意。", at - timedelta(hours=20))
    returned = _ask(
        clients["桐湖生鲜超市"],
        _raised(clients["桐湖生鲜超市"], 150_000),
        "门店扩张。",
        members,
        at - timedelta(days=5),
    )
    _say(returned, director, "return", "先把 9 月逾期收回，再谈提额。", at - timedelta(days=4))
    withdrawn = _ask(
        clients["白鹭洲酒店"],
        _raised(clients["白鹭洲酒店"], 90_000),
        "客户临时增加订单。",
        members,
        at - timedelta(days=6),
    )
    request_withdraw(
        request_pk=withdrawn.pk,
        actor=withdrawn.requester,
        seen_revision=withdrawn.revision,
        now=at - timedelta(days=5),
        reason="客户改为预付",
    )
    _void(clients["金穗粮油"], members, at)
    by_delegate = _ask(
        clients["知微书店"], _raised(clients["知微书店"], 40_000), "新学期教辅备货。", members, at - timedelta(hours=8)
    )
    _say(by_delegate, members["heyun"], "approve", "在授权额度内，同意。", at)
    _shares(clients, members, at)
    _proposals(clients, members, at)


def _opened(clients: dict[str, Account], at: datetime) -> list[tuple[Account, Credit, int]]:
    """Clients with the credit of clients.csv and how many days ago it was opened."""
    on = timezone.localdate(at)
    with (Path(__file__).parent / "clients.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if int(row["limit"]) and row["status"] != "ended"]
    return [
        (
            clients[row["short"]],
            Credit(
                limit=Decimal(row["limit"]),
                term_kind=row["term"],
                term_days=int(row["days"]),
                rating=row["rating"],
                monthly=Decimal(row["limit"]) / 2,
                ends_on=on + timedelta(days=120 + position * 7),
            ),
            200 - position * 4,
        )
        for position, row in enumerate(rows)
    ]


def _raised(account: Account, limit: int) -> Credit:
    account.refresh_from_db()
    return Credit(
        limit=Decimal(limit),
        term_kind=account.term_kind,
        term_days=account.term_days,
        rating=account.credit_rating,
        monthly=Decimal(limit) * Decimal("0.6"),
        ends_on=account.credit_ends_on,
    )


def _ask(account: Account, credit: Credit, reason: str, members: dict[str, Member], at: datetime) -> Request:
    owner = account.owner
    assert owner is not None, "every demo client has an owner"  # noqa: S101
    return credit_request(account_pk=account.pk, actor=owner, credit=credit, reason=reason, now=at)


def _say(request: Request, actor: Member, outcome: str, comment: str, at: datetime) -> None:
    step = request.steps.get(revision=request.revision, progress="current")
    request_decide(
        request_pk=request.pk,
        step_pk=step.pk,
        seen_revision=request.revision,
        actor=actor,
        outcome=outcome,
        comment=comment,
        now=at,
    )


def _open(account: Account, credit: Credit, members: dict[str, Member], at: datetime) -> None:
    request = _ask(account, credit, "首次授信，信用调查合格。", members, at)
    _say(request, members["shenyanqing"], "approve", "同意。", at + timedelta(days=1))
    if credit.limit > EXECUTIVE_ABOVE:
        _say(request, members["guchengyuan"], "approve", "同意。", at + timedelta(days=2))
    credit_open(
        request_pk=request.pk,
        seen_revision=request.revision,
        actor=members["duanwenjing"],
        now=at + timedelta(days=3),
    )


def _void(account: Account, members: dict[str, Member], at: datetime) -> None:
    """The client's name is corrected while the request waits: what was asked no longer is what would be approved."""
    _ask(account, _raised(account, 120_000), "元旦备货。", members, at - timedelta(days=1))
    account_change(
        account_pk=account.pk,
        actor=members["heyun"],
        data={"name": "金穗粮油贸易（北辰）有限公司"},
        version=account.version,
        similar_are_others=True,
    )


def _shares(clients: dict[str, Account], members: dict[str, Member], at: datetime) -> None:
    on = timezone.localdate(at)
    for name, colleague, permission, outcome in (
        ("苏陵电子", "fangjincheng", "view", ""),
        ("安澜供热", "luojiahe", "change", "return"),
        ("明德中学", "xuzhixia", "view", "approve"),
    ):
        request = share_request(
            account_pk=clients[name].pk,
            actor=clients[name].owner,  # type: ignore[arg-type]
            member=members[colleague],
            permission=permission,
            ends_on=on + timedelta(days=30),
            reason="休假期间请同事照看。",
            now=at - timedelta(hours=30),
        )
        if outcome:
            _say(request, members["shenyanqing"], outcome, "写明照看哪些事。" if outcome == "return" else "", at)


def _proposals(clients: dict[str, Account], members: dict[str, Member], at: datetime) -> None:
    """A better grade and a hand-over that wait for the director."""
    grade_request(
        account_pk=clients["宏砚模具"].pk,
        actor=members["zhoumuye"],
        grade="A",
        reason="新项目投产，今年采购量已翻番。",
        now=at - timedelta(hours=5),
    )
    handover_request(
        account_pk=clients["安澜供热"].pk,
        actor=members["heyun"],
        owner=members["luojiahe"],
        reason="年终调区，门店都在城东。",
        now=at - timedelta(hours=4),
    )
