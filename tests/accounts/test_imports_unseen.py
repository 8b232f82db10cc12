"""A workbook of other habits: two header rows, headings, footers, every notation; no correct cell is called wrong."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from stdnum.cn.uscc import calc_check_digit

from kam.core.imports.plan import Outcome
from tests.accounts.test_imports_dry_run import cells_of, dry_run
from tests.support.people import member

pytestmark = pytest.mark.django_db
OWNERS = ("卫东升", "吴思远", "郑雨桐")
GROUPS = (None, "序号", "客户基本信息", *(None,) * 4, "授信", None, None, "维护", None, "联系地址", "其他说明")
HEADS = (
    *(None, None, "档案编号", "单位全称", "客户性质", "纳税人识别号", "所属行业"),
    *("授信金额", "付款期限", "客户分级", "大客户经理", "客户来源", None, None),
)
KINDS = ("企业", "企业客户", "政府机关", "连锁零售", "学校", "图书馆", "联盟商户", "职能部门")
LIMITS = {
    "50万": 500_000, "¥300,000.00": 300_000, "３０万元": 300_000, "0.2亿": 20_000_000, "30万5千": 305_000,
    "五十万": 500_000, "500,000元": 500_000, "人民币80万元整": 800_000, "贰拾万元整": 200_000, "12.5万": 125_000,
    600_000: 600_000, 0: 0,
}  # fmt: skip
TERMS = {
    "月结60天": ("month_end", 60), "60": ("days", 60), "货到60天": ("days", 60), "预付": ("prepaid", 0),
    30: ("days", 30), "款到发货": ("prepaid", 0), "现结": ("days", 0),
    "月结三十天": ("month_end", 30), "账期45天": ("days", 45),
    "收货后30天": ("days", 30), "月结（30天）": ("month_end", 30), "６０天": ("days", 60),
}  # fmt: skip
BIRTHDAYS = {
    ("1981-3-1", "公历"): ("solar", 3, 1, False), ("1981/3/1", None): ("solar", 3, 1, False),
    ("1981.3.1", "阳历"): ("solar", 3, 1, False), ("1981年3月1日", "新历"): ("solar", 3, 1, False),
    ("19810301", None): ("solar", 3, 1, False), (19810301, None): ("solar", 3, 1, False),
    (29646, None): ("solar", 3, 1, False), (datetime(1981, 3, 1), "公历"): ("solar", 3, 1, False),
    ("１９８１－３－１", None): ("solar", 3, 1, False), ("8-15", "公历"): ("solar", 8, 15, False),
    ("农历八月十五", "农历"): ("lunar", 8, 15, False), ("腊月三十", "阴历"): ("lunar", 12, 30, False),
    ("闰四月初三", "旧历"): ("lunar", 4, 3, True), ("冬月廿九", None): ("lunar", 11, 29, False),
    ("8月15日", "农"): ("lunar", 8, 15, False), ("一九八一年三月一日", "公历"): ("solar", 3, 1, False),
}  # fmt: skip
MOBILES = (
    *("13905550001", "139 0555 0002", "139-0555-0003", "+86 13905550004", 13905550005, "１３９０５５５０００６"),
    *("8613905550007", "139.0555.0008", "(+86)13905550009", "0086 139 0555 0010"),
)


def code(number: int, *, wrong: bool = False) -> str:
    body = f"91440300{number:09d}"
    digit = calc_check_digit(body)
    return body + (digit if not wrong else "0" if digit != "0" else "1")


def name(number: int) -> str:
    return f"江州第{number}重型机械（集团）有限公司" if number % 2 else f"海州市实验小学{number}部"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for owner in OWNERS:
        member(full_name=owner)
    workbook = openpyxl.Workbook()
    _clients(workbook.active)
    _people(workbook.create_sheet("人员通讯录"))
    path = tmp_path / "unseen.xlsx"
    workbook.save(path)
    return path


def _clients(page) -> None:
    page.title = "重点客户台账"
    page["B1"] = "××公司大客户部重点客户台账"
    page["B2"] = "编制：综合内勤  数据截至：2026-10-31"
    for row in (1, 2):
        page.merge_cells(start_row=row, start_column=2, end_row=row, end_column=14)
    for column, (group, head) in enumerate(zip(GROUPS, HEADS, strict=True), 1):
        page.cell(5, column).value, page.cell(6, column).value = group, head
    for area in ("C5:G5", "H5:J5", "K5:L5", "B5:B6", "M5:M6", "N5:N6"):
        page.merge_cells(area)
    for place, (limit, term) in enumerate(zip(LIMITS, TERMS, strict=True)):
        number = place + 1
        cells = [f"DK-{number:03}", name(number), KINDS[place % 8], code(number).lower(), "机械", limit, term]
        _put(page, 7 + place, [number, *cells, ("A", "Ｂ级", "c类", "D级客户")[place % 4], f" {OWNERS[place % 3]} "])
    page["C19"] = "—— 第二部分 ——"
    page.merge_cells("C19:H19")
    _put(page, 20, [head or group for group, head in zip(GROUPS, HEADS, strict=True)][1:])
    wrong = [
        ["DK-41", "错一公司", "个人", code(41), None, "50万", "30天", "A", "卫东升"],
        ["DK-42", "错二公司", "企业", code(42, wrong=True), None, "很多", "30天", "A", "卫东升"],
        ["DK-43", "错三公司", "企业", code(43), None, "-5万", "票到30天", "Z", "查无此人"],
        ["DK-44", None, None, code(44), None, "$5000", "随缘", None, None],
        ["DK-001", "错五公司", "企业", code(45), None, "5万", "30天", "A", "卫东升"],
        [None, name(1).replace("（", "("), "企业", code(1), None, "50万", "30天", "A", "卫东升"],
    ]
    for place, cells in enumerate(wrong):
        _put(page, 21 + place, [21 + place, *cells])
    _put(page, 27, [None, "合  计：6户", None, None, None, None, "=SUM(H7:H26)"])
    _put(page, 29, ["备注：授信金额以财务口径为准。"])
    _put(page, 30, ["制表人：何韵", None, None, None, "审核：沈砚清", None, None, "日期：2026-11-01"])


def _people(page) -> None:
    page["A1"] = "客户联系人通讯录"
    page.merge_cells("A1:K1")
    _put(page, 3, ["客户单位", "人员姓名", "称谓", "手机号码", "办公电话", "电子邮件", "生日"], 1)
    _put(page, 4, [None] * 6 + ["日期", "历种"], 1)
    for column in "ABCDEF":
        page.merge_cells(f"{column}3:{column}4")
    page.merge_cells("G3:H3")
    for place, birthday in enumerate(BIRTHDAYS):
        phone = ("0555-1234567", "(0755)12345678", "010-12345678转801", "400-800-1234")[place % 4]
        mobile = MOBILES[place] if place < len(MOBILES) else None
        _put(page, 5 + place, [name(1), f"张{place}", "先生", mobile, phone, f"n{place}@example.com", *birthday], 1)
    wrong = [
        [name(3), "李一", "先生", "0555-1234567", None, "abc@domain"],
        [name(3), "李二", "未知", "1390555274", "1234567", None, "公历1981-02-29"],
        [name(3), None, None, None, None, None, "农历十三月初一"],
        [name(3), "李四", None, None, None, None, "农历八月十五", "公历"],
        ["从没听说过的公司", "李五"],
        [None, "李六", None, None, None, None, "农历三十一"],
        ["错一公司", "李七"],
        [name(1), "张甲", None, "139 0555 0001"],
    ]
    for place, cells in enumerate(wrong):
        _put(page, 30 + place, cells, 1)


def _put(page, row: int, cells, column: int = 2) -> None:
    for place, value in enumerate(cells):
        page.cell(row, column + place).value = value


def test_every_mistake_is_found_at_its_cell_and_nothing_else(book):
    report, rows = dry_run(book)
    clients, people = report.sheets
    assert cells_of(report, 0) == {
        (21, "客户性质"), (22, "纳税人识别号"), (22, "授信金额"), (23, "授信金额"), (23, "付款期限"), (23, "客户分级"),
        (23, "大客户经理"), (24, "单位全称"), (24, "客户性质"), (24, "授信金额"), (24, "付款期限"), (24, "大客户经理"),
        (25, "档案编号"),
    }  # fmt: skip
    assert cells_of(report, 1) == {
        (30, "手机号码"), (30, "电子邮件"), (31, "称谓"), (31, "手机号码"), (31, "办公电话"), (31, "日期"),
        (32, "人员姓名"), (32, "日期"), (33, "历种"), (34, "客户单位"), (35, "客户单位"), (35, "日期"),
    }  # fmt: skip
    assert rows["重点客户台账", 26].outcome is Outcome.DUPLICATE
    assert rows["人员通讯录", 36].outcome is Outcome.BLOCKED
    assert rows["人员通讯录", 37].outcome is Outcome.DUPLICATE
    assert [remark.row for remark in clients.general] == [19, 20, 27, 29, 30]
    assert [clients.rows, people.rows] == [18, 24]
    for sheet in report.sheets:
        assert sheet.rows == sum(sheet.counts.values())
        assert sheet.counts[Outcome.ERROR] == len({remark.row for remark in sheet.errors})


def test_every_notation_means_what_it_should(book):
    _report, rows = dry_run(book)
    for place, (limit, term) in enumerate(zip(LIMITS.values(), TERMS.values(), strict=True)):
        row = rows["重点客户台账", 7 + place]
        assert row.outcome is Outcome.NEW
        assert (float(row.data["credit_limit"]), row.data["term_kind"], row.data["term_days"]) == (limit, *term)
        assert row.data["grade"] == "ABCD"[place % 4]
    for place, birthday in enumerate(BIRTHDAYS.values()):
        row = rows["人员通讯录", 5 + place]
        assert row.outcome is Outcome.NEW
        parts = ("calendar", "month", "day", "leap")
        assert tuple(row.data[f"birthday_{part}"] for part in parts) == birthday
        if place < len(MOBILES):
            assert row.data["mobile"] == f"+861390555{place + 1:04}"
