from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kam.core.exceptions import ChangedMeanwhile, NotAllowed
from kam.jobs import engine, registry
from kam.jobs.choices import RunState
from kam.jobs.engine import ATTEMPTS, LEASE, RESEND
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.registry import job
from kam.jobs.services import job_run_again, runs_drop_old
from tests.support.people import member

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def only(monkeypatch):
    """A registry with nothing in it but what the test contributes."""
    monkeypatch.setattr(registry, "_jobs", {})


@pytest.fixture
def daily(only):
    """A daily job at eight that notes what it was told."""
    told = []

    @job("test.daily", title="Daily", done="%(n)s done", period="day", at=time(8), catch_up="all", queue="long")
    def daily(occasion):
        told.append(occasion)
        return {"n": len(told)}

    return told


def tick(now):
    sent = []
    engine.tick(now=now, send=sent.append)
    return sent


def work(run, now):
    return engine.carry_out(run_pk=run.pk, now=now, clock=lambda: now)


def test_a_due_run_is_written_and_handed_out_once(daily):
    assert tick(START - MINUTE) == []
    [run] = tick(START)
    assert (run.job, run.period, run.queue) == ("test.daily", "2026-11-23", "long")
    assert tick(START) == tick(START + MINUTE) == []
    assert JobRun.objects.for_system().count() == 1


def test_a_run_is_claimed_once_and_says_what_it_did(daily):
    [run] = tick(START)
    assert work(run, START)
    assert not work(run, START)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert run.counts == {"n": 1}
    assert (daily[0].on.isoformat(), daily[0].due_at) == ("2026-11-23", START)
    assert len(daily) == 1


def test_a_lost_message_is_sent_again(daily):
    [run] = tick(START)
    assert tick(START + RESEND - MINUTE) == []
    assert tick(START + RESEND) == [run]


def test_days_without_a_machine_are_made_up_for(daily):
    [first] = tick(START)
    work(first, START)
    assert [run.period for run in tick(START + timedelta(days=3))] == ["2026-11-24", "2026-11-25", "2026-11-26"]


def test_what_comes_too_late_is_written_as_skipped(only):
    @job("test.greeting", title="Greeting", done="", period="day", at=time(8), catch_up="none")
    def greet(_occasion):
        raise AssertionError

    tick(START - timedelta(days=1))
    JobRun.objects.for_system().delete()
    assert tick(START + timedelta(hours=2)) == []
    assert JobRun.objects.for_system().get().state == RunState.SKIPPED
    assert JobRun.objects.for_system().get().missed == 1


def test_a_worker_that_dies_leaves_its_run_to_the_sweep(daily):
    [run] = tick(START)
    JobRun.objects.for_system().filter(pk=run.pk).update(
        state=RunState.RUNNING, attempts=1, lease_until=START + LEASE, send_after=START + RESEND
    )
    assert tick(START + LEASE) == []
    assert tick(START + LEASE + MINUTE) == [run]
    assert work(run, START + LEASE + MINUTE)


def test_a_worker_that_comes_back_from_the_dead_does_not_overwrite_the_result(only):
    runs = {}

    @job("test.slow", title="Slow", done="%(n)s", period="day", at=time(8))
    def slow(occasion):
        if occasion.now == START:
            tick(START + LEASE + MINUTE)
            assert work(runs["run"], START + LEASE + MINUTE)
            return {"n": 1}
        return {"n": 2}

    [runs["run"]] = tick(START)
    work(runs["run"], START)
    runs["run"].refresh_from_db()
    assert runs["run"].counts == {"n": 2}


def test_renewing_keeps_the_claim(only):
    @job("test.long", title="Long", done="", period="day", at=time(8))
    def long_one(occasion):
        occasion.renew()
        assert tick(START + LEASE + MINUTE) == []
        return {}

    [run] = tick(START)
    assert engine.carry_out(run_pk=run.pk, now=START, clock=lambda: START + LEASE)


def test_a_failing_job_is_tried_again_later_and_then_given_up_with_its_error(only):
    @job("test.bad", title="Bad", done="", period="day", at=time(8))
    def bad(_occasion):
        raise ValueError("no such file")

    [run] = tick(START)
    now = START
    for attempt in range(1, ATTEMPTS + 1):
        assert not work(run, now)
        run.refresh_from_db()
        assert run.error == "ValueError: no such file"
        assert run.state == (RunState.FAILED if attempt == ATTEMPTS else RunState.DUE)
        if attempt < ATTEMPTS:
            assert tick(now + RESEND * attempt - MINUTE) == []
            now += RESEND * attempt
            assert tick(now) == [run]
    assert tick(now + timedelta(hours=3)) == []


def test_a_run_whose_job_is_gone_fails_in_words(daily, monkeypatch):
    [run] = tick(START)
    monkeypatch.setattr(registry, "_jobs", {})
    assert not work(run, START)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.error


def test_a_failed_run_is_put_up_again_by_director_or_clerk_only(daily):
    sent = []
    [run] = tick(START)
    with pytest.raises(ChangedMeanwhile):
        job_run_again(run_pk=run.pk, actor=member("director"), now=START, send=sent.append)
    JobRun.objects.for_system().filter(pk=run.pk).update(state=RunState.FAILED, attempts=3)
    for role in ("manager", "executive", "finance", "legal", "partner"):
        with pytest.raises(NotAllowed):
            job_run_again(run_pk=run.pk, actor=member(role), now=START, send=sent.append)
    run.refresh_from_db()
    assert (run.state, sent) == (RunState.FAILED, [])
    clerk = member("clerk")
    assert job_run_again(run_pk=run.pk, actor=clerk, now=START + MINUTE, send=sent.append).asked_by == clerk
    assert (sent, tick(START + MINUTE)) == ([run], [])
    assert tick(START + MINUTE + RESEND) == [run]


def test_old_runs_go_but_each_job_keeps_its_last(daily):
    [first] = tick(START)
    work(first, START)
    assert runs_drop_old(before=START + timedelta(days=9)) == 0
    [second] = tick(START + timedelta(days=1))
    assert runs_drop_old(before=START + timedelta(days=9)) == 1
    assert JobRun.objects.for_system().get() == second


def test_a_job_is_first_seen_once(daily):
    tick(START)
    tick(START + timedelta(days=1))
    assert KnownJob.objects.for_system().get().first_seen_at == START


def test_the_product_s_own_jobs_run_through():
    for run in tick(START):
        assert work(run, START), run
    assert not JobRun.objects.for_system().exclude(state=RunState.DONE).exists()


def test_two_jobs_of_one_name_are_refused(daily):
    with pytest.raises(ValueError, match=r"test\.daily"):

        class Elsewhere:
            __module__ = "elsewhere"

            def __call__(self, _occasion):
                return {}

        job("test.daily", title="", done="", period="day")(Elsewhere())
