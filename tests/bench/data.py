"""A large invented department: clients with their people, papers and past, grants and search terms, written in bulk."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.choices import AccountKind, AccountStatus, AddressKind, Grade, TermKind
from accounts.models import Account, AccountGrant, Address, BankAccount, Contact, SearchTerm
from accounts.rules.names import company_name_key, name_without_places
from kam.core.calendar import now
from kam.people.choices import Role, UnitKind
from kam.people.models import Member, Unit

PASSWORD = "Bench-2026-kam"
CLIENTS_PER_MANAGER = 150
CONTACTS_PER_CLIENT = 3
BATCH = 2000

Row = TypeVar("Row")

PLACES = [
    "江州",
    "云岭",
    "永嘉",
    "澜江",
    "锦川",
    "北辰",
    "桐湖",
    "新禾",
    "海棠",
    "千帆",
    "恒泽",
    "苏宁",
    "青禾",
    "长乐",
]
MIDDLES = ["华", "瑞", "通", "达", "盛", "源", "宏", "远", "信", "博", "嘉", "润", "德", "丰", "安", "康", "利", "和"]
TRADES = ["商贸", "轴承制造", "电器连锁", "供热", "图书馆", "汽车零部件", "物流", "生鲜超市", "职业技术学院", "百货"]
ENDINGS = ["有限公司", "股份有限公司", "集团有限公司", "有限责任公司"]
SURNAMES = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
GIVEN = [
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "强",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "丽华",
    "国栋",
    "文博",
    "雨桐",
    "子轩",
    "明远",
]


def batches(rows: Iterable[Row], size: int = BATCH) -> Iterator[list[Row]]:
    """Cut a stream of rows into lists of `size`."""
    stream = iter(rows)
    while block := list(islice(stream, size)):
        yield block


def fill(scale: int) -> dict[str, int]:
    """Write `20,000 × scale` clients with their people; returns the number of rows by table."""
    random.seed(20261123)
    clients = 20_000 * scale
    managers = _members(max(2, clients // CLIENTS_PER_MANAGER))
    clerk = Member.objects.for_system().get(username="clerk")
    _accounts(clients, managers, clerk)
    _contacts(clerk)
    _papers()
    _grants()
    call_command("rebuild_search", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    models = (Member, Account, Contact, AccountGrant, SearchTerm)
    return {model._meta.model_name or "": model.objects.for_system().count() for model in models}


def _members(managers: int) -> list[Member]:
    unit = Unit.objects.create(name="大客户部", kind=UnitKind.DEPARTMENT)
    password = make_password(PASSWORD)
    people = [("clerk", Role.CLERK), ("director", Role.DIRECTOR)]
    people += [(f"manager{n}", Role.MANAGER) for n in range(managers)]
    rows = [
        Member(
            username=username,
            full_name=random.choice(SURNAMES) + random.choice(GIVEN),
            role=role,
            unit=unit,
            password=password,
            must_change_password=False,
        )
        for username, role in people
    ]
    return [row for row in Member.objects.bulk_create(rows, BATCH) if row.role == Role.MANAGER]


def _accounts(count: int, managers: list[Member], clerk: Member) -> None:
    names = (
        random.choice(PLACES) + "".join(random.choices(MIDDLES, k=2)) + random.choice(TRADES) + random.choice(ENDINGS)
        for _ in range(count)
    )
    rows = (
        Account(
            number=f"KA-{n:06}",
            name=name,
            name_key=company_name_key(name),
            name_stem=name_without_places(name),
            kind=random.choice(AccountKind.values),
            status=random.choice(AccountStatus.values),
            grade=random.choice(Grade.values),
            industry="零售",
            province="江南省",
            city=random.choice(PLACES) + "市",
            owner=managers[n % len(managers)],
            credit_limit=random.randrange(0, 1_000_000, 1000),
            term_kind=TermKind.DAYS,
            term_days=random.choice([15, 30, 45, 60]),
            customer_since=date(2020, 1, 1),
        )
        for n, name in enumerate(names, 1)
    )
    for block in batches(rows):
        _record(Account.objects.bulk_create(block), clerk)


def _record(accounts: list[Account], clerk: Member) -> None:
    """Field history: each client was entered as a prospect without credit and changed once since."""
    history = Account.history
    opened = timezone.now() - timedelta(days=300)
    standing = [(row.status, row.credit_limit) for row in accounts]
    for row in accounts:
        row.status, row.credit_limit = AccountStatus.PROSPECT, Decimal(0)
    history.bulk_history_create(accounts, default_user=clerk, default_date=opened)
    for row, (status, limit) in zip(accounts, standing, strict=True):
        row.status, row.credit_limit = status, limit
        row._change_reason = "年度复核"  # type: ignore[attr-defined]
    history.bulk_history_create(accounts, default_user=clerk, default_date=opened + timedelta(days=99), update=True)


def _contacts(clerk: Member) -> None:
    ids = Account.objects.for_system().order_by("pk").values_list("pk", flat=True).iterator(BATCH)
    rows = (
        Contact(
            account_id=account_id,
            name=random.choice(SURNAMES) + random.choice(GIVEN),
            post=random.choice(["采购总监", "财务经理", "总经理"]),
            mobile=f"+861{random.randrange(30, 99)}{random.randrange(10**8):08}",
            birthday_calendar=random.choice(["solar", "lunar"]),
            birthday_month=random.randint(1, 12),
            birthday_day=random.randint(1, 28),
            is_key=position == 0,
        )
        for account_id in ids
        for position in range(CONTACTS_PER_CLIENT)
    )
    for block in batches(rows):
        people = Contact.objects.bulk_create(block)
        Contact.history.bulk_history_create(people, default_user=clerk)


def _papers() -> None:
    """A bank account and an address of each client."""
    ids = list(Account.objects.for_system().values_list("pk", flat=True))
    accounts = (
        BankAccount(account_id=pk, bank_name="江州银行城东支行", account_number=f"6222{pk:012}", is_default=True)
        for pk in ids
    )
    addresses = (
        Address(account_id=pk, kind=AddressKind.values[0], city="江州市", line=f"城东路 {pk} 号") for pk in ids
    )
    for block in batches(accounts):
        BankAccount.objects.bulk_create(block)
    for block in batches(addresses):
        Address.objects.bulk_create(block)


def _grants() -> None:
    permissions = list(
        Permission.objects.filter(codename__in=["view_account", "change_account"], content_type__app_label="accounts")
    )
    owners = Account.objects.for_system().values_list("pk", "owner_id").iterator(BATCH)
    rows = (
        AccountGrant(user_id=owner, content_object_id=pk, permission=permission, source="own")
        for pk, owner in owners
        for permission in permissions
    )
    for block in batches(rows):
        AccountGrant.objects.bulk_create(block)


def stamp() -> str:
    """When the run was made, for the report."""
    return timezone.localtime(now()).isoformat(timespec="seconds")
