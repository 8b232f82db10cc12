"""Pages of scheduled jobs, for director and clerk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kam.core.calendar import now
from kam.core.scoping import allowed
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun
from kam.jobs.selectors import did, job_rows, job_title
from kam.jobs.services import job_run_again
from kam.people.signed_in import member_of
from kam.people.views.pages import in_scope, must_have


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """Every job: when it runs, when it last ran and what it did, when it runs next."""
    must_have(request, JobRun, "view")
    context = {"title": _("Scheduled jobs"), "rows": job_rows(member_of(request), now=now())}
    return render(request, "jobs/jobs.html", context)


@require_GET
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run; a failed one can be put up again."""
    must_have(request, JobRun, "view")
    run = in_scope(request, JobRun, pk)
    context = {
        "title": job_title(run.job),
        "run": run,
        "did": did(run.job, run.counts, run.state),
        "error": _(run.error) if run.error else "",
        "back_url": reverse("jobs:run_list"),
        "may_run_again": run.state == RunState.FAILED and allowed(member_of(request), run, "change"),
    }
    return render(request, "jobs/run.html", context)


@require_POST
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed run before the workers once more."""
    must_have(request, JobRun, "change")
    job_run_again(run_pk=in_scope(request, JobRun, pk).pk, actor=member_of(request), now=now())
    messages.success(request, _("It runs again within a minute."))
    return redirect("jobs:run_detail", pk)
