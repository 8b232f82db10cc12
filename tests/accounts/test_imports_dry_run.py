"""The dry run of a workbook: every planted mistake at its cell, no correct cell called wrong, counts that add up."""

import json
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from openpyxl.styles import Font

from accounts.models import Account, Contact
from kam.core.imports.judging import judge_file
from kam.core.imports.plan import FileReport, ImportContext, Outcome, PlannedRow
from kam.core.imports.reporting import as_json
from tests.factories import account, contact
from tests.support.people import member

WORKBOOK = Path(__file__).parent.parent / "data" / "department-workbook.xlsx"
MANAGERS = ("卫东升", "吴思远", "郑雨桐", "周启航", "冯立群", "褚文静")
CODE = "统一社会信用代码"
PLANTED_CLIENTS = {
    *((row, CODE) for row in (8, 25, 42, 59, 76, 93, 110, 126)),
    *((125, column) for column in ("客户名称", "客户经理")),
    *((126, column) for column in ("客户类别", "等级", "客户经理", "信用额度", "账期")),
}
PLANTED_CONTACTS = {
    *((row, "手机") for row in (8, 45, 82, 119, 156, 193, 230, 267)),
    *((row, "邮箱") for row in (9, 38, 67, 96, 125, 154, 183, 212, 241, 270)),
    *((row, "生日") for row in (20, 22, 73, 81, 126, 140, 199, 232, 258, 285)),
}
VALID_CODES = ("914403001922038216", "91110000802100433B")

pytestmark = pytest.mark.django_db


@pytest.fixture
def managers():
    return [member(full_name=name) for name in MANAGERS]


def dry_run(path: Path, actor=None, **members: str) -> tuple[FileReport, dict[tuple[str, int], PlannedRow]]:
    rows: dict[tuple[str, int], PlannedRow] = {}
    report = judge_file(
        path, path.stem, ImportContext(actor, members), sink=lambda row: rows.update({(row.sheet, row.row): row})
    )
    return report, rows


def cells_of(report: FileReport, sheet: int) -> set[tuple[int, str]]:
    return {(remark.row, remark.column) for remark in report.sheets[sheet].errors}


def book(tmp_path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    return path


CLIENT_HEADER = ["客户编号", "客户名称", "客户类别", CODE, "客户经理", "信用额度", "账期"]


def client(number=None, name="江州大学", kind="学校", code=None, owner="卫东升", limit=0, term="30天"):
    return [number, name, kind, code, owner, limit, term]


def test_every_planted_mistake_of_the_departments_workbook_is_found_and_nothing_else(managers):
    report, _rows = dry_run(WORKBOOK)
    assert [sheet.name for sheet in report.sheets] == ["客户档案", "联系人"]
    assert cells_of(report, 0) == PLANTED_CLIENTS
    assert cells_of(report, 1) == PLANTED_CONTACTS
    assert [sheet.rows for sheet in report.sheets] == [124, 290]
    assert report.sheets[0].counts == {
        Outcome.NEW: 113,
        Outcome.CHANGED: 0,
        Outcome.UNCHANGED: 0,
        Outcome.DUPLICATE: 2,
        Outcome.BLOCKED: 0,
        Outcome.LEFT_OUT: 0,
        Outcome.ERROR: 9,
    }
    assert report.sheets[1].counts[Outcome.BLOCKED] == 12
    assert report.sheets[1].counts[Outcome.ERROR] == 28


def test_the_other_registers_are_named_with_their_rows(managers):
    report, _rows = dry_run(WORKBOOK)
    assert {sheet.name: sheet.rows for sheet in report.untaken} == {
        "走访日志": 360,
        "报价台账": 120,
        "合同台账": 60,
        "发货开票台账": 240,
        "回款台账": 149,
    }


def test_a_dry_run_writes_nothing(managers):
    dry_run(WORKBOOK)
    assert not Account.objects.exists()
    assert not Contact.objects.exists()


def test_what_was_understood_stands_beside_the_original(managers):
    _report, rows = dry_run(WORKBOOK)
    limits = {row: rows["客户档案", row].data["credit_limit"] for row in (5, 7, 11, 12, 25)}
    assert limits == {5: "1000000.00", 7: "500000.00", 11: "100000.00", 12: "500000.00", 25: "2000000.00"}
    shown = {(seen.column, seen.value, seen.meaning) for seen in rows["客户档案", 12].understood}
    assert ("信用额度", "50万", "500,000.00") in shown
    assert rows["联系人", 12].data["birthday_leap"] is True
    assert {seen.column for seen in rows["联系人", 6].understood} >= {"手机", "生日"}


def test_a_second_occurrence_points_at_the_first_and_blocked_rows_at_the_row_they_wait_for(managers):
    _report, rows = dry_run(WORKBOOK)
    assert rows["客户档案", 123].waits_for == ("客户档案", 5)
    assert rows["客户档案", 124].waits_for == ("客户档案", 7)
    assert rows["联系人", 17].outcome is Outcome.BLOCKED
    assert rows["联系人", 17].waits_for == ("客户档案", 8)


def test_without_the_managers_every_client_row_is_wrong_and_every_contact_waits_or_is_wrong():
    report, _rows = dry_run(WORKBOOK)
    assert report.sheets[0].counts[Outcome.ERROR] == 124
    assert report.sheets[1].counts[Outcome.BLOCKED] == 290 - 28
    assert cells_of(report, 1) == PLANTED_CONTACTS


def test_names_of_managers_can_be_matched_to_members():
    zhou = member(username="zhoumuye", full_name="周牧野")
    report, rows = dry_run(WORKBOOK, **dict.fromkeys(MANAGERS, "zhoumuye"))
    assert cells_of(report, 0) == PLANTED_CLIENTS
    assert rows["客户档案", 3].data["owner"] == zhou.pk


@pytest.mark.parametrize("state", [{"role": "clerk"}, {"is_active": False}])
def test_a_manager_is_an_account_manager_who_works_here(tmp_path, state):
    member(full_name="卫东升", **state)
    report, _rows = dry_run(book(tmp_path, ("客户", [CLIENT_HEADER, client()])))
    assert cells_of(report, 0) == {(2, "客户经理")}


def test_two_members_of_one_name_must_be_told_apart(tmp_path):
    member(full_name="卫东升")
    member(full_name="卫东升", username="weidongsheng2")
    path = book(tmp_path, ("客户", [CLIENT_HEADER, client()]))
    assert cells_of(dry_run(path)[0], 0) == {(2, "客户经理")}
    assert not dry_run(path, 卫东升="weidongsheng2")[0].sheets[0].errors


OTHER_CLIENTS = [
    ["大客户登记表"],
    [],
    [None, None, "（金额单位见表头）"],
    [
        None,
        "编号",
        "单位名称",
        "类别",
        "信用代码",
        "通信地址",
        "客户级别",
        "负责人",
        "授信额度（万元）",
        "结算账期",
        "说明",
    ],
    [
        None,
        "A-1",
        "江州第一中学",
        "学校",
        VALID_CODES[0].lower(),
        "江州市人民路1号",
        "a类",
        "吴思远",
        50,
        "月结三十天",
        None,
    ],
    [None, 17, "江州钢铁（集团）有限公司", "企业", VALID_CODES[1], None, "B", "吴思远", "20万", 45, "x"],
    [None, "A-3", "江州医院", "事业单位", "914403001922038217", None, "甲", "查无此人", "五十", "3个月", None],
    [None, "A-1", "另一家", "企业", None, None, None, "吴思远", None, None, None],
    [None, "A-9", "江州 第一中学", "学校", None, None, None, "吴思远", None, None, None],
    [None, None, None, None, None, None, None, None, None, None, "空行占位"],
    ["合计", None, None, None, None, None, None, None, "70万"],
]
OTHER_CONTACTS = [
    ["单位名称", "联系人", "称谓", "手机号码", "电子邮箱", "出生日期", "历法"],
    ["江州第一中学", "王一", "先生", 13905552741, "a@b.cn", "农历八月十五", "公历"],
    ["江州第一中学", "王二", "女士", "0555-1234567", "a@b", "公历1981-02-29", None],
    ["江州医院", "王三", None, None, None, "腊月三十", None],
    ["从没听说过的单位", "王四", None, None, None, None, None],
    ["江州第一中学", "王五", "男", "139 0555 2742", None, "1980年5月1日", "阳历"],
    ["江州第一中学", "王五", "男", None, None, None, None],
]


def test_an_unseen_workbook_with_other_words_and_places(tmp_path, managers):
    report, rows = dry_run(book(tmp_path, ("人", OTHER_CONTACTS), ("单位", OTHER_CLIENTS)))
    assert [sheet.name for sheet in report.sheets] == ["人", "单位"]
    assert cells_of(report, 1) == {
        (7, "信用代码"),
        (7, "客户级别"),
        (7, "负责人"),
        (7, "结算账期"),
        (8, "编号"),
        (10, "单位名称"),
        (10, "类别"),
        (10, "负责人"),
    }
    assert cells_of(report, 0) == {(2, "历法"), (3, "手机号码"), (3, "电子邮箱"), (3, "出生日期"), (5, "单位名称")}
    assert [rows["单位", row].outcome for row in (5, 6, 9)] == [Outcome.NEW, Outcome.NEW, Outcome.DUPLICATE]
    assert [rows["人", row].outcome for row in (4, 6, 7)] == [Outcome.BLOCKED, Outcome.NEW, Outcome.DUPLICATE]
    assert rows["单位", 5].data["credit_limit"] == "500000.00"
    assert rows["单位", 6].data["credit_limit"] == "200000.00"
    assert rows["单位", 5].data["term_days"] == 30
    for sheet in report.sheets:
        assert sheet.rows == sum(sheet.counts.values())
        assert sheet.counts[Outcome.ERROR] == len({remark.row for remark in sheet.errors})


def test_stored_clients_are_recognised_by_code_name_and_number(tmp_path, managers):
    known = account(name="江州大学", kind="school_library", number="KH1", credit_code=VALID_CODES[0], owner=managers[0])
    rows = [
        CLIENT_HEADER,
        client(name="江州大学", code=VALID_CODES[0], limit=None, term=None),
        client(number="KH1", name="江州理工大学", code=VALID_CODES[1]),
    ]
    report, planned = dry_run(book(tmp_path, ("客户", rows)))
    assert planned["客户", 2].outcome is Outcome.UNCHANGED
    assert planned["客户", 2].target == known.pk
    assert cells_of(report, 0) == {(3, "客户编号")}


def test_limit_term_grade_and_owner_of_a_stored_client_need_approval(tmp_path, managers):
    account(name="江州大学", kind="school_library", number="KH1", owner=managers[0])
    rows = [[*CLIENT_HEADER, "等级", "行业"], [*client(number="KH1", limit="5万", owner="吴思远"), "A", "教育"]]
    _report, planned = dry_run(book(tmp_path, ("客户", rows)))
    row = planned["客户", 2]
    assert row.outcome is Outcome.CHANGED
    assert [(change.field, change.before, change.after) for change in row.changes] == [("industry", "–", "教育")]
    assert [change.field for change in row.needs_approval] == ["credit_limit", "term", "grade", "owner"]


def test_a_client_out_of_sight_is_not_named(tmp_path, managers):
    account(name="江州大学", owner=managers[1], number="KH7")
    report, _planned = dry_run(book(tmp_path, ("客户", [CLIENT_HEADER, client()])), actor=managers[0])
    (remark,) = report.sheets[0].errors
    assert remark.column == "客户名称"
    assert "KH7" not in f"{remark.reason} {remark.right}"


def test_stored_contacts_are_recognised_by_mobile_and_name(tmp_path, managers):
    here = account(name="江州大学", number="KH1", owner=managers[0])
    contact(account=here, name="王一", mobile="13905552741")
    contact(account=here, name="王二")
    rows = [
        ["客户名称", "姓名", "手机", "职务"],
        ["江州大学", "王一", "139-0555-2741", None],
        ["江州大学", "王二", "13905552742", None],
        ["江州大学", "王三", "13905552743", "院长"],
    ]
    _report, planned = dry_run(book(tmp_path, ("联系人", rows)))
    assert [planned["联系人", row].outcome for row in (2, 3, 4)] == [Outcome.UNCHANGED, Outcome.CHANGED, Outcome.NEW]


def test_broken_cells_long_cells_and_repeated_headers_each_get_their_sentence(tmp_path, managers):
    path = book(
        tmp_path,
        (
            "客户",
            [
                CLIENT_HEADER,
                client(limit="=1/0"),
                client(name="字" * 32_767),
                CLIENT_HEADER,
                client(name="江州中学", code=914403001922038216),
            ],
        ),
    )
    workbook = openpyxl.load_workbook(path)
    workbook["客户"].cell(2, 7).value = "#REF!"
    workbook["客户"].cell(2, 7).data_type = "e"
    workbook["客户"].cell(1, 1).font = Font(bold=True)
    workbook.create_sheet("藏起来的").append(CLIENT_HEADER)
    workbook["藏起来的"].append(client())
    workbook["藏起来的"].sheet_state = "hidden"
    workbook.save(path)
    report, _rows = dry_run(path)
    assert cells_of(report, 0) == {(2, "信用额度"), (2, "账期"), (3, "客户名称"), (5, CODE)}
    assert [remark.row for remark in report.sheets[0].general] == [4]
    assert [(sheet.name, sheet.rows) for sheet in report.untaken] == [("藏起来的", 1)]
    assert all(len(remark.value) < 300 for remark in report.sheets[0].errors)


def test_the_same_sheet_twice_brings_duplicates(tmp_path, managers):
    rows = [CLIENT_HEADER, client(), client(name="江州中学")]
    report, _rows = dry_run(book(tmp_path, ("客户", rows), ("客户 (2)", rows)))
    assert [sheet.counts[Outcome.NEW] for sheet in report.sheets] == [2, 0]
    assert report.sheets[1].counts[Outcome.DUPLICATE] == 2


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_csv_file_is_read_in_either_encoding(tmp_path, managers, encoding):
    path = tmp_path / "客户.csv"
    path.write_text(",".join(CLIENT_HEADER) + "\n,江州大学,学校,,卫东升,50万,30天\n", encoding=encoding)
    report, rows = dry_run(path)
    assert not report.sheets[0].errors
    assert rows["客户", 2].data["credit_limit"] == "500000.00"


def test_the_command_reports_in_json(managers):
    out = StringIO()
    call_command("import_workbook", WORKBOOK, "--dry-run", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["import"] is None
    clients = answer["sheets"]["客户档案"]
    assert {key: clients[key] for key in ("rows", "new", "changed", "unchanged", "duplicate", "blocked")} == {
        "rows": 124,
        "new": 113,
        "changed": 0,
        "unchanged": 0,
        "duplicate": 2,
        "blocked": 0,
    }
    assert set(clients["errors"][0]) == {"row", "column", "value", "reason", "right"}
    assert {entry["sheet"]: entry["rows"] for entry in answer["unrecognised"]}["走访日志"] == 360
    assert answer == json.loads(json.dumps(as_json(dry_run(WORKBOOK)[0])))


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"", [], "0"),
        (b"PK\x03\x04 nothing", [], "damaged"),
        (None, [], "no such file"),
        (b"a,b\n", ["--as", "niemand"], "niemand"),
        (b"a,b\n", ["--member", "abc"], "abc"),
    ],
)
def test_the_command_refuses_in_one_line(tmp_path, content, arguments, words, settings):
    settings.LANGUAGE_CODE = "en"
    path = tmp_path / "book.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        call_command("import_workbook", path, "--dry-run", *arguments)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
