"""Words that the department adds over columns: kept once, used by pages and command, told with who added them."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from kam.core.calendar import now
from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.imports.models import HeaderWord, ImportRun, ImportState
from kam.core.imports.services import import_judge, import_name_columns, import_store
from kam.core.imports.words import header_word_add, header_word_remove, own_words
from tests.accounts.test_imports_dry_run import book
from tests.support.forms import opened, signed_in
from tests.support.people import member

pytestmark = pytest.mark.django_db
CLIENTS = "accounts.account"
HEADER = ["客户名称", "客户类别", "当家的", "授信额度", "账期", "脾气"]
ROW = ["江州大学", "学校", "卫东升", "5万", "30天", "随和"]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk():
    return member("clerk")


@pytest.fixture
def manager():
    return member(full_name="卫东升")


def add(actor, word="当家的", column="owner"):
    return header_word_add(register=CLIENTS, column=column, word=word, actor=actor)


def dry_run(path):
    out = StringIO()
    call_command("import_workbook", path, "--dry-run", "--json", stdout=out)
    return json.loads(out.getvalue())


def judged(path, actor):
    run = import_store(path=path, name=path.name, actor=actor)
    return import_judge(run_pk=run.pk, actor=actor, clock=now)


def test_a_word_is_understood_by_the_command_until_it_is_removed(clerk, manager, tmp_path):
    path = book(tmp_path, ("客户", [HEADER, ROW]))
    assert dry_run(path)["sheets"]["客户"]["new"] == 0
    row = add(clerk, " 当家的：")
    assert dry_run(path)["sheets"]["客户"]["new"] == 1
    header_word_remove(word_pk=row.pk, actor=clerk, now=now())
    assert dry_run(path)["sheets"]["客户"]["new"] == 0
    row.refresh_from_db()
    assert (row.added_by, row.removed_by) == (clerk, clerk)
    assert add(clerk).pk != row.pk


@pytest.mark.parametrize(
    ("word", "column"),
    [
        ("当家的", "note"),
        ("当 家 的（元）", "owner"),
        ("负责人", "owner"),
        ("备注", "owner"),
        ("：-", "owner"),
        ("字" * 61, "owner"),
        ("新词", "nothing"),
        ("新词", "serial"),
    ],
)
def test_a_word_that_means_something_already_or_nothing_is_refused(clerk, word, column):
    add(clerk)
    with pytest.raises(DomainError):
        add(clerk, word, column)
    assert dict(own_words()) == {(CLIENTS, "owner"): ["当家的"]}


def test_only_clerk_and_director_keep_words(clerk):
    for role in ("manager", "executive", "finance", "legal", "partner"):
        with pytest.raises(NotAllowed):
            add(member(role))
    add(member("director"))
    row = HeaderWord.objects.get()
    with pytest.raises(NotAllowed):
        header_word_remove(word_pk=row.pk, actor=member("manager"), now=now())
    header_word_remove(word_pk=row.pk, actor=clerk, now=now())
    with pytest.raises(ChangedMeanwhile):
        header_word_remove(word_pk=row.pk, actor=clerk, now=now())


def test_a_column_is_named_on_the_dry_run_and_the_file_judged_anew(
    clerk, manager, tmp_path, django_capture_on_commit_callbacks
):
    run = judged(book(tmp_path, ("客户", [HEADER, ROW])), clerk)
    browser = signed_in(clerk)
    detail = reverse("accounts:import_detail", args=[run.pk])
    (asked,) = browser.get(detail).context["asked_columns"]
    assert asked["words"] == ["当家的", "脾气"]
    assert "owner" in {column.key for column in asked["columns"]}
    assert not {"name", "kind", "serial"} & {column.key for column in asked["columns"]}
    data = {"sheet": ["客户", "客户"], "word": ["当家的", "脾气"], "column": ["owner", ""]}
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("accounts:import_columns", args=[run.pk]), data)
    run.refresh_from_db()
    assert (run.state, run.sheets["客户"]["new"]) == (ImportState.JUDGED, 1)
    assert HeaderWord.objects.get().word == "当家的"
    assert [asked["words"] for asked in browser.get(detail).context["asked_columns"]] == [["脾气"]]


def test_a_sheet_that_lacks_only_the_word_over_its_names_can_be_named_too(clerk, manager, tmp_path):
    rows = [["户头", "类别", "负责人", "授信额度"], ["江州大学", "学校", "卫东升", 0]]
    run = judged(book(tmp_path, ("登记", rows)), clerk)
    assert run.sheets == {}
    assert "客户名称" in run.report["unrecognised"][0]["reason"]
    import_name_columns(run_pk=run.pk, actor=clerk, columns=[("登记", "户头", "name")])
    assert import_judge(run_pk=run.pk, actor=clerk, clock=now).sheets["登记"]["new"] == 1


@pytest.mark.parametrize(
    "columns",
    [
        [("客户", "客户名称", "note")],
        [("没有", "脾气", "note")],
        [("客户", "脾气", "name")],
        [("客户", "脾气", "note"), ("客户", "当家的", "note")],
        [("客户", "脾气", "nothing")],
    ],
)
def test_what_was_not_asked_and_what_is_taken_is_refused_whole(clerk, manager, tmp_path, columns):
    run = judged(book(tmp_path, ("客户", [HEADER, ROW])), clerk)
    with pytest.raises(DomainError):
        import_name_columns(run_pk=run.pk, actor=clerk, columns=columns)
    assert not HeaderWord.objects.exists()
    run.refresh_from_db()
    assert run.state == ImportState.JUDGED


def test_a_manager_is_not_asked_what_columns_are(manager, tmp_path):
    run = judged(book(tmp_path, ("客户", [HEADER, ROW])), manager)
    browser = signed_in(manager)
    assert browser.get(reverse("accounts:import_detail", args=[run.pk])).context["asked_columns"] == []
    data = {"sheet": "客户", "word": "当家的", "column": "owner"}
    browser.post(reverse("accounts:import_columns", args=[run.pk]), data)
    assert not HeaderWord.objects.exists()


def test_the_page_adds_shows_and_removes(clerk):
    browser = signed_in(clerk)
    url = reverse("accounts:header_words")
    data = {**opened(browser, url), "word": "当家的", "column": f"{CLIENTS}|owner"}
    assert browser.post(url, data).url == url
    assert browser.post(url, {**opened(browser, url), **data, "form_token": "other"}).status_code in (302, 422)
    page = browser.get(url)
    assert [row["column"] for row in page.context["in_force"]] == ["客户档案 · 客户经理"]
    assert browser.post(url, {**opened(browser, url), "word": "", "column": ""}).status_code == 422
    row = HeaderWord.objects.get()
    browser.post(reverse("accounts:header_word_remove", args=[row.pk]))
    page = browser.get(url).context
    assert (page["in_force"], [row["word"].word for row in page["removed"]]) == ([], ["当家的"])


def test_an_import_judged_before_is_not_read_anew_by_a_removed_word(clerk, manager, tmp_path):
    row = add(clerk)
    run = judged(book(tmp_path, ("客户", [HEADER, ROW])), clerk)
    header_word_remove(word_pk=row.pk, actor=clerk, now=now())
    assert ImportRun.objects.get(pk=run.pk).sheets["客户"]["new"] == 1
