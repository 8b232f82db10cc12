"""Every job of the product: a rehearsal changes nothing and says what a run would do."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from kam.core.calendar import add_working_days, now, today
from kam.core.models import ExportRun
from kam.jobs import engine
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun
from kam.jobs.registry import all_jobs
from kam.jobs.services import job_rehearse, run_put_up
from kam.people.models import Member
from tests import factories
from tests.matrix.world import build, fingerprint

pytestmark = pytest.mark.django_db
DO_SOMETHING = {
    "accounts.drop_ended_grants",
    "approvals.remind",
    "core.delete_lost_files",
    "core.drop_exports",
    "jobs.drop_old_runs",
    "people.close_departed",
}
"""Jobs for which the world of this test has work; a rehearsal of nothing would prove nothing."""


@pytest.fixture
def later(settings, tmp_path):
    """A department with something left over for the jobs, on a working day some days on."""
    settings.MEDIA_ROOT = str(tmp_path)
    world = build()
    at = now() + (add_working_days(today(), 8) - today())
    Member.objects.filter(pk=world.colleague.pk).update(left_on=today() + timedelta(days=2))
    factories.contact(account=world.things["own"]["client"], name="寿星", birthday_calendar="solar", **birthday(at))
    for age in (900, 500, 31):
        JobRun.objects.create(
            job="jobs.drop_old_runs",
            period=f"{age}",
            due_at=at - timedelta(days=age),
            queue="fast",
            send_after=at,
            state=RunState.DONE,
        )
    run = ExportRun(actor=world.colleague, title="旧", path="/clients/", file_format="csv", finished_at=now())
    run.file.save("x", ContentFile(b"old"))
    default_storage.save("attachments/lost", ContentFile(b"lost"))
    return at


def birthday(at):
    return {"birthday_month": at.month, "birthday_day": min(at.day, 28)}


def files(folder):
    return sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())


def ran(job, at):
    """The counts of a real run, which is then taken back."""
    with transaction.atomic():
        run = run_put_up(code=job.code, moment=at, actor=None, now=at)
        assert engine.carry_out(run_pk=run.pk, now=at, clock=lambda: at), job.code
        run.refresh_from_db()
        transaction.set_rollback(True)
    return run.counts


def test_a_rehearsal_of_every_job_changes_nothing_and_tells_what_a_run_does(
    later, settings, django_capture_on_commit_callbacks
):
    before, stored = fingerprint(), files(settings.MEDIA_ROOT)
    did_something = set()
    for job in all_jobs():
        with django_capture_on_commit_callbacks(execute=True):
            tried = job_rehearse(code=job.code, moment=later, now=later).counts
        assert fingerprint() == before, f"a rehearsal of {job.code} changes the database"
        assert files(settings.MEDIA_ROOT) == stored, f"a rehearsal of {job.code} deletes or writes files"
        assert mail.outbox == [], f"a rehearsal of {job.code} sends mail"
        assert not connection.needs_rollback
        assert tried == ran(job, later), f"a rehearsal of {job.code} tells something else than a run does"
        if any(tried.values()):
            did_something.add(job.code)
    assert did_something >= DO_SOMETHING
