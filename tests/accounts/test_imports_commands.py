"""The commands as programs and as people at a terminal meet them: shape, exit code, one sentence on standard error."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, Contact
from kam.core.imports.models import ImportRun, ImportState
from tests.accounts.test_imports_confirm import every_table
from tests.accounts.test_imports_dry_run import (
    CLIENT_HEADER,
    MANAGERS,
    PLANTED_CLIENTS,
    PLANTED_CONTACTS,
    WORKBOOK,
    book,
    client,
)
from tests.support.people import member
from tests.support.processes import environment

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
COUNTS = ("new", "changed", "unchanged", "duplicate", "blocked")
REMARK = {"row": int, "column": str, "value": str, "reason": str, "right": str}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk():
    return member("clerk", username="heyun")


@pytest.fixture
def managers():
    return [member(full_name=name) for name in MANAGERS]


def run(*words):
    """What the command wrote to standard output, as JSON."""
    out = StringIO()
    call_command("import_workbook", *words, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def refused(*words):
    """The sentence of a refusal; its exit code is not 0."""
    with pytest.raises(CommandError) as refusal:
        call_command(*words, stdout=StringIO(), stderr=StringIO())
    assert refusal.value.returncode == 1
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def holds_its_shape(answer):
    assert list(answer) == ["import", "sheets", "unrecognised"]
    for sheet in answer["sheets"].values():
        assert list(sheet) == ["rows", *COUNTS, "errors", "warnings"]
        for remark in (*sheet["errors"], *sheet["warnings"]):
            assert {key: type(value) for key, value in remark.items()} == REMARK
        wrong = {remark["row"] for remark in sheet["errors"]}
        assert sheet["rows"] == sum(sheet[count] for count in COUNTS) + len(wrong)
    for untaken in answer["unrecognised"]:
        assert {key: type(value) for key, value in untaken.items()} == {"sheet": str, "rows": int, "reason": str}


def said(answer):
    """Everything of the answer but the number of the import."""
    return {key: value for key, value in answer.items() if key != "import"}


def test_dry_run_import_and_second_import_answer_in_one_shape(clerk, managers):
    dry = run(WORKBOOK, "--dry-run", "--as", "heyun")
    assert not ImportRun.objects.exists()
    written = run(WORKBOOK, "--as", "heyun")
    again = run(WORKBOOK, "--as", "heyun")
    for answer in (dry, written, again):
        holds_its_shape(answer)
        assert list(answer["sheets"]) == ["客户档案", "联系人"]
    assert dry["import"] is None
    assert said(dry) == said(written)
    planted = [
        {(remark["row"], remark["column"]) for remark in sheet["errors"]} for sheet in written["sheets"].values()
    ]
    assert planted == [PLANTED_CLIENTS, PLANTED_CONTACTS]
    assert [sheet["unchanged"] for sheet in again["sheets"].values()] == [113, 250]
    assert [sheet["new"] + sheet["changed"] for sheet in again["sheets"].values()] == [0, 0]
    assert again["import"] != written["import"]
    assert (Account.objects.count(), Contact.objects.count()) == (113, 250)


def test_a_refusal_is_one_sentence_in_the_language_of_the_house(clerk, managers, tmp_path):
    member("finance", username="duanwenjing")
    member(username="weg", is_active=False)
    path = book(tmp_path, ("客户", [CLIENT_HEADER, client()]))
    before = every_table()
    for dry in (["--dry-run"], []):
        assert "没有这个文件" in refused("import_workbook", tmp_path / "none.xlsx", *dry)
        assert "没有这个文件" in refused("import_workbook", tmp_path, *dry)
        assert "niemand" in refused("import_workbook", path, "--as", "niemand", *dry)
        assert "weg" in refused("import_workbook", path, "--as", "weg", *dry)
        assert "您的角色不能" in refused("import_workbook", path, "--as", "duanwenjing", *dry)
        for pair in ("卫东升", "=zhoumuye", "卫东升=", "卫东升=niemand", "卫东升=weg"):
            assert "--member" in refused("import_workbook", path, "--member", pair, *dry)
    assert every_table() == before
    assert not ImportRun.objects.exists()


def test_names_are_mapped_to_members(clerk, tmp_path):
    member(full_name="周牧野", username="zhoumuye")
    path = book(tmp_path, ("客户", [CLIENT_HEADER, client()]))
    assert run(path, "--as", "heyun")["sheets"]["客户"]["new"] == 0
    assert run(path, "--as", "heyun", "--member", "卫东升=zhoumuye")["sheets"]["客户"]["new"] == 1
    assert Account.objects.get().owner.username == "zhoumuye"


def test_a_manager_is_told_what_is_out_of_reach(managers, tmp_path):
    mine = managers[0]
    path = book(tmp_path, ("客户", [CLIENT_HEADER, client(), client(name="江州中学", owner=MANAGERS[1])]))
    sheet = run(path, "--as", mine.username)["sheets"]["客户"]
    assert (sheet["new"], [remark["row"] for remark in sheet["errors"]]) == (1, [3])


def test_undo_names_what_cannot_be_undone(clerk, managers, tmp_path):
    path = book(tmp_path, ("客户", [CLIENT_HEADER, client()]))
    before = every_table()
    number = run(path, "--as", "heyun")["import"]
    for unknown in ("999999", "0", "99999999999999999999999"):
        assert unknown in refused("undo_import", unknown)
    call_command("undo_import", str(number), stdout=StringIO())
    assert every_table() == before
    assert "没有可撤销" in refused("undo_import", str(number))


def test_undo_takes_back_an_import_that_lost_its_worker_and_refuses_one_that_was_not_confirmed(
    clerk, managers, tmp_path
):
    path = book(tmp_path, ("客户", [CLIENT_HEADER, client()]))
    number = run(path, "--as", "heyun")["import"]
    ImportRun.objects.filter(pk=number).update(state=ImportState.WRITING)
    call_command("undo_import", str(number), stdout=StringIO())
    assert not Account.objects.exists()
    ImportRun.objects.filter(pk=number).update(state=ImportState.JUDGED)
    assert refused("undo_import", str(number))


@pytest.mark.slow
@pytest.mark.postgresql
def test_the_program_ends_with_a_code_and_keeps_standard_output_clean(tmp_path):
    env = environment(tmp_path)

    def manage(*words):
        return subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )

    good = manage("import_workbook", str(WORKBOOK), "--dry-run", "--json")
    assert (good.returncode, good.stderr) == (0, "")
    holds_its_shape(json.loads(good.stdout))
    for words in (
        ["import_workbook", "none.xlsx"],
        ["import_workbook", str(WORKBOOK), "--as", "x"],
        ["undo_import", "7"],
    ):
        bad = manage(*words)
        assert (bad.returncode, bad.stdout) == (1, "")
        assert len(bad.stderr.strip().splitlines()) == 1
