"""What an import may only ask for on a stored client: requests are filed once, decided by others, withdrawn by undo."""

import pytest

from accounts.models import Account, AccountGrant
from accounts.services import account_grade, check_grants
from kam.approvals.models import Request
from kam.core.calendar import now
from kam.core.exceptions import DomainError, NotAllowed
from kam.core.imports.models import ImportRun, RowState
from kam.core.imports.services import import_confirm, import_judge, import_store, import_undo, import_write
from tests.accounts.test_imports_dry_run import CLIENT_HEADER, book, client
from tests.factories import account
from tests.support.people import member
from tests.support.requests import decide

pytestmark = pytest.mark.django_db
HEADER = [*CLIENT_HEADER, "等级", "行业"]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def people():
    found = {role: member(role) for role in ("director", "clerk", "finance", "executive")}
    return found | {"owner": member(full_name="卫东升"), "other": member(full_name="吴思远")}


@pytest.fixture
def known(people):
    return account(name="江州大学", number="KH1", kind="school_library", grade="C", owner=people["owner"])


def workbook(tmp_path, *, industry=None, **cells):
    row = client(**{"number": "KH1", "limit": "5万", "owner": "吴思远", **cells})
    return book(tmp_path, ("客户", [HEADER, [*row, "A", industry]]))


def imported(path, actor, confirmed_by=None) -> ImportRun:
    run = import_store(path=path, name="台账.xlsx", actor=actor)
    import_judge(run_pk=run.pk, actor=actor, clock=now)
    import_confirm(run_pk=run.pk, actor=confirmed_by or actor)
    return import_write(run_pk=run.pk, actor=actor, clock=now)


def stored(known):
    known.refresh_from_db()
    return known.industry, known.credit_limit, known.term_kind, known.grade, known.owner.full_name


def test_limit_term_grade_and_owner_are_asked_for_and_nothing_of_them_is_written(people, known, tmp_path):
    run = imported(workbook(tmp_path, industry="教育"), people["clerk"])
    assert stored(known) == ("教育", 0, "prepaid", "C", "卫东升")
    filed = {request.kind: request for request in Request.objects.all()}
    assert set(filed) == {"credit", "grade", "handover"}
    assert {(request.requester, request.account_id, request.status) for request in filed.values()} == {
        (people["clerk"], known.pk, "pending")
    }
    assert filed["credit"].amount == 50_000
    assert filed["grade"].snapshot["asked"] == {"grade": "A"}
    assert filed["handover"].snapshot["asked"]["member"] == people["other"].pk
    assert all(request.number in run.rows.get().remark for request in filed.values())
    assert all("台账.xlsx" in request.reason for request in filed.values())


def test_who_confirms_asks(people, known, tmp_path):
    imported(workbook(tmp_path), people["clerk"], confirmed_by=people["director"])
    request = Request.objects.get(kind="grade")
    assert request.requester == people["director"]
    with pytest.raises(NotAllowed):
        decide(request, people["director"], now=now())
    decide(request, people["executive"], now=now())
    assert stored(known)[3] == "A"


def test_the_director_decides_what_the_clerk_asked_and_it_is_done(people, known, tmp_path):
    imported(workbook(tmp_path), people["clerk"])
    grade, handover = (Request.objects.get(kind=kind) for kind in ("grade", "handover"))
    for request in (grade, handover):
        with pytest.raises(NotAllowed):
            decide(request, people["clerk"], now=now())
        decide(request, people["director"], now=now())
        request.refresh_from_db()
        assert request.status == "effected"
    assert stored(known)[3:] == ("A", "吴思远")
    assert not AccountGrant.objects.filter(user=people["owner"]).exists()
    assert check_grants() == []
    assert {row.history_change_reason for row in known.history.all()} >= {grade.number, handover.number}


def test_a_second_import_asks_nothing_twice(people, known, tmp_path):
    path = workbook(tmp_path)
    imported(path, people["clerk"])
    before = list(Request.objects.values_list("pk", "revision", "status"))
    run = import_store(path=path, name="台账.xlsx", actor=people["clerk"])
    import_judge(run_pk=run.pk, actor=people["clerk"], clock=now)
    row = run.rows.get()
    assert (row.outcome, row.needs_approval) == ("unchanged", [])
    for request in Request.objects.all():
        assert any(request.number in warning["reason"] for warning in row.warnings)
    import_confirm(run_pk=run.pk, actor=people["clerk"])
    import_write(run_pk=run.pk, actor=people["clerk"], clock=now)
    assert list(Request.objects.values_list("pk", "revision", "status")) == before


def test_two_dry_runs_of_one_file_confirmed_one_after_the_other_file_one_request(people, known, tmp_path):
    path, clerk = workbook(tmp_path), people["clerk"]
    first, second = (import_store(path=path, name="台账.xlsx", actor=clerk) for _ in range(2))
    for run in (first, second):
        import_judge(run_pk=run.pk, actor=clerk, clock=now)
    for run in (first, second):
        import_confirm(run_pk=run.pk, actor=clerk)
        import_write(run_pk=run.pk, actor=clerk, clock=now)
    assert Request.objects.count() == 3
    assert second.rows.get().state == RowState.REFUSED
    import_undo(run_pk=second.pk, actor=clerk, now=now())
    assert set(Request.objects.values_list("status", flat=True)) == {"pending"}


def test_something_else_on_the_same_matter_is_not_asked_for_while_the_first_waits(people, known, tmp_path):
    imported(workbook(tmp_path), people["clerk"])
    run = imported(workbook(tmp_path, limit="8万", owner="卫东升"), people["clerk"])
    row = run.rows.get()
    assert (row.outcome, row.needs_approval) == ("unchanged", [])
    assert any(Request.objects.get(kind="credit").number in warning["reason"] for warning in row.warnings)
    assert Request.objects.count() == 3


def test_undo_withdraws_what_is_open_even_when_nothing_else_was_written(people, known, tmp_path):
    run = imported(workbook(tmp_path), people["clerk"])
    decide(Request.objects.get(kind="grade"), people["director"], "return", comment="先补充资料", now=now())
    import_undo(run_pk=run.pk, actor=people["clerk"], now=now())
    assert set(Request.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_undo_names_the_request_that_took_effect(people, known, tmp_path):
    run = imported(workbook(tmp_path), people["clerk"])
    request = Request.objects.get(kind="grade")
    decide(request, people["director"], now=now())
    with pytest.raises(DomainError) as refusal:
        import_undo(run_pk=run.pk, actor=people["clerk"], now=now())
    assert request.number in str(refusal.value)
    assert Request.objects.get(kind="handover").status == "pending"


def test_a_grade_set_meanwhile_makes_the_request_void(people, known, tmp_path):
    imported(workbook(tmp_path), people["clerk"])
    account_grade(account_pk=known.pk, actor=people["director"], grade="B")
    assert Request.objects.get(kind="grade").status == "void"
    assert Request.objects.get(kind="handover").status == "pending"


def test_the_system_can_ask_for_nothing(people, known, tmp_path):
    run = imported(workbook(tmp_path, industry="教育"), None)
    assert stored(known)[0] == "教育"
    assert not Request.objects.exists()
    assert run.rows.get().remark
    assert Account.objects.get().grade == "C"
