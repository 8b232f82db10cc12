"""Pages of scheduled jobs, for director and clerk."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kam.core.calendar import now
from kam.core.exceptions import Text
from kam.core.pages import ActPage
from kam.core.scoping import Reach, allowed, reach
from kam.jobs import selectors, services
from kam.jobs.choices import RunState
from kam.jobs.liveness import silence_told_to
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.registry import Job, job_of
from kam.jobs.tasks import send
from kam.people.signed_in import member_of
from kam.people.views.pages import in_scope, must_have


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """Every job: when it runs, when it last ran and what it did, when it runs next."""
    must_have(request, JobRun, "view")
    member, at = member_of(request), now()
    context = {
        "title": _("Scheduled jobs"),
        "rows": selectors.job_rows(member, now=at),
        "silence": silence_told_to(member, now=at),
    }
    return render(request, "jobs/jobs.html", context)


@require_GET
def job_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One job with its latest runs; the director runs it now, pauses and resumes it."""
    must_have(request, KnownJob, "view")
    job, member, at = _job(code), member_of(request), now()
    row, present = selectors.job_row(member, job, now=at), selectors.present_run(member, job, now=at)
    may_decide = reach(member, KnownJob, "change") is not Reach.NONE
    has_run = present is not None and present.state in (RunState.RUNNING, RunState.DONE)
    context = {
        "title": job.title,
        "job": job,
        "row": row,
        "catching_up": selectors.catching_up(job),
        "runs": selectors.last_runs(member, job),
        "pauses": selectors.pauses(member, job),
        "may_decide": may_decide,
        "may_run": may_decide and row.paused_at is None and not has_run,
        "reason_length": services.REASON_LENGTH,
        "back_url": reverse("jobs:job_list"),
    }
    return render(request, "jobs/job.html", context)


class JobAct(ActPage):
    """Something the director does to a job."""

    model = KnownJob

    def get_row(self) -> Job:
        """The job of the address; no row is asked for, because a job may not have been seen by the scheduler yet."""
        must_have(self.request, KnownJob, "change")
        return _job(self.kwargs["code"])

    def success_url(self) -> str:
        """The job's page."""
        return reverse("jobs:job_detail", args=[self.row.code])


class JobRunNow(JobAct):
    """Let the present period run at once."""

    def act(self) -> Text:
        services.job_run_now(code=self.row.code, actor=member_of(self.request), now=now(), send=send)
        return _("It has been handed to the workers; its result appears here.")


class JobPause(JobAct):
    """Let the job make no runs."""

    def act(self) -> Text:
        reason = self.request.POST.get("reason", "")
        services.job_pause(code=self.row.code, actor=member_of(self.request), now=now(), reason=reason)
        return _("Paused: it makes no runs until it is resumed.")


class JobResume(JobAct):
    """Let the job run again."""

    def act(self) -> Text:
        reason = self.request.POST.get("reason", "")
        services.job_resume(code=self.row.code, actor=member_of(self.request), now=now(), reason=reason)
        return _("Resumed: it runs again at its next moment.")


@require_GET
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run; a failed one can be put up again."""
    must_have(request, JobRun, "view")
    run = in_scope(request, JobRun, pk)
    context = {
        "title": selectors.job_title(run.job),
        "run": run,
        "row": selectors.run_row(run),
        "error": _(run.error) if run.error else "",
        "back_url": reverse("jobs:job_detail", args=[run.job]) if job_of(run.job) else reverse("jobs:run_list"),
        "may_run_again": run.state == RunState.FAILED and allowed(member_of(request), run, "change"),
    }
    return render(request, "jobs/run.html", context)


@require_POST
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed run before the workers once more."""
    must_have(request, JobRun, "change")
    run = in_scope(request, JobRun, pk)
    services.job_run_again(run_pk=run.pk, actor=member_of(request), now=now(), send=send)
    messages.success(request, _("It has been handed to the workers; its result appears here."))
    return redirect("jobs:run_detail", pk)


def _job(code: str) -> Job:
    job = job_of(code)
    if job is None:
        raise Http404
    return job
