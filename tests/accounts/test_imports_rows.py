"""The rows of an import on its page: filtered, ordered, found by number, with all their cells, at a fixed price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kam.core.calendar import now
from kam.core.imports.services import import_judge, import_store
from tests.accounts.test_imports_dry_run import CLIENT_HEADER, book, client
from tests.support.forms import signed_in
from tests.support.people import member

pytestmark = pytest.mark.django_db
PEOPLE = ["客户名称", "姓名", "性别", "手机"]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk():
    member(full_name="卫东升")
    return member("clerk")


def judged(actor, tmp_path, clients, people=()):
    path = book(tmp_path, ("客户", [CLIENT_HEADER, *clients]), ("人", [PEOPLE, *people]))
    run = import_store(path=path, name="台账.xlsx", actor=actor)
    return import_judge(run_pk=run.pk, actor=actor, clock=now)


def page_of(actor, run, **asked):
    return signed_in(actor).get(reverse("accounts:import_detail", args=[run.pk]), asked)


def places(response):
    return [(row.sheet, row.row) for row in response.context["page"]]


@pytest.fixture
def run(clerk, tmp_path):
    clients = [client(), client(name="丙公司", limit="随便"), client(name="江州大学"), client(name="乙公司")]
    return judged(clerk, tmp_path, clients, [["乙公司", "王一", "先生", None], ["丙公司", "王二", "女", None]])


def test_rows_come_by_place_by_gravity_and_by_client(clerk, run):
    by_row = [("客户", 2), ("客户", 3), ("客户", 4), ("客户", 5), ("人", 2), ("人", 3)]
    assert places(page_of(clerk, run, show="all")) == by_row
    assert places(page_of(clerk, run, show="all", sort="nonsense")) == by_row
    assert places(page_of(clerk, run, show="all", sort="outcome")) == [
        ("客户", 3),
        ("人", 3),
        ("客户", 4),
        ("客户", 2),
        ("客户", 5),
        ("人", 2),
    ]
    together = [row.client for row in page_of(clerk, run, show="all", sort="client").context["page"]]
    assert together == sorted(together)
    assert set(together) == {"江州大学", "丙公司", "乙公司"}


def test_a_filter_holds_one_outcome_and_counts_all(clerk, run):
    response = page_of(clerk, run, show="duplicate", sort="client")
    assert places(response) == [("客户", 4)]
    assert {choice.key: choice.count for choice in response.context["filters"]} == {
        "all": 6,
        "new": 3,
        "duplicate": 1,
        "blocked": 1,
        "error": 1,
    }
    assert places(page_of(clerk, run)) == [("客户", 3)]


@pytest.mark.parametrize("asked", ["3", " 3 ", "99999999999999999", "9" * 40, "-1", "三", "x", ""])
def test_a_row_is_found_by_its_number_whatever_the_filter(clerk, run, asked):
    found = places(page_of(clerk, run, show="duplicate", row=asked))
    if asked.strip() == "3":
        assert found == [("客户", 3), ("人", 3)]
    else:
        assert found == ([] if asked.isdecimal() and len(asked) < 19 else [("客户", 4)])


def test_every_cell_is_shown_with_what_was_understood_and_why_it_is_wrong(clerk, run):
    (wrong,) = page_of(clerk, run, row="3", show="error").context["page"].object_list[:1]
    cells = {cell["column"]: cell for cell in wrong.read}
    assert list(cells) == ["客户名称", "客户类别", "客户经理", "信用额度", "账期"]
    assert cells["信用额度"]["value"] == "随便"
    assert cells["信用额度"]["reason"]
    assert cells["客户类别"]["meaning"] == "学校图书馆"
    assert cells["客户名称"] == {"column": "客户名称", "value": "丙公司", "meaning": "", "reason": ""}
    person = next(row for row in page_of(clerk, run, row="2").context["page"] if row.sheet == "人")
    assert {cell["column"]: cell["meaning"] for cell in person.read}["性别"] == "男"
    assert "全部单元格" in page_of(clerk, run).content.decode()


def test_the_page_asks_the_same_whatever_the_number_of_rows(clerk, tmp_path):
    few = judged(clerk, tmp_path, [client(name=f"甲{number}", owner=f"某{number}") for number in range(3)])
    many = judged(clerk, tmp_path, [client(name=f"甲{number}", owner=f"某{number}") for number in range(60)])
    browser = signed_in(clerk)

    def asked(run):
        url = reverse("accounts:import_detail", args=[run.pk])
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url, {"show": "all", "sort": "client"}).status_code == 200
        return len(queries)

    assert asked(few) == asked(many) <= 15


def test_a_file_without_any_register_says_so(clerk, tmp_path):
    path = book(tmp_path, ("别的", [["a", "b"], [1, 2]]))
    run = import_store(path=path, name="别的.xlsx", actor=clerk)
    run = import_judge(run_pk=run.pk, actor=clerk, clock=now)
    text = page_of(clerk, run).content.decode()
    assert "没有可以导入的台账" in text
    assert "确认" not in text.partition('class="confirm"')[2]
