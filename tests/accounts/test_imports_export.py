"""Export in the layout of the template: imported again it changes nothing; one cell edited is exactly that change."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.imports.export import write_export
from accounts.imports.template import EXAMPLES, write_template
from accounts.models import Account, Address, BankAccount, Contact
from accounts.rules.names import company_name_key
from kam.core.imports.judging import judge_file
from kam.core.imports.plan import ImportContext, Outcome
from kam.core.models import ExportLog
from kam.core.plain import clean_text
from kam.people.models import Member
from tests.accounts.test_imports_dry_run import MANAGERS, WORKBOOK
from tests.factories import account, contact
from tests.support.people import member

pytestmark = pytest.mark.django_db
ODD = (
    "=1+1", "+86", "-", "@x", "'0012", "0012", "#REF!", "1e5", "2026-03-01", "50万", 'a"b', "a\nb", "a\tb", "Ünïcode ñ",
    "𠮷野家", "👍", "_x0041_", "x005F_", "<&>", "  内 空  格 ", "ｆｕｌｌ－ｗｉｄｔｈ", "合计", "TRUE", "١٢٣",
)  # fmt: skip


@pytest.fixture
def clerk():
    return member("clerk")


def exported(path: Path, user) -> Path:
    with path.open("wb") as target:
        write_export(target, user, [])
    return path


def judged(path: Path, actor=None):
    rows = {}
    report = judge_file(
        path, path.stem, ImportContext(actor), sink=lambda row: rows.update({(row.sheet, row.row): row})
    )
    return report, rows


def unchanged(path: Path, actor=None) -> tuple[int, int]:
    """Rows of both sheets, once it is certain that the file would change nothing."""
    report, rows = judged(path, actor)
    odd = [
        (where, row.outcome, row.errors, row.changes, row.needs_approval)
        for where, row in rows.items()
        if row.outcome is not Outcome.UNCHANGED
    ]
    assert not odd
    assert [sheet.name for sheet in report.sheets] == ["客户档案", "联系人"]
    return tuple(sheet.rows for sheet in report.sheets)


def edited(path: Path, sheet: str, title: str, row: int, value: object) -> Path:
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    columns = {cell.value: cell.column for cell in page[1]}
    page.cell(row, columns[title]).value = value
    book.save(path)
    return path


def test_the_imported_workbook_comes_out_and_changes_nothing(tmp_path, clerk):
    for name in MANAGERS:
        member(full_name=name)
    call_command("import_workbook", WORKBOOK, stdout=io.StringIO())
    assert unchanged(exported(tmp_path / "out.xlsx", clerk), clerk) == (113, 250)


def test_the_demo_department_comes_out_and_changes_nothing(tmp_path):
    call_command("load_demo", stdout=io.StringIO())
    clerk, manager = (Member.objects.get(username=name) for name in ("heyun", "zhoumuye"))
    every = unchanged(exported(tmp_path / "all.xlsx", clerk), clerk)
    assert every == (Account.objects.count(), Contact.objects.filter(left_on=None).count())
    mine = unchanged(exported(tmp_path / "mine.xlsx", manager), manager)
    assert (0, 0) < mine < every


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_come_back_as_they_were(tmp_path, clerk, text):
    kept = clean_text(text)
    here = account(name=f"江州{kept}", number="007", kind="enterprise", owner=member(full_name=f"卫 {kept}"[:40]))
    fields = ("short_name", "industry", "source", "province", "city", "county", "website", "note")
    Account.objects.filter(pk=here.pk).update(**dict.fromkeys(fields, kept))
    Address.objects.create(account=here, kind="delivery", line=kept)
    BankAccount.objects.create(account=here, bank_name=kept, account_number="OSA-1144")
    person = contact(account=here, name=kept)
    Contact.objects.filter(pk=person.pk).update(post=kept, unit_name=kept, wechat=kept, preferences=kept, note=kept)
    assert unchanged(exported(tmp_path / "out.xlsx", clerk), clerk) == (1, 1)


@pytest.mark.parametrize(
    "term", [("prepaid", 0), ("days", 0), ("days", 1), ("days", 365), ("month_end", 0), ("month_end", 60)]
)
@pytest.mark.parametrize("limit", ["0", "0.01", "999999999999.99"])
def test_terms_and_limits_come_back_as_they_were(tmp_path, clerk, term, limit):
    account(
        name="江州大学", kind="enterprise", owner=member(), credit_limit=limit, term_kind=term[0], term_days=term[1]
    )
    unchanged(exported(tmp_path / "out.xlsx", clerk), clerk)


@pytest.mark.parametrize(
    "birthday",
    [
        ("solar", None, 2, 29, False),
        ("solar", 1980, 2, 29, False),
        ("lunar", None, 12, 30, False),
        ("lunar", None, 4, 3, True),
        ("lunar", 2020, 4, 3, True),
        ("lunar", 1981, 1, 10, False),
        ("lunar", None, 11, 20, False),
        ("solar", None, 11, 20, False),
    ],
)
def test_birthdays_come_back_as_they_were(tmp_path, clerk, birthday):
    person = contact(account=account(name="江州大学", kind="enterprise", owner=member()), name="王一")
    names = ("calendar", "year", "month", "day", "leap")
    Contact.objects.filter(pk=person.pk).update(
        **{f"birthday_{name}": value for name, value in zip(names, birthday, strict=True)}
    )
    unchanged(exported(tmp_path / "out.xlsx", clerk), clerk)


def test_phones_people_and_owners_of_every_kind_come_back(tmp_path, clerk):
    gone = member(full_name="走了", is_active=False)
    twins = [member(full_name="同名"), member(full_name="同名")]
    for number, owner in enumerate((gone, *twins, None, member("clerk", full_name="转岗")), 1):
        here = account(name=f"江州{number}", number=f"KH{number}", kind="enterprise", owner=owner)
        for place, (mobile, landline) in enumerate(
            (("+8613905552741", "+865551234567;ext=801"), ("", "+864008001234"), ("", "+16502530000"), ("+8612345", ""))
        ):
            person = contact(account=here, name=f"王{place}")
            Contact.objects.filter(pk=person.pk).update(mobile=mobile, landline=landline, email="Wang@Example.COM")
    left = contact(account=here, name="离开")
    Contact.objects.filter(pk=left.pk).update(left_on="2026-01-01")
    assert unchanged(exported(tmp_path / "out.xlsx", clerk), clerk) == (5, 20)


@given(
    name=st.text(min_size=1, max_size=30),
    note=st.text(max_size=200),
    number=st.text("0123456789-KHA", min_size=1, max_size=12),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(tmp_path, clerk, name, note, number):
    Contact.objects.all().delete()
    Account.objects.for_system().delete()
    name, note = clean_text(name), clean_text(note)
    if not name or name.startswith("示例"):
        return
    Account.objects.create(name=name, name_key=company_name_key(name), number=number, kind="enterprise", note=note)
    assert unchanged(exported(tmp_path / "out.xlsx", clerk), clerk) == (1, 0)


@pytest.mark.parametrize(
    ("sheet", "title", "value", "fields"),
    [
        ("客户档案", "客户名称", "江州理工大学", ["name"]),
        ("客户档案", "行业", "教育", ["industry"]),
        ("客户档案", "客户类别", "企业", ["kind"]),
        ("客户档案", "信用额度", "60万", ["credit_limit"]),
        ("客户档案", "账期", 90, ["term"]),
        ("客户档案", "等级", "B", ["grade"]),
        ("客户档案", "客户经理", "吴思远", ["owner"]),
        ("客户档案", "地址", "新街2号", ["address"]),
        ("客户档案", "备注", None, []),
        ("联系人", "职务", "院长", ["post"]),
        ("联系人", "生日", "12月30日", ["birthday"]),
        ("联系人", "生日历种", "农历", ["birthday"]),
        ("联系人", "邮箱", "b@example.com", ["email"]),
        ("联系人", "姓名", "王一一", ["name"]),
        ("联系人", "性别", None, []),
    ],
)
def test_one_cell_edited_is_exactly_that_change(tmp_path, clerk, sheet, title, value, fields):
    member(full_name="吴思远")
    here = account(
        name="江州大学", number="KH1", kind="school_library", owner=member(), note="旧", credit_limit=500_000,
        term_kind="month_end", term_days=60, grade="A",
    )  # fmt: skip
    Address.objects.create(account=here, kind="office", line="老街1号")
    person = contact(account=here, name="王一", mobile="13905552741")
    Contact.objects.filter(pk=person.pk).update(
        gender="male", birthday_calendar="solar", birthday_month=8, birthday_day=5, email="a@example.com"
    )
    contact(account=here, name="王二")
    path = edited(exported(tmp_path / "out.xlsx", clerk), sheet, title, 2, value)
    _report, rows = judged(path, clerk)
    found = [change.field for row in rows.values() for change in (*row.changes, *row.needs_approval)]
    assert found == fields
    assert not [error for row in rows.values() for error in row.errors]
    assert sum(row.outcome is Outcome.CHANGED for row in rows.values()) == len(fields)


def test_the_template_offers_words_and_its_example_never_goes_in(tmp_path, clerk):
    owner = member(full_name="卫东升")
    path = tmp_path / "template.xlsx"
    with path.open("wb") as target:
        write_template(target, [f"经理{number:03}" for number in range(200)] + [owner.full_name])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["客户档案", "联系人", "选项"]
    assert book["选项"].sheet_state == "hidden"
    for name, offered in (("客户档案", {"客户类别", "等级", "客户经理"}), ("联系人", {"性别", "生日历种"})):
        page = book[name]
        assert page.freeze_panes == "A2"
        titles = {cell.column_letter: cell.value for cell in page[1]}
        found = {
            titles[str(rule.sqref).split(":")[0].rstrip("0123456789")] for rule in page.data_validations.dataValidation
        }
        assert found == offered
        for rule in page.data_validations.dataValidation:
            assert len(rule.formula1) < 255
            words = [row[0].value for row in book["选项"][rule.formula1.split("!")[1].replace("$", "")]]
            assert all(words)
        assert all(page.column_dimensions[letter].width >= 12 for letter in titles)
        filled = {cell.value for cell in page[2] if cell.value}
        assert len(filled) >= len(EXAMPLES) * 5
    report, _rows = judged(path, clerk)
    assert [(sheet.rows, len(sheet.errors)) for sheet in report.sheets] == [(0, 0), (0, 0)]
    edited(path, "客户档案", "客户编号", 2, "KH1")
    assert judged(path, clerk)[0].sheets[0].rows == 0
    edited(path, "客户档案", "客户名称", 2, "江州大学")
    report, rows = judged(path, clerk)
    assert rows["客户档案", 2].outcome is Outcome.ERROR
    assert "统一社会信用代码" in [error.column for error in report.sheets[0].errors]


def test_an_export_holds_what_the_member_sees_and_is_written_down(client, tmp_path):
    mine, other = member(full_name="卫东升"), member(full_name="吴思远")
    for owner in (mine, other):
        contact(account=account(name=f"{owner}的客户", owner=owner), name=f"{owner}的人")
    client.force_login(mine, backend="kam.people.backends.MemberBackend")
    response = client.post(reverse("accounts:import_export"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response)))
    assert [page.max_row for page in (book["客户档案"], book["联系人"])] == [2, 2]
    text = "".join(str(cell.value) for page in book for row in page for cell in row)
    assert "卫东升的人" in text
    assert "吴思远的" not in text
    log = ExportLog.objects.get()
    assert (log.actor, log.rows, log.file_format) == (mine, 2, "xlsx")
    assert "客户名称" in log.columns
    client.force_login(member("finance"), backend="kam.people.backends.MemberBackend")
    assert client.post(reverse("accounts:import_export")).status_code == 403
    assert ExportLog.objects.count() == 1


def test_a_larger_export_takes_no_more_queries(tmp_path, clerk):
    owner = member()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            exported(tmp_path / "out.xlsx", clerk)
        return len(caught)

    contact(account=account(name="江州一", owner=owner), name="王一")
    few = queries()
    for number in range(30):
        contact(account=account(name=f"江州{number}", owner=owner), name="王一")
    assert queries() == few
    with zipfile.ZipFile(tmp_path / "out.xlsx") as package:
        assert package.testzip() is None
