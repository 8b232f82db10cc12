"""The pages of the import, as the clerk uses them, and who may not."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Account
from kam.core.calendar import now
from kam.core.imports.judging import judge_file
from kam.core.imports.models import ImportRun, ImportState
from kam.core.imports.plan import ImportContext
from kam.core.imports.services import import_judge, import_store
from tests.accounts.test_imports_dry_run import CLIENT_HEADER, book, client
from tests.support.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk(client):
    row = member("clerk")
    client.force_login(row, backend="kam.people.backends.MemberBackend")
    return row


@pytest.fixture
def browser(client, clerk):
    return client


def sheets(*rows):
    return ("客户", [CLIENT_HEADER, *rows])


def upload(browser, path, callbacks):
    with callbacks(execute=True):
        return browser.post(
            reverse("accounts:import_upload"), {"file": SimpleUploadedFile(path.name, path.read_bytes())}
        )


def text_of(response) -> str:
    return b"".join(response).decode() if response.streaming else response.content.decode()


def test_the_whole_way_upload_match_confirm_undo(browser, tmp_path, django_capture_on_commit_callbacks):
    member(full_name="周牧野", username="zhoumuye")
    path = book(tmp_path, sheets(client(), client(name="江州中学", owner="周牧野", limit="随便")))
    response = upload(browser, path, django_capture_on_commit_callbacks)
    run = ImportRun.objects.get()
    detail = reverse("accounts:import_detail", args=[run.pk])
    assert response.url == detail
    page = text_of(browser.get(detail))
    assert "随便" in page
    assert "指的是谁" in page
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("accounts:import_match", args=[run.pk]), {"name": "卫东升", "member": "zhoumuye"})
    assert "指的是谁" not in text_of(browser.get(detail))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("accounts:import_act", args=[run.pk, "confirm"]))
    run.refresh_from_db()
    assert (run.state, [row.name for row in Account.objects.all()]) == (ImportState.DONE, ["江州大学"])
    assert "撤销导入" in text_of(browser.get(detail))
    browser.post(reverse("accounts:import_act", args=[run.pk, "undo"]))
    assert not Account.objects.exists()
    assert "已撤销" in text_of(browser.get(reverse("accounts:import_list")))


def test_rows_to_correct_come_back_with_the_reasons_beside_the_cells(
    browser, tmp_path, django_capture_on_commit_callbacks
):
    member(full_name="卫东升")
    path = book(tmp_path, sheets(client(), client(name="江州中学", limit="=1+1"), client(name="江州医院", term="随时")))
    upload(browser, path, django_capture_on_commit_callbacks)
    run = ImportRun.objects.get()
    response = browser.get(reverse("accounts:import_left_out", args=[run.pk]))
    page = openpyxl.load_workbook(io.BytesIO(b"".join(response)))["客户"]
    assert [cell.value for cell in page[1]][:7] == CLIENT_HEADER
    assert [page.cell(row, 2).value for row in (2, 3)] == ["江州中学", "江州医院"]
    assert page.cell(2, 6).data_type == "s"
    assert page.cell(3, 7).comment.text
    assert "账期" in page.cell(3, 8).value
    corrected = tmp_path / "corrected.xlsx"
    page.cell(2, 6).value, page.cell(3, 7).value = 0, "30天"
    page.parent.save(corrected)
    assert not judge_file(corrected, "corrected", ImportContext(None)).sheets[0].errors


def test_a_bad_file_is_refused_beside_the_field(browser):
    url = reverse("accounts:import_upload")
    for content in (b"", b"PK\x03\x04", b"%PDF-1.7"):
        response = browser.post(url, {"file": SimpleUploadedFile("a.xlsx", content)})
        assert response.status_code == 422
    assert browser.post(url).status_code == 422
    assert not ImportRun.objects.exists()


def test_the_template_can_be_filled_in_and_its_example_is_left_out(browser, tmp_path):
    member(full_name="卫东升")
    content = b"".join(browser.get(reverse("accounts:import_template")))
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert workbook.sheetnames[:2] == ["客户档案", "联系人"]
    assert workbook["客户档案"].data_validations.count == 3
    page = workbook["客户档案"]
    columns = {cell.value: cell.column for cell in page[1]}
    for title, value in (("客户名称", "江州大学"), ("客户类别", "学校"), ("客户经理", "卫东升")):
        page.cell(3, columns[title]).value = value
    path = tmp_path / "filled.xlsx"
    workbook.save(path)
    report = judge_file(path, "filled", ImportContext(None))
    assert [(sheet.name, sheet.rows, len(sheet.errors)) for sheet in report.sheets] == [
        ("客户档案", 1, 0),
        ("联系人", 0, 0),
    ]


def test_progress_is_polled_and_the_page_comes_anew_when_done(browser, clerk, tmp_path):
    member(full_name="卫东升")
    run = import_store(path=book(tmp_path, sheets(client())), name="a.xlsx", actor=clerk)
    url = reverse("accounts:import_detail", args=[run.pk])
    waiting = browser.get(url, headers={"HX-Request": "true"})
    assert "work-bar" in text_of(waiting)
    assert "<html" not in text_of(waiting)
    import_judge(run_pk=run.pk, actor=clerk, clock=now)
    assert browser.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_an_import_and_its_file_are_out_of_sight_for_others(client, tmp_path):
    owner, other = member(full_name="卫东升"), member()
    run = import_store(path=book(tmp_path, sheets()), name="a.xlsx", actor=owner)
    client.force_login(other, backend="kam.people.backends.MemberBackend")
    for name in ("import_detail", "import_file", "import_left_out"):
        assert client.get(reverse(f"accounts:{name}", args=[run.pk])).status_code == 404
    for act in ("confirm", "cancel", "undo"):
        assert client.post(reverse("accounts:import_act", args=[run.pk, act])).status_code == 404
    run.refresh_from_db()
    assert run.state == ImportState.UPLOADED
    client.force_login(member("finance"), backend="kam.people.backends.MemberBackend")
    assert client.get(reverse("accounts:import_list")).status_code == 403


def test_the_file_comes_back_as_it_was_brought(browser, clerk, tmp_path):
    path = book(tmp_path, sheets(client()))
    run = import_store(path=path, name="台账.xlsx", actor=clerk)
    assert b"".join(browser.get(reverse("accounts:import_file", args=[run.pk]))) == path.read_bytes()


def test_the_client_list_leads_here(browser):
    assert reverse("accounts:import_list") in text_of(browser.get(reverse("accounts:account_list")))
