"""Loads the demo department through the services that people use, so that it obeys every rule."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation
from PIL import Image
from stdnum.cn.uscc import calc_check_digit

from accounts.models import Account, Address, BankAccount, Warehouse
from accounts.services import (
    account_assign,
    account_change,
    account_create,
    account_grade,
    account_share,
    account_status_change,
    attachment_add,
    contact_create,
    contact_leave,
    part_create,
)
from kam.catalogue.services import product_add, product_change
from kam.core.history import record_save
from kam.desk.demo.care import load_care
from kam.desk.demo.jobs import load_jobs
from kam.desk.demo.messages import load_messages
from kam.desk.demo.people import LEFT, NEWCOMER, PASSWORD, PEOPLE, UNITS, Person
from kam.desk.demo.requests import load_requests
from kam.desk.demo.visits import load_plans, load_visits
from kam.people.models import Member, Unit
from kam.people.services import (
    delegation_grant,
    delegation_revoke,
    member_add,
    member_leave,
    unit_add,
)

HERE = Path(__file__).parent
STREETS = ["解放路", "人民路", "长江路", "淮海路", "中山路", "建设大道"]
BANKS = ["工商银行江州分行", "建设银行江州分行", "农业银行永嘉支行", "招商银行北辰支行"]


def load(*, at: datetime) -> None:
    """Write members, clients, people, shares, files and requests; `at` is the present moment."""
    on = timezone.localdate(at)
    with translation.override("zh-hans"):
        with transaction.atomic():
            members = _people(on)
            _delegations(members, at)
            _leaver(members, at)
        _products(members, on)
        clients = _clients(members, on)
        with transaction.atomic():
            _contacts(clients, members, on)
            _parts(clients, members)
            _changes(clients, members, on)
            load_care(clients, members, at=at, on=on)
        _files(clients, members)
        load_requests(clients, members, at=at)
        load_jobs(members, at=at)
        load_visits(clients, members, at=at)
        load_plans(clients, members, at=at)
        load_messages(at=at)


def sign_ins() -> str:
    """A line for each demo person who is in the database: role, name, sign-in name, password."""
    known = {member.username: member for member in Member.objects.for_system().select_related("unit")}
    lines = [
        f"  {person.username:<14} {PASSWORD}   {known[person.username].get_role_display()} {person.full_name}"
        for person in PEOPLE
        if person.username in known
    ]
    return "\n".join(lines)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _people(on: date) -> dict[str, Member]:
    units: dict[str, Unit] = {}
    for name, kind, parent in UNITS:
        units[name] = unit_add(actor=None, name=name, kind=kind, parent=units.get(parent))
    members: dict[str, Member] = {}
    for position, person in enumerate((*PEOPLE, LEFT)):
        members[person.username] = _add(person, units, members, joined_on=on - timedelta(days=400 + 90 * position))
        _let_sign_in(members[person.username])
    members[NEWCOMER.username] = _add(NEWCOMER, units, members, joined_on=on)
    return members


def _let_sign_in(member: Member) -> None:
    """The demo's one password is the own one of everybody; hashing a second for each would take half the start."""
    member.must_change_password = False
    record_save(member, ["must_change_password"], actor=None)


def _add(person: Person, units: dict[str, Unit], members: dict[str, Member], *, joined_on: date) -> Member:
    member, _password = member_add(
        actor=None,
        username=person.username,
        full_name=person.full_name,
        role=person.role,
        unit=units[person.unit],
        superior=members.get(person.superior),
        phone=f"13{len(members):02}555{2000 + 37 * len(members)}",
        email=f"{person.username}@kam.example",
        post=person.post,
        territory=person.territory,
        joined_on=joined_on,
        password=PASSWORD,
    )
    return member


def _delegations(members: dict[str, Member], at: datetime) -> None:
    """One that is live, one that was called back, one that begins next week."""
    director, on = members["shenyanqing"], timezone.localdate(at)
    delegation_grant(
        actor=director,
        delegate_pk=members["heyun"].pk,
        authority="credit",
        ceiling_amount=Decimal(100_000),
        starts_on=on,
        ends_on=on + timedelta(days=20),
        on=on,
        note="部长出差期间",
    )
    called_back = delegation_grant(
        actor=director,
        delegate_pk=members["luyining"].pk,
        authority="share",
        starts_on=on,
        ends_on=on + timedelta(days=60),
        on=on,
    )
    delegation_revoke(actor=director, delegation_pk=called_back.pk, at=at, on=on)
    delegation_grant(
        actor=director,
        delegate_pk=members["fangjincheng"].pk,
        authority="share",
        starts_on=on + timedelta(days=7),
        ends_on=on + timedelta(days=14),
        on=on,
        note="年会期间",
    )


def _products(members: dict[str, Member], on: date) -> None:
    """On sale, with an end in sight, ended, to come; one whose price was raised since."""
    clerk = members["heyun"]
    for row in _rows("products.csv"):
        starts_on = on + timedelta(days=int(row["starts"]))
        data = {
            **{name: row[name] for name in ("code", "name", "series", "unit", "vat_rate")},
            "price": Decimal(row["price"]),
            "floor_price": Decimal(row["floor"]),
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(days=int(row["days"])) if row["days"] else None,
        }
        product = product_add(actor=clerk, data=data)
        if row["raised"]:
            product_change(
                product_pk=product.pk, actor=clerk, data={"price": Decimal(row["raised"])}, version=product.version
            )


def _leaver(members: dict[str, Member], at: datetime) -> None:
    on = timezone.localdate(at)
    member_leave(
        actor=members["shenyanqing"],
        member_pk=members[LEFT.username].pk,
        left_on=on - timedelta(days=30),
        at=at,
        on=on,
    )


def _clients(members: dict[str, Member], on: date) -> dict[str, Account]:
    """Clients with owner, deputy, grade, status; credit comes by the requests, as in life."""
    director = members["shenyanqing"]
    clients: dict[str, Account] = {}
    by_name: dict[str, Account] = {}
    for position, row in enumerate(_rows("clients.csv")):
        with transaction.atomic():
            account = account_create(
                actor=director,
                owner=members[row["owner"]],
                deputy=members.get(row["deputy"]),
                similar_are_others=True,
                data={
                    "name": row["name"],
                    "short_name": row["short"],
                    "kind": row["kind"],
                    "credit_code": _credit_code(position) if position % 6 != 5 else "",
                    "industry": row["industry"],
                    "source": ["老客户", "展会", "转介绍", "招标公告"][position % 4],
                    "province": "江南省",
                    "city": row["city"],
                    "parent": by_name.get(row["parent"]),
                    "invoice_kind": "special" if row["kind"] in ("enterprise", "chain_retailer") else "general",
                    "invoice_note": "备注写采购单号和仓库编码" if row["kind"] == "chain_retailer" else "",
                    "customer_since": on - timedelta(days=200 * (position % 9 + 1)),
                },
            )
            if row["grade"]:
                account_grade(account_pk=account.pk, actor=director, grade=row["grade"])
            _reach_status(account, row["status"], director)
            clients[row["short"]] = by_name[row["name"]] = account
    return clients


def _reach_status(account: Account, status: str, director: Member) -> None:
    steps = {"active": ["active"], "paused": ["active", "paused"], "ended": ["active", "ended"]}.get(status, [])
    seen = "prospect"
    for step in steps:
        reason = "客户装修停业" if step == "paused" else "合同到期未续" if step == "ended" else ""
        account_status_change(account_pk=account.pk, actor=director, to=step, seen=seen, reason=reason)
        seen = step


def _credit_code(position: int) -> str:
    body = f"9132{position:02}00MA{position * 7919 % 10**7:07}"[:17]
    return body + calc_check_digit(body)


def _contacts(clients: dict[str, Account], members: dict[str, Member], on: date) -> None:
    clerk = members["heyun"]
    for position, row in enumerate(_rows("contacts.csv")):
        contact_create(
            account_pk=clients[row["client"]].pk,
            actor=clerk,
            data={
                "name": row["name"],
                "gender": row["gender"],
                "post": row["post"],
                "mobile": row["mobile"],
                "birthday_calendar": row["calendar"],
                "birthday_year": int(row["year"]) if row["year"] else None,
                "birthday_month": int(row["month"]) if row["month"] else None,
                "birthday_day": int(row["day"]) if row["day"] else None,
                "birthday_leap": row["leap"] == "1",
                "stance": row["stance"],
                "is_key": row["key"] == "1",
                "consent": ["given", "unasked", "given", "refused"][position % 4],
                "preferences": ["喜欢兰花", "不饮酒", "爱好羽毛球", ""][position % 4],
            },
        )
    for days in (0, 3, 6):
        day = on + timedelta(days=days)
        contact_create(
            account_pk=clients["鼎晟电器"].pk,
            actor=clerk,
            data={
                "name": ["叶知秋", "石小满", "江晚晴"][days // 3],
                "post": "品类经理",
                "birthday_calendar": "solar",
                "birthday_month": day.month,
                "birthday_day": min(day.day, 28),
                "stance": "supports",
            },
        )
    gone = contact_create(account_pk=clients["恒泽连锁商业"].pk, actor=clerk, data={"name": "邵平", "post": "对账员"})
    contact_leave(contact_pk=gone.pk, actor=clerk, left_on=on - timedelta(days=45))


def _parts(clients: dict[str, Account], members: dict[str, Member]) -> None:
    clerk = members["heyun"]
    for position, account in enumerate(clients.values()):
        street = f"{STREETS[position % len(STREETS)]}{position * 13 + 8}号"
        part_create(
            model=Address,
            account_pk=account.pk,
            actor=clerk,
            data={"kind": "office", "province": account.province, "city": account.city, "line": street},
        )
        if position % 3 != 2:
            part_create(
                model=BankAccount,
                account_pk=account.pk,
                actor=clerk,
                data={
                    "bank_name": BANKS[position % len(BANKS)],
                    "account_number": f"6222{position * 104729 % 10**12:012}",
                    "holder": account.name,
                    "is_default": True,
                },
            )
        if account.kind == "chain_retailer":
            part_create(
                model=Warehouse,
                account_pk=account.pk,
                actor=clerk,
                data={
                    "code": f"DC{position:03}",
                    "name": "中心仓",
                    "line": f"物流园{position + 1}号库",
                    "recipient": "收货组",
                },
            )


def _changes(clients: dict[str, Account], members: dict[str, Member], on: date) -> None:
    """A life of changes: edits by several hands, a reassignment, live shares."""
    manager, director = members["luyining"], members["shenyanqing"]
    account = clients["恒泽连锁商业"]
    account_change(
        account_pk=account.pk, actor=manager, data={"note": "年前备货量大，付款习惯月底集中。"}, version=account.version
    )
    account_change(account_pk=account.pk, actor=members["heyun"], data={"industry": "家电连锁零售"}, version=2)
    moved = clients["汇丰源建材"]
    account_assign(
        account_pk=moved.pk, owner=members["xuzhixia"], deputy=members["zhoumuye"], actor=director, reason="区域调整"
    )
    for name, colleague, permission, days in (
        ("恒泽连锁商业", "xuzhixia", "view", 38),
        ("云岭图书馆", "luyining", "change", 5),
        ("鼎晟电器", "zhoumuye", "view", 120),
    ):
        account_share(
            account_pk=clients[name].pk,
            member=members[colleague],
            permission=permission,
            ends_on=on + timedelta(days=days),
            actor=director,
        )


def _files(clients: dict[str, Account], members: dict[str, Member]) -> None:
    account = clients["恒泽连锁商业"]
    picture = io.BytesIO()
    Image.new("RGB", (640, 400), (47, 74, 158)).save(picture, "PNG")
    for name, content, note in (
        ("门头照片.png", picture.getvalue(), "东郊店"),
        ("年度采购意向.txt", "预计全年采购 240 万元，12 月备货 24 万元。".encode(), "会后整理"),
    ):
        attachment_add(
            account_pk=account.pk, actor=members["luyining"], upload=SimpleUploadedFile(name, content), note=note
        )
