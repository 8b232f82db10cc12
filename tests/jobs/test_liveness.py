"""Scheduler or worker that is not alive: who is told, since when, and when it is no false alarm."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from kam.core.imports.models import ImportRun, ImportState
from kam.jobs import signs, tasks
from kam.jobs.choices import RunState
from kam.jobs.liveness import QUEUES, SCHEDULER, SILENT_AFTER, pulse_note, silence
from kam.jobs.models import JobRun, Pulse
from kam.people.choices import Role
from tests.support.people import member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)
TOLD = (Role.DIRECTOR, Role.CLERK)


@pytest.fixture
def all_well():
    for name in (SCHEDULER, *QUEUES):
        pulse_note(name=name, now=NOW)


def still(at):
    found = silence(now=at)
    return found and (found.name, found.since)


def test_nothing_is_told_while_everything_was_seen_lately(all_well, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert still(NOW + SILENT_AFTER) is None


def test_without_the_scheduler_only_the_scheduler_is_named(all_well):
    assert still(NOW + SILENT_AFTER + MINUTE) == (SCHEDULER, NOW)


def test_without_the_worker_of_the_tick_that_one_is_named(all_well):
    later = NOW + SILENT_AFTER + MINUTE
    pulse_note(name=SCHEDULER, now=later)
    assert still(later) == ("fast", NOW)


def test_without_the_worker_for_long_work_that_one_is_named(all_well):
    later = NOW + SILENT_AFTER + MINUTE
    pulse_note(name=SCHEDULER, now=later)
    pulse_note(name="fast", now=later)
    assert still(later) == ("long", NOW)
    pulse_note(name="long", now=later)
    assert still(later) is None


def test_an_installation_that_was_never_started_says_so():
    assert still(NOW) == (SCHEDULER, None)


def run_under_way(queue, until):
    return JobRun.objects.create(
        job="x", period=queue, due_at=NOW, queue=queue, send_after=NOW, state=RunState.RUNNING, lease_until=until
    )


@pytest.mark.parametrize("queue", QUEUES)
def test_a_worker_in_the_middle_of_a_long_job_is_no_dead_one(all_well, queue):
    later = NOW + SILENT_AFTER + MINUTE
    for name in {SCHEDULER, *QUEUES} - {queue}:
        pulse_note(name=name, now=later)
    run = run_under_way(queue, later + MINUTE)
    assert still(later) is None
    assert still(later + 2 * MINUTE) == (queue, NOW)
    run.delete()
    assert still(later) == (queue, NOW)


def test_a_worker_in_the_middle_of_an_import_is_no_dead_one(all_well):
    later = NOW + SILENT_AFTER + MINUTE
    for name in (SCHEDULER, "fast"):
        pulse_note(name=name, now=later)
    run = ImportRun.objects.create(name="x", size=1, state=ImportState.WRITING, lease_until=later + MINUTE)
    assert still(later) is None
    ImportRun.objects.filter(pk=run.pk).update(lease_until=None)
    assert still(later) == ("long", NOW)


# Where pulses come from


def test_each_tick_sends_a_pulse_through_every_queue(django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.leave_pulse, "apply_async", lambda **words: sent.append((words["args"], words["queue"])))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.tick()
    assert sent == [(("fast",), "fast"), (("long",), "long")]


def test_whoever_takes_it_leaves_the_queue_s_pulse():
    with time_machine.travel(NOW, tick=False):
        tasks.leave_pulse("long")
    assert list(Pulse.objects.values_list("name", "at")) == [("long", NOW)]


def test_processes_leave_a_pulse_when_they_start(monkeypatch):
    monkeypatch.setattr(signs.connection, "close", lambda: None)
    worker = SimpleNamespace(
        app=SimpleNamespace(amqp=SimpleNamespace(queues=SimpleNamespace(consume_from={"long": 1})))
    )
    signs.worker_started(sender=worker)
    assert [pulse.name for pulse in Pulse.objects.all()] == ["long"]
    signs.scheduler_started()
    assert Pulse.objects.filter(name=SCHEDULER).exists()


# Who is told


@pytest.fixture
def dead(all_well):
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.mark.parametrize("role", Role)
def test_director_and_clerk_are_told_on_their_workbench(dead, role):
    client = Client()
    client.force_login(member(role), backend="kam.people.backends.MemberBackend")
    body = client.get("/").content.decode()
    assert ("定时调度停了" in body) == (role in TOLD)
    assert ("最后一次运行：2026-11-23 08:00" in body) == (role in TOLD)
    pulse_note(name=SCHEDULER, now=NOW + timedelta(hours=1))
    assert ("提醒后台停了" in client.get("/").content.decode()) == (role in TOLD)
    for queue in QUEUES:
        pulse_note(name=queue, now=NOW + timedelta(hours=1))
    assert client.get("/").context["silence"] is None


def test_the_page_of_jobs_says_what_to_do(dead):
    client = Client()
    client.force_login(member(Role.CLERK), backend="kam.people.backends.MemberBackend")
    assert "重启服务 kam-beat" in client.get(reverse("jobs:job_list")).content.decode()


def test_the_list_on_the_terminal_says_it_too(dead, capsys):
    call_command("jobs")
    assert "kam-beat" in capsys.readouterr().err
