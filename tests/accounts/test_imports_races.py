"""Two people at one import at the same moment, and an import beside other work, on PostgreSQL with two connections."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Account
from accounts.services import account_change, check_grants
from kam.core.calendar import now
from kam.core.exceptions import ChangedMeanwhile, DomainError
from kam.core.history import Operation
from kam.core.imports import services
from kam.core.imports.models import ImportRun, ImportState, RowState
from kam.core.imports.services import (
    import_cancel,
    import_confirm,
    import_judge,
    import_store,
    import_undo,
    import_write,
)
from kam.people.models import Member
from tests.accounts.test_imports_confirm import every_table
from tests.accounts.test_imports_dry_run import CLIENT_HEADER, book, client
from tests.factories import account
from tests.support.forms import signed_in
from tests.support.people import member
from tests.support.races import at_once, while_held

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk() -> Member:
    return member("clerk")


@pytest.fixture
def director() -> Member:
    return member("director")


@pytest.fixture
def run(clerk: Member, tmp_path: Path) -> ImportRun:
    """A dry run of sixty new clients."""
    member(full_name="卫东升")
    rows = [client(name=f"江州{number}中学") for number in range(60)]
    stored = import_store(path=book(tmp_path, ("客户", [CLIENT_HEADER, *rows])), name="台账.xlsx", actor=clerk)
    return import_judge(run_pk=stored.pk, actor=clerk, clock=now)


def test_of_two_people_confirming_one_wins_and_the_other_is_told(
    run: ImportRun, clerk: Member, director: Member
) -> None:
    results = at_once(
        lambda: import_confirm(run_pk=run.pk, actor=clerk),
        lambda: import_confirm(run_pk=run.pk, actor=director),
    )
    told = [result for result in results if isinstance(result, ChangedMeanwhile)]
    assert len(told) == 1
    assert str(told[0])
    assert Operation.objects.count() == 1
    import_write(run_pk=run.pk, actor=clerk, clock=now)
    assert Account.objects.count() == 60


def test_two_people_pressing_the_button_see_one_import(run: ImportRun, clerk: Member, director: Member) -> None:
    url = reverse("accounts:import_act", args=[run.pk, "confirm"])
    browsers = [signed_in(clerk), signed_in(director)]
    answers = at_once(*(lambda browser=browser: browser.post(url, follow=True) for browser in browsers))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sorted(len(list(answer.context["messages"])) for answer in answers) == [0, 1]
    run.refresh_from_db()
    assert (run.state, Account.objects.count()) == (ImportState.DONE, 60)


def test_two_workers_write_each_row_once(run: ImportRun, clerk: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BLOCK", 10)
    import_confirm(run_pk=run.pk, actor=clerk)
    at_once(*[lambda: import_write(run_pk=run.pk, actor=None, clock=now)] * 2)
    run.refresh_from_db()
    assert (run.state, run.done, Account.objects.count()) == (ImportState.DONE, 60, 60)
    assert Account.history.count() == 60
    assert check_grants() == []


@pytest.mark.parametrize("stop", [import_cancel, import_undo])
def test_whoever_stops_an_import_that_is_being_written_waits_for_its_block(
    run: ImportRun, clerk: Member, monkeypatch: pytest.MonkeyPatch, stop: Any
) -> None:
    monkeypatch.setattr(services, "BLOCK", 10)
    before = every_table()
    import_confirm(run_pk=run.pk, actor=clerk)
    write = services._mark

    def hold(pause: Any) -> ImportRun:
        def mark(rows: list[Any]) -> None:
            write(rows)
            pause()

        monkeypatch.setattr(services, "_mark", mark)
        return import_write(run_pk=run.pk, actor=None, clock=now)

    when = {"now": now()} if stop is import_undo else {}
    while_held(hold, lambda: stop(run_pk=run.pk, actor=clerk, **when))
    run.refresh_from_db()
    written = run.rows.filter(state=RowState.WRITTEN).count()
    if stop is import_cancel:
        assert (run.state, Account.objects.count()) == (ImportState.CANCELLED, written)
        assert 0 < written < 60
        import_undo(run_pk=run.pk, actor=clerk, now=now())
    run.refresh_from_db()
    assert run.state == ImportState.UNDONE
    assert every_table() == before


def test_a_row_edited_between_dry_run_and_confirm_is_not_overwritten_and_told(clerk: Member, tmp_path: Path) -> None:
    owner = member(full_name="卫东升")
    mine, other = (account(name=f"江州{each}学", number=f"KH{each}", owner=owner) for each in ("大", "中"))
    header = [*CLIENT_HEADER, "行业"]
    rows = [[row.number, row.name, None, None, "卫东升", None, None, "教育"] for row in (mine, other)]
    stored = import_store(path=book(tmp_path, ("客户", [header, *rows])), name="台账.xlsx", actor=clerk)
    run = import_judge(run_pk=stored.pk, actor=clerk, clock=now)
    account_change(account_pk=mine.pk, actor=owner, data={"note": "刚改过"}, version=1)
    import_confirm(run_pk=run.pk, actor=clerk)
    import_write(run_pk=run.pk, actor=None, clock=now)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.industry, mine.note, other.industry) == ("", "刚改过", "教育")
    page = signed_in(clerk).get(reverse("accounts:import_detail", args=[run.pk]), {"show": "all"}).content.decode()
    assert "试读之后" in page


def test_an_edit_that_waits_for_the_import_is_told(clerk: Member, tmp_path: Path, monkeypatch: Any) -> None:
    owner = member(full_name="卫东升")
    row = account(name="江州大学", number="KH1", owner=owner, industry="科研")
    values = ["KH1", "江州大学", None, None, "卫东升", None, None, "教育"]
    path = book(tmp_path, ("客户", [[*CLIENT_HEADER, "行业"], values]))
    run = import_judge(run_pk=import_store(path=path, name="a", actor=clerk).pk, actor=clerk, clock=now)
    import_confirm(run_pk=run.pk, actor=clerk)
    write = services._mark

    def hold(pause: Any) -> ImportRun:
        monkeypatch.setattr(services, "_mark", lambda rows: (write(rows), pause()))
        return import_write(run_pk=run.pk, actor=None, clock=now)

    def edit() -> Account:
        return account_change(account_pk=row.pk, actor=owner, data={"industry": "百货"}, version=1)

    _written, edited = while_held(hold, edit)
    assert isinstance(edited, DomainError)
    row.refresh_from_db()
    assert (row.industry, row.version) == ("教育", 2)
