"""The empty workbook that can be filled in and imported: pick-lists as validations, one filled example row."""

from collections.abc import Sequence
from typing import BinaryIO

from accounts.choices import Grade
from accounts.imports.registers import CLIENTS, CONTACTS
from accounts.imports.stored_cells import CALENDARS, GENDERS, KINDS
from kam.core.imports.judging import EXAMPLE
from kam.core.workbooks.headers import Register
from kam.core.workbooks.writing import columns_of, write_registers

EXAMPLES: dict[str, dict[str, str]] = {
    CLIENTS.code: {
        "name": f"{EXAMPLE}：江州恒泽商业有限公司",
        "short_name": "恒泽商业",
        "kind": "连锁卖场",
        "credit_code": "91XXXXXXXXXXXXXXXX",
        "province": "江苏",
        "city": "南京",
        "county": "玄武区",
        "address": "中山路1号",
        "industry": "家电零售",
        "grade": "A",
        "credit_limit": "50万",
        "term": "月结60天",
        "bank": "农业银行 5750040793379156",
        "source": "展会",
        "website": "www.example.com",
        "note": "这一行是示例，不会导入",
    },
    CONTACTS.code: {
        "account": f"{EXAMPLE}：江州恒泽商业有限公司",
        "name": "王敏",
        "gender": "女",
        "unit_name": "采购部",
        "post": "经理",
        "mobile": "139 0555 2741",
        "landline": "0555-1234567 转 801",
        "email": "wangmin@example.com",
        "wechat": "wangmin2741",
        "birthday": "八月十五",
        "calendar": "农历",
        "preferences": "素食",
        "note": "这一行是示例，不会导入",
    },
}
"""An example keeps its client's name or its code: with both overwritten it is the clerk's own row."""


def write_template(target: BinaryIO, managers: list[str]) -> None:
    """Write the workbook; `managers` are the names offered for the account manager."""
    sheets = [(register, [_example(register, managers)]) for register in (CLIENTS, CONTACTS)]
    write_registers(target, sheets, options_for(managers), examples=True)


def _example(register: Register, managers: Sequence[str]) -> list[str | None]:
    cells = EXAMPLES[register.code] | {"owner": "".join(managers[:1])}
    return [cells.get(column.key) for column in columns_of(register)]


def options_for(managers: Sequence[str]) -> dict[str, Sequence[str]]:
    """The words to choose from, by column key."""
    return {
        "kind": tuple(KINDS.values()),
        "grade": Grade.values,
        "gender": tuple(GENDERS.values()),
        "calendar": tuple(CALENDARS.values()),
        "owner": managers,
    }
