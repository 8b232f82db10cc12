"""`run_job`: one job for the period that contains a day, exactly as the scheduler runs it."""

import argparse
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kam.core.calendar import now
from kam.core.exceptions import DomainError
from kam.core.lists.cells import moment_text
from kam.jobs import engine
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun
from kam.jobs.registry import job_of
from kam.jobs.rules import Period
from kam.jobs.selectors import did, in_words, took
from kam.jobs.services import AlreadyDone, job_rehearse, run_put_up


class Command(BaseCommand):
    """Leaves the run that the scheduler would leave, so that the period does not run a second time."""

    help = "Run a scheduled job for the period that contains a day: run_job people.close_departed --on 2026-11-23"
    requires_migrations_checks = True

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which job, for which day, and whether only to try it."""
        parser.add_argument("name", metavar="NAME", help="code of the job; manage.py jobs lists them")
        parser.add_argument("--on", default="", metavar="DATE", help="2026-11-23, or 2026-11-23T14 for an hourly job")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, say what would be done")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run or rehearse; every refusal is one line and exit code 1."""
        code, moment = options["name"], now()
        try:
            if options["on"]:
                moment = _moment(options["on"], code)
            if options["dry_run"]:
                self._rehearse(code, moment)
            else:
                self._run(code, moment)
        except AlreadyDone as error:
            self._tell(error.run)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _run(self, code: str, moment: datetime) -> None:
        run = run_put_up(code=code, moment=moment, actor=None, now=now())
        engine.carry_out(run_pk=run.pk, now=now(), clock=now)
        self._tell(JobRun.objects.for_system().get(pk=run.pk))

    def _tell(self, run: JobRun) -> None:
        named = f"{run.job} {run.period}"
        if run.state != RunState.DONE:
            raise CommandError(f"{named}: {_(run.error) or RunState(run.state).label}")
        done = {"at": moment_text(run.finished_at), "took": took(run.started_at, run.finished_at)}
        self.stdout.write(f"{named}: {did(run.job, run.counts, run.state)} ({_('%(at)s, took %(took)s') % done})")

    def _rehearse(self, code: str, moment: datetime) -> None:
        try:
            tried = job_rehearse(code=code, moment=moment, now=now())
        except DomainError:
            raise
        except Exception as error:
            raise CommandError(f"{code}: {type(error).__name__}: {error}") from error
        words = in_words(tried.job, tried.counts)
        self.stdout.write(f"{code} {tried.due.period}: {_('would be done')}: {words} ({_('nothing was changed')})")


def _moment(text: str, code: str) -> datetime:
    job = job_of(code)
    hourly = job is not None and job.schedule.period is Period.HOUR
    try:
        if hourly:
            return datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=engine.ZONE)
        return datetime.combine(date.fromisoformat(text), time(12), engine.ZONE)
    except ValueError as error:
        words = {"text": text, "shape": "2026-11-23T14" if hourly else "2026-11-23"}
        raise DomainError(_("%(text)s is no date: write it like %(shape)s.") % words) from error
