"""Large exports: written by a worker, found again, fetched by their member alone, cancelled, resumed, dropped."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from kam.core.calendar import now
from kam.core.exceptions import ChangedMeanwhile
from kam.core.exports import services
from kam.core.exports.lists import ExportRunList
from kam.core.exports.models import ExportRun, ExportState
from kam.core.exports.services import KEPT, export_cancel, export_write, exports_drop_old, exports_take_up
from kam.core.lists import export, page
from kam.core.models import ExportLog
from kam.core.tasks import sweep_exports
from kam.core.work.services import ATTEMPTS, LEASE
from kam.outbox.models import Notice
from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.support.lists import ListContract
from tests.support.people import member

pytestmark = pytest.mark.django_db
LIST = "/clients/"
FOLDER = "exports"


class TestExportRuns(ListContract):
    """Everybody finds the own ones."""

    page_class = ExportRunList
    url = "/exports/large/"

    def make(self, user: Member, text: str) -> ExportRun:
        """One of the member's own."""
        return ExportRun.objects.create(actor=user, title=text, path=LIST, file_format="csv")

    def make_foreign(self) -> ExportRun:
        """One of somebody else."""
        return self.make(member(), "x")


@pytest.fixture(autouse=True)
def few(monkeypatch, settings, tmp_path):
    """Three rows are many, and are read two at a time."""
    monkeypatch.setattr(page, "AT_ONCE", 3)
    monkeypatch.setattr(export, "BATCH", 2)
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def clerk():
    return member(Role.CLERK)


@pytest.fixture
def five():
    return [factories.account(name=f"客户{number}") for number in range(5)]


def browser(user):
    client = Client()
    client.force_login(user, backend="kam.people.backends.MemberBackend")
    return client


def asked(user, query="?export=csv", **words):
    """The run that an export begins."""
    answer = browser(user).get(LIST + query, **words)
    assert answer.status_code == 302
    run = ExportRun.objects.latest("pk")
    assert answer.url == run.get_absolute_url()
    return run


def write(run):
    return export_write(run_pk=run.pk, actor=None, clock=now)


def lines_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def file_url(run):
    return reverse("core:export_file", args=[run.pk])


def test_few_rows_are_written_while_the_person_waits(clerk, five):
    answer = browser(clerk).get(LIST + "?export=csv&q=客户3")
    assert len(lines_of(answer)) == 2
    assert not ExportRun.objects.exists()
    ticked = "".join(f"&pk={account.pk}" for account in five[:3])
    assert len(lines_of(browser(clerk).get(LIST + "?export=csv" + ticked))) == 4


def test_many_rows_are_written_by_a_worker_and_are_the_same(clerk, five, django_capture_on_commit_callbacks):
    query = "&sort=-number&columns=number&columns=grade&status=prospect"
    with django_capture_on_commit_callbacks(execute=True):
        run = asked(clerk, f"?export=csv{query}")
    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.claim) == (ExportState.DONE, 5, 5, None)
    written = lines_of(browser(clerk).get(file_url(run)))
    at_once = lines_of(browser(clerk).get(f"{LIST}?export=csv{query}" + "".join(f"&pk={a.pk}" for a in five[:3])))
    assert len(written) == 6
    assert written[0] == at_once[0]
    assert [line for line in written if line in at_once] == at_once


def test_the_export_is_written_down_with_what_it_held(clerk, five):
    run = write(asked(clerk, "?export=xlsx&columns=number"))
    entry = ExportLog.objects.get()
    assert (entry.actor, entry.page, entry.rows, entry.file_format) == (clerk, "accounts.account", 5, "xlsx")
    assert entry.query == "columns=number"
    content = b"".join(browser(clerk).get(file_url(run)).streaming_content)
    assert load_workbook(io.BytesIO(content)).active.max_row == 6


def test_a_manager_s_file_holds_the_own_clients_alone(five):
    manager = member()
    for number in range(4):
        factories.account(owner=manager, name=f"本人{number}")
    run = write(asked(manager))
    lines = lines_of(browser(manager).get(file_url(run)))
    assert len(lines) == 5
    assert "客户" not in "".join(cell for line in lines[1:] for cell in line).replace("大客户", "")


def test_asked_twice_it_is_written_once(clerk, five):
    run = asked(clerk)
    assert asked(clerk) == run
    assert asked(clerk, "?export=xlsx") != run
    write(run)
    assert asked(clerk) != run


def test_its_member_is_told_once_when_the_file_is_there(clerk, five):
    run = write(asked(clerk))
    export_write(run_pk=run.pk, actor=None, clock=now)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.url) == (clerk, run.get_absolute_url())
    assert "5" in notice.text_zh


# Progress


def test_the_page_shows_how_far_it_is_and_comes_anew_at_the_end(clerk, five):
    run = asked(clerk)
    ExportRun.objects.filter(pk=run.pk).update(state=ExportState.WRITING, done=2, total=5)
    url = run.get_absolute_url()
    part = browser(clerk).get(url, headers={"HX-Request": "true"})
    body = part.content.decode()
    assert "<html" not in body
    assert 'value="2"' in body
    assert f'hx-get="{url}"' in body
    ExportRun.objects.filter(pk=run.pk).update(state=ExportState.WAITING)
    write(run)
    assert browser(clerk).get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert file_url(run) in browser(clerk).get(url).content.decode()


# Whose it is


def test_nobody_else_finds_the_page_or_the_file(clerk, five):
    run = write(asked(clerk))
    for role in Role:
        for url in (run.get_absolute_url(), file_url(run)):
            assert browser(member(role)).get(url).status_code == 404
        assert browser(member(role)).post(reverse("core:export_cancel", args=[run.pk])).status_code == 404


def test_who_may_not_export_any_more_gets_no_file(clerk, five):
    waiting, ready = asked(clerk, "?export=xlsx"), write(asked(clerk))
    Member.objects.filter(pk=clerk.pk).update(role=Role.FINANCE)
    clerk.refresh_from_db()
    assert browser(clerk).get(file_url(ready)).status_code == 403
    assert write(waiting).state == ExportState.FAILED
    assert ExportLog.objects.count() == 1


# Stopping, and going on


def test_what_waits_is_cancelled_at_once(clerk, five):
    run = asked(clerk)
    browser(clerk).post(reverse("core:export_cancel", args=[run.pk]))
    assert write(run).state == ExportState.CANCELLED
    assert not ExportLog.objects.exists()
    with pytest.raises(ChangedMeanwhile):
        export_cancel(run_pk=run.pk, actor=clerk, now=now())


def test_what_is_being_written_stops_and_leaves_no_file(clerk, five, monkeypatch):
    run = asked(clerk)
    renew = services.work_renew

    def cancelled_in_the_middle(work, **words):
        if words.get("done") == 2:
            export_cancel(run_pk=run.pk, actor=clerk, now=now())
        renew(work, **words)

    monkeypatch.setattr(services, "work_renew", cancelled_in_the_middle)
    stopped = write(run)
    assert (stopped.state, stopped.file.name) == (ExportState.CANCELLED, "")
    assert not ExportLog.objects.exists()
    assert not default_storage.exists(FOLDER)


def test_what_lost_its_worker_is_begun_again_by_the_sweep(clerk, five, monkeypatch, django_capture_on_commit_callbacks):
    run = asked(clerk)

    class Killed(BaseException):
        pass

    def killed(*_args, **_words):
        raise Killed

    monkeypatch.setattr(services, "export_record", killed)
    with pytest.raises(Killed):
        write(run)
    monkeypatch.undo()
    assert ExportRun.objects.get().state == ExportState.WRITING
    assert exports_take_up(now=now()) == []
    with django_capture_on_commit_callbacks(execute=True):
        assert list(sweep_exports(now() + LEASE * 2)) == [run.pk]
    run.refresh_from_db()
    assert (run.state, run.done, run.attempts) == (ExportState.DONE, 5, 2)
    assert ExportLog.objects.count() == 1


def test_a_worker_back_from_the_dead_keeps_nothing(clerk, five, monkeypatch):
    run = asked(clerk)
    keep = services.export_write.__globals__["_keep"]

    def overtaken(held, page, file, clock):
        ExportRun.objects.filter(pk=run.pk).update(state=ExportState.WAITING, claim=None)
        monkeypatch.setattr(services, "_keep", keep)
        write(run)
        return keep(held, page, file, clock)

    monkeypatch.setattr(services, "_keep", overtaken)
    write(run)
    assert ExportLog.objects.count() == 1
    run.refresh_from_db()
    assert default_storage.listdir(FOLDER)[1] == [run.file.name.split("/")[1]]


def test_what_kills_every_worker_is_given_up_and_told(clerk, five):
    run = asked(clerk)
    later = now() + LEASE * 2
    ExportRun.objects.filter(pk=run.pk).update(state=ExportState.WRITING, attempts=ATTEMPTS, lease_until=now())
    assert exports_take_up(now=later) == []
    run.refresh_from_db()
    assert (run.state, run.finished_at) == (ExportState.FAILED, later)
    assert "失败" in Notice.objects.get().text_zh
    assert "执行进程每次都中断了" in browser(clerk).get(run.get_absolute_url()).content.decode()


# Dropping


def test_files_are_deleted_after_a_week_and_what_was_taken_stays_written_down(
    clerk, five, django_capture_on_commit_callbacks
):
    run, young = write(asked(clerk)), write(asked(clerk, "?export=xlsx"))
    ExportRun.objects.filter(pk=run.pk).update(finished_at=now() - KEPT - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert exports_drop_old(before=now() - KEPT) == 1
    assert default_storage.listdir(FOLDER)[1] == [young.file.name.split("/")[1]]
    assert browser(clerk).get(file_url(run)).status_code == 404
    assert "重新导出" in browser(clerk).get(run.get_absolute_url()).content.decode()
    assert ExportLog.objects.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert exports_drop_old(before=now() - KEPT) == 0
