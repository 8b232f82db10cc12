"""Policies, requests bound to a frozen snapshot, and the decisions taken on them (审批, P1)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kam.approvals.choices import Outcome, RequestStatus, StepKind, StepStatus
from kam.approvals.scopes import RequestQuerySet
from kam.core.fields import ActorField, MoneyField
from kam.core.history import OperationBase
from kam.core.scoping import ScopedManager
from kam.core.states import StateTable
from kam.people.choices import Role

LIVE = (RequestStatus.PENDING, RequestStatus.APPROVED)
"""States in which a request is not finished."""


class Policy(models.Model):
    """How requests of one kind are decided; edited by the director in the admin panel."""

    kind = models.CharField(_("kind"), max_length=40, unique=True)
    allows_bulk = models.BooleanField(_("may be decided in bulk"), default=False)
    remind_after_days = models.PositiveSmallIntegerField(
        _("remind after working days"), default=2, help_text=_("0 means never")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])

    class Meta:
        verbose_name = _("approval policy")
        verbose_name_plural = _("approval policies")
        ordering = ["kind"]

    def __str__(self) -> str:
        from kam.approvals.kinds import kind_title

        return str(kind_title(self.kind))


class PolicyStep(models.Model):
    """One ordered step of a policy. `above_amount` empty: always taken; else only when the amount exceeds it (CNY)."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="steps", verbose_name=_("policy"))
    position = models.PositiveSmallIntegerField(_("order"))
    step_kind = models.CharField(_("step"), max_length=10, choices=StepKind, default=StepKind.DECISION)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    above_amount = MoneyField(_("only above"), null=True, blank=True, help_text=_("CNY; empty means always"))

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])

    class Meta:
        verbose_name = _("policy step")
        verbose_name_plural = _("policy steps")
        ordering = ["policy_id", "position"]
        constraints = [models.UniqueConstraint(fields=["policy", "position"], name="policy_step_position_unique")]

    def __str__(self) -> str:
        return f"{self.position} {self.get_role_display()}"


class Request(models.Model):
    """One thing put up for decision. What was approved is exactly what takes effect: `snapshot`, proven by its hash.

    `live_key` names the matter: of one kind and matter at most one request is live (waiting, or approved and not yet
    carried out).
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    account_id = models.BigIntegerField(_("client"), null=True, blank=True, db_index=True)
    account_name = models.CharField(_("client"), max_length=120, blank=True)
    subject_id = models.BigIntegerField(_("subject"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    amount = MoneyField(_("amount"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    snapshot = models.JSONField(_("what is asked"))
    snapshot_hash = models.CharField(max_length=64)
    past = models.JSONField(default=list, help_text=_("Earlier revisions: what was asked, amount, reason"))
    live_key = models.CharField(max_length=60, blank=True)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    status = models.CharField(_("state"), max_length=12, choices=RequestStatus, default=RequestStatus.PENDING)
    requester = ActorField(verbose_name=_("submitted by"), related_name="approval_requests")
    submitted_at = models.DateTimeField(_("submitted at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)

    objects = models.Manager.from_queryset(RequestQuerySet)()
    scope_own = "requester"
    subject_read: Any = None
    """What the kind has read of the subject, kept for one page."""
    STATES = StateTable(
        {
            RequestStatus.PENDING: frozenset(
                {RequestStatus.APPROVED, RequestStatus.RETURNED, RequestStatus.WITHDRAWN, RequestStatus.VOID}
            ),
            RequestStatus.APPROVED: frozenset({RequestStatus.EFFECTED, RequestStatus.VOID}),
            RequestStatus.RETURNED: frozenset({RequestStatus.PENDING, RequestStatus.WITHDRAWN}),
            RequestStatus.WITHDRAWN: frozenset({RequestStatus.PENDING}),
            RequestStatus.VOID: frozenset({RequestStatus.PENDING}),
        }
    )

    class Meta:
        verbose_name = _("approval request")
        verbose_name_plural = _("approval requests")
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "live_key"],
                condition=Q(status__in=["pending", "approved"]) & ~Q(live_key=""),
                name="one_live_request_per_matter",
            )
        ]
        indexes = [
            models.Index(fields=["status", "submitted_at"]),
            models.Index(fields=["kind", "subject_id", "-submitted_at"]),
            models.Index(fields=["requester", "-submitted_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("approvals:request_detail", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Whether something is still to come: a decision, or carrying it out."""
        return self.status in LIVE


class RequestStep(models.Model):
    """One step of one request, copied from the policy at submission."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    revision = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(_("order"))
    step_kind = models.CharField(_("step"), max_length=10, choices=StepKind)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    limit_amount = MoneyField(_("limit of the role"), null=True, blank=True)
    progress = models.CharField(_("progress"), max_length=10, choices=StepStatus, default=StepStatus.AHEAD)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    decided_by = ActorField(null=True, blank=True, verbose_name=_("decided by"))
    on_behalf_of = ActorField(null=True, blank=True, verbose_name=_("on behalf of"))
    delegation = models.ForeignKey(
        "people.Delegation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("delegation"),
    )
    comment = models.TextField(_("comment"), blank=True)
    returned_lines = models.JSONField(default=dict, blank=True, help_text=_("Lines returned at this step: key and why"))
    current_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = ScopedManager()
    scope_client = "request__account_id"

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["request_id", "revision", "position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "revision", "position"], name="request_step_position_unique"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(progress="current"), name="one_current_step_per_request"
            ),
        ]
        indexes = [models.Index(fields=["role", "progress"])]

    def __str__(self) -> str:
        return f"{self.request.number} {self.position}"
