"""A workbook of clients, 14 columns wide, as a department keeps it: amounts, terms and codes in several notations."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from accounts.models import Account
from tests.bench.data import MIDDLES, PLACES, TRADES

COLUMNS = (
    "编号",
    "单位名称",
    "客户类别",
    "信用代码",
    "省",
    "市",
    "通信地址",
    "行业",
    "客户级别",
    "负责人",
    "授信额度（元）",
    "结算账期",
    "开户行及账号",
    "说明",
)
KINDS = ("联盟商户", "企业", "职能部门", "连锁卖场", "学校图书馆")
LIMITS = ("50万", "¥300,000", 200000, "１０００００", 0)
TERMS = ("月结60天", "30天", 45, "月结30天")
DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def write_workbook(target: Path, *, rows: int, known: int, managers: int) -> None:
    """Write `rows` clients, `known` of them stored ones with another industry; owners are 经理0, 经理1, …"""
    book = Workbook(write_only=True)
    page = book.create_sheet("客户档案")
    page.append(["大客户部客户档案"])
    page.append([])
    page.append(list(COLUMNS))
    for row in (*_stored(known), *_fresh(rows - known, managers)):
        page.append(row)
    book.save(target)


def _stored(count: int) -> Iterator[list[Any]]:
    """Rows that give stored clients another industry and one more address; their account managers stay."""
    rows = Account.objects.for_system().select_related("owner").order_by("pk")
    for account in rows[:count]:
        owner = f"经理{account.owner.username.removeprefix('manager')}"
        row: list[Any] = [None] * len(COLUMNS)
        row[0], row[1], row[6], row[7], row[9] = account.number, account.name, f"{account.number}路1号", "百货", owner
        yield row


def _fresh(count: int, managers: int) -> Iterator[list[Any]]:
    chance = random.Random(20261124)
    for number in range(count):
        place, middle = chance.choice(PLACES), "".join(chance.choices(MIDDLES, k=2))
        yield [
            f"N-{number:05}",
            f"{place}{middle}{chance.choice(TRADES)}{number}号有限公司",
            chance.choice(KINDS),
            _code(number),
            "江南省",
            f"{place}市",
            f"{place}市人民路{number}号",
            "零售",
            chance.choice("ABCD"),
            f"经理{number % managers}",
            chance.choice(LIMITS),
            chance.choice(TERMS),
            f"农业银行 5750{number:012}",
            "每月对账",
        ]


def _code(number: int) -> str:
    """A valid unified social credit code."""
    start = f"91440300{number:09}"
    check = (31 - sum(DIGITS.index(each) * weight for each, weight in zip(start, WEIGHTS, strict=True)) % 31) % 31
    return start + DIGITS[check]
