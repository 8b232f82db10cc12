"""Jobs that a person runs, pauses and resumes, on the page and from the terminal."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.jobs import engine, registry
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.registry import job
from kam.jobs.services import AlreadyDone, job_pause, job_rehearse, job_resume, job_run_now
from kam.people.choices import Role
from kam.people.models import Unit
from tests.support.people import member, unit

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
EARLY = START - timedelta(hours=1)
DAY = timedelta(days=1)
CODE = "test.daily"


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """A daily job at eight that writes a unit and notes what it was told; every day missed is made up for."""
    monkeypatch.setattr(registry, "_jobs", {})
    occasions = []

    @job(CODE, title="Daily", done="%(n)s written", period="day", at=time(8), catch_up="all")
    def daily(occasion):
        occasions.append(occasion)
        unit(f"{occasion.on}")
        return {"n": len(occasions)}

    return occasions


@pytest.fixture
def frozen():
    with time_machine.travel(EARLY, tick=False) as clock:
        yield clock


def tick(now):
    sent = []
    engine.tick(now=now, send=sent.append)
    return [run.period for run in sent]


def run_all(now):
    for run in JobRun.objects.for_system().filter(state=RunState.DUE):
        engine.carry_out(run_pk=run.pk, now=now, clock=lambda: now)


def runs():
    return [(run.period, run.state) for run in JobRun.objects.for_system().order_by("pk")]


def command(capsys, *words):
    with translation.override("en"):
        call_command(*words)
    return capsys.readouterr().out


# Run now


def test_a_period_run_ahead_of_its_hour_is_not_run_again_by_the_scheduler(told):
    sent, director = [], member("director")
    tick(EARLY - DAY)
    run_all(EARLY - DAY)
    run = job_run_now(code=CODE, actor=director, now=EARLY, send=sent.append)
    run_all(EARLY)
    assert (sent, run.asked_by) == ([run], director)
    assert [tick(START + DAY * n) for n in (0, 1)] == [[], ["2026-11-24"]]
    assert [occasion.due_at for occasion in told][-1] == START
    with pytest.raises(AlreadyDone):
        job_run_now(code=CODE, actor=director, now=START, send=sent.append)


def test_a_run_under_way_is_not_started_beside_itself(told):
    tick(START)
    JobRun.objects.for_system().update(state=RunState.RUNNING, lease_until=START + timedelta(minutes=5))
    with pytest.raises(ChangedMeanwhile, match="正在运行"):
        job_run_now(code=CODE, actor=member("director"), now=START, send=pytest.fail)
    job_run_now(code=CODE, actor=member("director"), now=START + timedelta(minutes=6), send=lambda _run: None)
    assert runs() == [("2026-11-23", RunState.DUE)]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DIRECTOR])
def test_only_the_director_runs_pauses_and_resumes(role):
    actor = member(role)
    with pytest.raises(NotAllowed):
        job_run_now(code=CODE, actor=actor, now=START, send=pytest.fail)
    with pytest.raises(NotAllowed):
        job_pause(code=CODE, actor=actor, now=START)
    with pytest.raises(NotAllowed):
        job_resume(code=CODE, actor=actor, now=START)
    assert not KnownJob.objects.for_system().exists()
    assert runs() == []


# Pause and resume


def test_a_paused_job_makes_no_runs_and_resuming_does_not_flood():
    director = member("director")
    tick(START)
    run_all(START)
    job_pause(code=CODE, actor=director, now=START + timedelta(hours=1), reason="停机维护")
    assert [tick(START + DAY * n) for n in (1, 2, 3)] == [[], [], []]
    job_resume(code=CODE, actor=director, now=START + DAY * 3 + timedelta(hours=2))
    assert tick(START + DAY * 3 + timedelta(hours=3)) == []
    assert tick(START + DAY * 4) == ["2026-11-27"]
    assert JobRun.objects.for_system().get(period="2026-11-27").missed == 0


def test_what_waited_when_a_job_was_paused_is_skipped_and_no_worker_takes_it(told):
    director = member("director")
    tick(START)
    job_pause(code=CODE, actor=director, now=START)
    run_all(START)
    assert (runs(), told) == ([("2026-11-23", RunState.SKIPPED)], [])
    # a tick that had not seen the pause yet wrote one more
    late = JobRun.objects.for_system().create(
        job=CODE, period="2026-11-24", due_at=START + DAY, queue="fast", send_after=START
    )
    assert tick(START + DAY) == []
    assert not engine.carry_out(run_pk=late.pk, now=START, clock=lambda: START)
    job_resume(code=CODE, actor=director, now=START + DAY)
    late.refresh_from_db()
    assert (late.state, told) == (RunState.SKIPPED, [])


def test_a_run_that_fails_while_its_job_is_paused_is_not_tried_again(told):
    director = member("director")
    tick(START)
    JobRun.objects.for_system().update(state=RunState.RUNNING, lease_until=START, attempts=1)
    job_pause(code=CODE, actor=director, now=START)
    assert tick(START + timedelta(minutes=10)) == []
    job_resume(code=CODE, actor=director, now=START + timedelta(minutes=20))
    assert tick(START + timedelta(minutes=30)) == []
    assert (runs(), told) == ([("2026-11-23", RunState.SKIPPED)], [])


def test_pausing_twice_and_resuming_what_runs_is_told():
    director = member("director")
    with pytest.raises(ChangedMeanwhile):
        job_resume(code=CODE, actor=director, now=START)
    job_pause(code=CODE, actor=director, now=START)
    with pytest.raises(ChangedMeanwhile):
        job_pause(code=CODE, actor=director, now=START)
    with pytest.raises(DomainError, match="已暂停"):
        job_run_now(code=CODE, actor=director, now=START, send=pytest.fail)


# Rehearsal


def test_a_rehearsal_says_what_would_be_done_and_changes_nothing(told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        tried = job_rehearse(code=CODE, moment=START + DAY, now=START)
    assert (tried.due.period, tried.counts, callbacks) == ("2026-11-24", {"n": 1}, [])
    assert len(told) == 1
    assert not Unit.objects.for_system().exists()
    assert not JobRun.objects.for_system().exists()


def test_what_a_rehearsed_job_hands_out_on_commit_is_dropped(django_capture_on_commit_callbacks):
    @job("test.sends", title="Sends", done="", period="day")
    def sends(_occasion):
        with transaction.atomic():
            transaction.on_commit(pytest.fail)
        return {}

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job_rehearse(code="test.sends", moment=START, now=START)
    assert callbacks == []


# From the terminal


def test_run_job_leaves_the_run_that_the_scheduler_would_leave(told, frozen, capsys):
    tick(EARLY - DAY)
    run_all(EARLY - DAY)
    told.clear()
    assert "1 written" in command(capsys, "run_job", CODE, "--on", "2026-11-23")
    assert "1 written" in command(capsys, "run_job", CODE, "--on", "2026-11-23")
    assert tick(START) == []
    assert len(told) == 1


def test_run_job_for_another_day_neither_hides_nor_repeats_what_comes_between(told, frozen, capsys):
    tick(EARLY - DAY + timedelta(hours=2))
    run_all(EARLY)
    command(capsys, "run_job", CODE, "--on", "2026-11-24")
    command(capsys, "run_job", CODE, "--on", "2026-10-01")
    for n in range(4):
        tick(START + DAY * n)
        run_all(START + DAY * n)
    ran = [f"{occasion.on}" for occasion in told]
    assert ran == ["2026-11-22", "2026-11-24", "2026-10-01", "2026-11-23", "2026-11-25", "2026-11-26"]


def test_run_job_before_the_first_tick_brings_no_flood_of_the_past(told, frozen, capsys):
    command(capsys, "run_job", CODE, "--on", "2026-10-01")
    assert tick(START) == ["2026-11-23"]


def test_a_dry_run_from_the_terminal(told, frozen, capsys):
    told_of = command(capsys, "run_job", CODE, "--on", "2026-11-23", "--dry-run")
    assert "1 written" in told_of
    assert "nothing was changed" in told_of
    assert runs() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no.such"], "There is no job no.such. Known are: test.daily."),
        (["no.such", "--dry-run"], "Known are: test.daily"),
        ([CODE, "--on", "2099-01-01"], "too far ahead: jobs can be run for days up to 2027-12-28"),
        ([CODE, "--on", "9999-12-31"], "too far ahead"),
        ([CODE, "--on", "2025-01-01"], "too far back: runs are kept for 400 days"),
        ([CODE, "--on", "0001-01-01"], "too far back"),
        ([CODE, "--on", "yesterday"], "yesterday is no date: write it like 2026-11-23."),
        ([CODE, "--on", "2026-02-30"], "2026-02-30 is no date"),
    ],
)
def test_bad_input_is_told_in_one_line(told, frozen, capsys, words, said):
    with pytest.raises(CommandError, match=said.replace(".", r"\.")) as raised:
        command(capsys, "run_job", *words)
    assert "\n" not in str(raised.value)
    assert raised.value.returncode == 1
    assert (runs(), told) == ([], [])


def test_a_run_under_way_or_paused_is_told_in_one_line(frozen, capsys):
    tick(START)
    JobRun.objects.for_system().update(state=RunState.RUNNING, lease_until=START + DAY)
    with pytest.raises(CommandError, match="under way"):
        command(capsys, "run_job", CODE, "--on", "2026-11-23")
    job_pause(code=CODE, actor=member("director"), now=START)
    with pytest.raises(CommandError, match="paused"):
        command(capsys, "run_job", CODE, "--on", "2026-11-23")


def test_a_job_that_fails_is_told_with_its_reason_and_tried_again(frozen, capsys):
    @job("test.bad", title="Bad", done="", period="day")
    def bad(_occasion):
        raise ValueError("no such file")

    for option in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match=r"test\.bad.*ValueError: no such file"):
            command(capsys, "run_job", "test.bad", "--on", "2026-11-23", *option)
    assert runs() == [("2026-11-23", RunState.DUE)]


def test_an_hourly_job_is_asked_for_by_the_hour(frozen, capsys):
    @job("test.hourly", title="Hourly", done="ran", period="hour")
    def hourly(_occasion):
        return {}

    assert "test.hourly 2026-11-23T05" in command(capsys, "run_job", "test.hourly", "--on", "2026-11-23T05")
    with pytest.raises(CommandError, match="2026-11-23T14"):
        command(capsys, "run_job", "test.hourly", "--on", "2026-11-23")


def test_the_list_of_jobs(frozen, capsys):
    assert "not yet" in command(capsys, "jobs")
    tick(START - DAY)
    run_all(START - DAY)
    [heading, line] = command(capsys, "jobs").splitlines()
    assert heading.split("  ")[0] == "Code"
    for words in (CODE, "Daily", "every day at 08:00", "2026-11-22 08:00", "2026-11-23 08:00", "Done 1 written"):
        assert words in line
    job_pause(code=CODE, actor=member("director"), now=START)
    assert command(capsys, "jobs").splitlines()[1].endswith("  Paused 1 written")


# On the page


def browser(client, role):
    client.force_login(member(role), backend="kam.people.backends.MemberBackend")
    return client


def test_the_director_runs_pauses_and_resumes_on_the_page(client, frozen, django_capture_on_commit_callbacks):
    browser(client, Role.DIRECTOR)
    page = reverse("jobs:job_detail", args=[CODE])
    now_button = reverse("jobs:job_run_now", args=[CODE])
    assert now_button in client.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(now_button).status_code == 302
    assert runs() == [("2026-11-23", RunState.DONE)]
    row = client.get(page).context["row"]
    assert (row.last.did, row.next_at) == ("1 written", START + DAY)
    assert now_button not in client.get(page).content.decode()
    assert "不会运行第二次" in client.post(now_button, follow=True).content.decode()
    client.post(reverse("jobs:job_pause", args=[CODE]), {"reason": "停机维护"})
    body = client.get(page).content.decode()
    assert "起暂停：不再运行" in body
    assert "停机维护" in body
    assert client.get(reverse("jobs:job_list")).context["rows"][0].next_at is None
    client.post(reverse("jobs:job_resume", args=[CODE]))
    assert [entry["what"] for entry in client.get(page).context["pauses"]] == ["已恢复", "已暂停"]


def test_a_job_that_was_never_paused_has_no_such_history(client, frozen):
    KnownJob.objects.create(code=CODE, first_seen_at=EARLY)
    assert browser(client, Role.CLERK).get(reverse("jobs:job_detail", args=[CODE])).context["pauses"] == []


def test_the_clerk_looks_and_has_no_buttons(client, frozen):
    body = browser(client, Role.CLERK).get(reverse("jobs:job_detail", args=[CODE])).content.decode()
    for act in ("job_run_now", "job_pause", "job_resume"):
        assert reverse(f"jobs:{act}", args=[CODE]) not in body
        assert client.post(reverse(f"jobs:{act}", args=[CODE])).status_code == 403


def test_a_job_that_nobody_knows_is_not_there(client):
    browser(client, Role.DIRECTOR)
    assert client.get(reverse("jobs:job_detail", args=["no.such"])).status_code == 404
    assert client.post(reverse("jobs:job_pause", args=["no.such"])).status_code == 404


def test_a_period_run_long_before_its_time_takes_nothing_from_those_before_it(told, frozen, capsys):
    command(capsys, "run_job", CODE, "--on", "2027-01-01")
    assert runs() == [("2027-01-01", RunState.DONE)]
    tick(START + DAY)
    assert ("2026-11-24", RunState.DUE) in runs()
