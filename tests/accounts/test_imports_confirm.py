"""Confirming, importing again, and undoing: what goes in is what the dry run said, and all of it comes out again."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.models import Account, AccountGrant, Address, BankAccount, Contact, SearchTerm
from accounts.services import account_change, account_grade, check_grants, contact_create
from kam.core.calendar import now
from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.history import Operation
from kam.core.imports import services
from kam.core.imports.models import ImportRow, ImportRun, ImportState, RowState
from kam.core.imports.services import (
    import_cancel,
    import_confirm,
    import_judge,
    import_store,
    import_undo,
    import_write,
    imports_take_up,
)
from kam.core.tasks import judge_import, write_import
from kam.core.work.services import LEASE
from kam.jobs.tasks import tick
from kam.outbox.models import Notice
from tests.accounts.test_imports_dry_run import CLIENT_HEADER, MANAGERS, WORKBOOK, book, client
from tests.factories import account
from tests.support.people import member

pytestmark = pytest.mark.django_db
OWN_TABLES = {"core.ImportRun", "core.ImportRow", "core.Operation"}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk():
    return member("clerk")


@pytest.fixture
def managers():
    return [member(full_name=name) for name in MANAGERS]


def judged(path, actor) -> ImportRun:
    run = import_store(path=path, name=path.name, actor=actor)
    return import_judge(run_pk=run.pk, actor=actor, clock=now)


def imported(path, actor) -> ImportRun:
    run = judged(path, actor)
    import_confirm(run_pk=run.pk, actor=actor)
    return import_write(run_pk=run.pk, actor=actor, clock=now)


def every_table() -> dict[str, list[tuple]]:
    """All rows of all tables but the imports' own and the histories, search terms by what they say."""
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if label in OWN_TABLES or model.__name__.startswith("Historical"):
            continue
        names = [
            field.attname for field in model._meta.concrete_fields if model is not SearchTerm or field.name != "id"
        ]
        tables[label] = sorted(model._default_manager.values_list(*names), key=repr)
    return tables


def test_the_workbook_goes_in_as_the_dry_run_said(clerk, managers):
    run = imported(WORKBOOK, clerk)
    assert run.state == ImportState.DONE
    assert Account.objects.count() == 113
    assert Contact.objects.count() == 250
    assert not ImportRow.objects.filter(state=RowState.REFUSED).exists()
    row = Account.objects.get(number="KH0005")
    assert (row.name, str(row.credit_limit), row.term_kind, row.term_days) == (
        "广州润紫文化传媒有限公司",
        "500000.00",
        "month_end",
        60,
    )
    assert row.owner.full_name == "冯立群"
    assert Account.objects.get(name="青岛市图书馆").number.startswith("KA-")
    assert BankAccount.objects.get(account=row).account_number == "8245937454356996"
    assert Address.objects.get(account=row).line == "广州市人民路588号"
    born = Contact.objects.get(name="魏雪梅")
    assert (born.birthday_calendar, born.birthday_month, born.birthday_day, born.birthday_leap) == ("lunar", 4, 3, True)
    assert check_grants() == []
    assert SearchTerm.objects.filter(account=row, contact=None).exists()
    first = row.history.get()
    assert (first.history_user, first.operation) == (clerk, run.operation)


def test_a_second_import_of_the_same_file_changes_nothing(clerk, managers):
    imported(WORKBOOK, clerk)
    before = every_table()
    run = imported(WORKBOOK, clerk)
    assert [sheet["unchanged"] for sheet in run.sheets.values()] == [113, 250]
    assert every_table() == before


def test_undo_names_what_was_changed_since_and_then_does_nothing(clerk, managers):
    run = imported(WORKBOOK, clerk)
    changed = Account.objects.get(number="KH0005")
    account_change(account_pk=changed.pk, actor=clerk, data={"note": "新的"}, version=changed.version)
    contact_create(account_pk=Account.objects.get(number="KH0004").pk, actor=clerk, data={"name": "后来的人"})
    before = every_table()
    with pytest.raises(DomainError) as refusal:
        import_undo(run_pk=run.pk, actor=clerk, now=now())
    assert "广州润紫文化传媒有限公司" in str(refusal.value)
    assert "后来的人" in str(refusal.value)
    assert every_table() == before


def test_an_edit_between_dry_run_and_confirm_is_noticed(clerk, managers, tmp_path):
    known = account(name="江州大学", number="KH1", kind="school_library", owner=managers[0])
    rows = [[*CLIENT_HEADER, "行业"], [*client(number="KH1", limit=None, term=None), "教育"]]
    run = judged(book(tmp_path, ("客户", rows)), clerk)
    account_change(account_pk=known.pk, actor=clerk, data={"industry": "科研"}, version=1)
    import_confirm(run_pk=run.pk, actor=clerk)
    import_write(run_pk=run.pk, actor=clerk, clock=now)
    row = run.rows.get()
    known.refresh_from_db()
    assert (row.state, known.industry) == (RowState.REFUSED, "科研")
    assert row.remark


def test_a_client_opened_meanwhile_is_not_opened_twice(clerk, managers, tmp_path):
    run = judged(book(tmp_path, ("客户", [CLIENT_HEADER, client()])), clerk)
    account(name="江州大学")
    import_confirm(run_pk=run.pk, actor=clerk)
    import_write(run_pk=run.pk, actor=clerk, clock=now)
    assert run.rows.get().state == RowState.REFUSED
    assert Account.objects.count() == 1


def test_of_two_people_confirming_the_first_counts(clerk, managers):
    run = judged(WORKBOOK, clerk)
    import_confirm(run_pk=run.pk, actor=clerk)
    with pytest.raises(ChangedMeanwhile):
        import_confirm(run_pk=run.pk, actor=member("director"))
    assert Operation.objects.count() == 1


def test_a_run_that_lost_its_worker_goes_on_where_it_stopped(clerk, managers, monkeypatch):
    monkeypatch.setattr(services, "BLOCK", 50)
    run = judged(WORKBOOK, clerk)
    import_confirm(run_pk=run.pk, actor=clerk)
    blocks = []

    def dies(*arguments):
        blocks.append(arguments)
        if len(blocks) == 3:
            raise KeyboardInterrupt
        return write(*arguments)

    write = services._write_block
    monkeypatch.setattr(services, "_write_block", dies)
    with pytest.raises(KeyboardInterrupt):
        import_write(run_pk=run.pk, actor=clerk, clock=now)
    monkeypatch.setattr(services, "_write_block", write)
    assert Account.objects.count() == 100
    assert imports_take_up(now=now()) == []
    assert [row.pk for row in imports_take_up(now=now() + LEASE * 2)] == [run.pk]
    run = import_write(run_pk=run.pk, actor=clerk, clock=now)
    assert (run.state, Account.objects.count(), Contact.objects.count()) == (ImportState.DONE, 113, 250)
    import_undo(run_pk=run.pk, actor=clerk, now=now())
    assert not Account.objects.exists()


def test_a_cancelled_run_stops_after_its_block_and_can_be_undone(clerk, managers, monkeypatch):
    monkeypatch.setattr(services, "BLOCK", 50)
    run = judged(WORKBOOK, clerk)
    import_confirm(run_pk=run.pk, actor=clerk)
    write = services._write_block

    def cancels(*arguments):
        done = write(*arguments)
        if done:
            import_cancel(run_pk=run.pk, actor=clerk)
        return done

    monkeypatch.setattr(services, "_write_block", cancels)
    run = import_write(run_pk=run.pk, actor=clerk, clock=now)
    assert (run.state, Account.objects.count()) == (ImportState.CANCELLED, 50)
    import_undo(run_pk=run.pk, actor=clerk, now=now())
    assert not Account.objects.exists()


def test_undo_takes_a_run_from_the_worker_that_writes_it(clerk, managers, monkeypatch):
    monkeypatch.setattr(services, "BLOCK", 50)
    before = every_table()
    run = judged(WORKBOOK, clerk)
    import_confirm(run_pk=run.pk, actor=clerk)
    write = services._write_block

    def undoes(*arguments):
        done = write(*arguments)
        if done:
            import_undo(run_pk=run.pk, actor=clerk, now=now())
        return done

    monkeypatch.setattr(services, "_write_block", undoes)
    run = import_write(run_pk=run.pk, actor=clerk, clock=now)
    assert (run.state, run.claim) == (ImportState.UNDONE, None)
    assert every_table() == before
    assert import_write(run_pk=run.pk, actor=clerk, clock=now).state == ImportState.UNDONE


def test_a_dry_run_that_is_cancelled_stops_after_its_block(clerk, managers, monkeypatch):
    monkeypatch.setattr(services, "BLOCK", 50)
    run = import_store(path=WORKBOOK, name="a.xlsx", actor=clerk)
    renew = services.work_renew

    def cancels(held, **fields):
        if ImportRow.objects.filter(run=run).count() == 100:
            import_cancel(run_pk=run.pk, actor=clerk)
        renew(held, **fields)

    monkeypatch.setattr(services, "work_renew", cancels)
    run = import_judge(run_pk=run.pk, actor=clerk, clock=now)
    assert (run.state, run.rows.count(), run.report) == (ImportState.CANCELLED, 100, {})


def test_whoever_left_an_import_to_the_worker_is_told_of_both_phases(
    clerk, managers, tmp_path, django_capture_on_commit_callbacks
):
    run = import_store(path=book(tmp_path, ("客户", [CLIENT_HEADER, client()])), name="台账.xlsx", actor=clerk)
    judge_import(run.pk)
    import_confirm(run_pk=run.pk, actor=clerk)
    write_import(run.pk)
    told = Notice.objects.filter(recipient=clerk, url=run.get_absolute_url()).order_by("pk")
    assert [notice.text_zh for notice in told] == ["台账.xlsx 试读完成，请查看并确认。", "台账.xlsx 已导入。"]


def test_a_run_that_loses_every_worker_is_given_up_and_can_be_undone(clerk, managers, monkeypatch):
    monkeypatch.setattr(services, "BLOCK", 50)
    run = judged(WORKBOOK, clerk)
    import_confirm(run_pk=run.pk, actor=clerk)
    write, blocks = services._write_block, []

    def dies(*arguments):
        blocks.append(arguments)
        if len(blocks) > 1:
            raise KeyboardInterrupt
        return write(*arguments)

    monkeypatch.setattr(services, "_write_block", dies)
    for _attempt in range(4):
        with pytest.raises(KeyboardInterrupt):
            import_write(run_pk=run.pk, actor=clerk, clock=now)
        if not imports_take_up(now=now() + LEASE * 2):
            break
    run.refresh_from_db()
    assert (run.state, bool(run.error), Account.objects.count()) == (ImportState.CANCELLED, True, 50)
    import_undo(run_pk=run.pk, actor=clerk, now=now())
    assert not Account.objects.exists()


def test_a_manager_brings_in_own_clients_and_sees_own_imports_only(managers, tmp_path):
    mine, other = managers[0], managers[1]
    run = imported(book(tmp_path, ("客户", [CLIENT_HEADER, client()])), mine)
    assert Account.objects.get().owner == mine
    assert AccountGrant.objects.filter(user=mine).count() == 2
    with pytest.raises(ImportRun.DoesNotExist):
        import_undo(run_pk=run.pk, actor=other, now=now())
    with pytest.raises(NotAllowed):
        import_store(path=WORKBOOK, name="x.xlsx", actor=member("finance"))


def test_grading_after_the_import_is_a_clash(clerk, managers, tmp_path):
    run = imported(book(tmp_path, ("客户", [CLIENT_HEADER, client()])), clerk)
    account_grade(account_pk=Account.objects.get().pk, actor=member("director"), grade="A")
    with pytest.raises(DomainError):
        import_undo(run_pk=run.pk, actor=clerk, now=now())


def test_the_commands_import_and_undo(clerk, managers):
    before = every_table()
    out = StringIO()
    call_command("import_workbook", WORKBOOK, "--json", "--as", clerk.username, stdout=out)
    answer = json.loads(out.getvalue())
    assert ImportRun.objects.get(pk=answer["import"]).state == ImportState.DONE
    assert set(answer) == {"import", "sheets", "unrecognised"}
    assert Account.objects.count() == 113
    call_command("undo_import", str(answer["import"]), stdout=out)
    assert every_table() == before
    with pytest.raises(CommandError):
        call_command("undo_import", str(answer["import"]), stdout=out)
    with pytest.raises(CommandError):
        call_command("undo_import", "999", stdout=out)


def test_the_system_may_import_too(managers):
    call_command("import_workbook", WORKBOOK, stdout=StringIO())
    assert Account.objects.count() == 113
    assert Operation.objects.get().actor is None


def test_the_sweep_takes_up_what_lost_its_worker(clerk, managers, tmp_path, django_capture_on_commit_callbacks):
    run = import_store(path=book(tmp_path, ("客户", [CLIENT_HEADER, client()])), name="a.xlsx", actor=clerk)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.JUDGING, lease_until=now() - LEASE)
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    run.refresh_from_db()
    assert (run.state, run.rows.count()) == (ImportState.JUDGED, 1)
