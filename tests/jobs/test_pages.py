"""Pages of scheduled jobs: open to director and clerk alone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kam.jobs import engine, registry
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun
from kam.jobs.registry import job
from kam.people.choices import Role
from tests.support.people import member

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KEEPERS = (Role.DIRECTOR, Role.CLERK)


@pytest.fixture
def run(monkeypatch):
    """A run that is due."""
    monkeypatch.setattr(registry, "_jobs", {})

    @job("test.daily", title="Daily", done="%(n)s letters sent", period="day", at=time(8))
    def daily(_occasion):
        return {"n": 12}

    engine.tick(now=START, send=lambda _run: None)
    return JobRun.objects.for_system().get()


def browser(role):
    client = Client()
    client.force_login(member(role), backend="kam.people.backends.MemberBackend")
    return client


def pages(run):
    return [reverse("jobs:job_list"), reverse("jobs:run_list"), reverse("jobs:run_detail", args=[run.pk])]


@pytest.mark.parametrize("role", Role)
def test_director_and_clerk_see_what_ran(run, role):
    for page in pages(run):
        assert browser(role).get(page).status_code == (200 if role in KEEPERS else 403)


def test_the_pages_say_what_was_done_and_what_comes_next(run):
    engine.carry_out(run_pk=run.pk, now=START, clock=lambda: START + timedelta(seconds=2))
    client = browser(Role.CLERK)
    for page in pages(run):
        assert "12 letters sent" in client.get(page).content.decode()
    rows = client.get(reverse("jobs:job_list")).context["rows"]
    assert [row.last.run.state for row in rows] == [RunState.DONE]


@pytest.mark.parametrize("role", Role)
def test_a_failed_run_is_run_again_by_director_or_clerk(run, role):
    JobRun.objects.for_system().filter(pk=run.pk).update(state=RunState.FAILED, error="ValueError: x")
    again = reverse("jobs:run_again", args=[run.pk])
    client = browser(role)
    assert client.get(again).status_code == 405
    assert client.post(again).status_code == (302 if role in KEEPERS else 403)
    run.refresh_from_db()
    assert run.state == (RunState.DUE if role in KEEPERS else RunState.FAILED)


def test_only_a_failed_run_is_run_again(run):
    answer = browser(Role.DIRECTOR).post(reverse("jobs:run_again", args=[run.pk]))
    assert answer.status_code == 409
    assert browser(Role.DIRECTOR).get(reverse("jobs:run_detail", args=[999_999])).status_code == 404


def test_queries_do_not_grow_with_the_runs(run):
    client, counts = browser(Role.CLERK), []
    for rows in (3, 27):
        for number in range(rows):
            JobRun.objects.for_system().create(
                job="test.daily", period=f"{rows}-{number}", due_at=START, queue="fast", send_after=START
            )
        counts.append([])
        for page in pages(run):
            client.get(page, {"size": 50})
            with CaptureQueriesContext(connection) as queries:
                client.get(page, {"size": 50})
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15
