"""What ran when."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kam.core.fields import ActorField
from kam.core.history import OperationBase
from kam.core.scoping import ScopedManager
from kam.jobs.choices import RunState


class KnownJob(models.Model):
    """When a job was first seen by this installation, and whether it is paused.

    No period before the one in which it was first seen is made up for, nor any that passed while it was paused.
    """

    code = models.CharField(max_length=60, primary_key=True)
    first_seen_at = models.DateTimeField()
    paused_at = models.DateTimeField(_("paused at"), null=True)
    resumed_at = models.DateTimeField(_("resumed at"), null=True)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])

    class Meta:
        verbose_name = _("known job")
        verbose_name_plural = _("known jobs")

    def __str__(self) -> str:
        return self.code


class JobRun(models.Model):
    """One period of one job: exactly one row, whatever restarts, and the worker that claims it runs it."""

    job = models.CharField(_("job"), max_length=60)
    period = models.CharField(_("period"), max_length=16)
    due_at = models.DateTimeField(_("due at"))
    queue = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.DUE)
    missed = models.PositiveIntegerField(_("periods missed before"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    send_after = models.DateTimeField()
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    counts = models.JSONField(default=dict)
    error = models.CharField(_("error"), max_length=500, blank=True)
    asked_by = ActorField(null=True, blank=True, verbose_name=_("started by"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["job", "period"], name="job_runs_once_per_period")]
        indexes = [models.Index(fields=["state", "send_after"]), models.Index(fields=["job", "-due_at"])]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("jobs:run_detail", args=[self.pk])


class Pulse(models.Model):
    """When a part of the machinery was last seen at work: the scheduler, and the workers of each queue."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")

    def __str__(self) -> str:
        return self.name
