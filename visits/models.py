"""Visit logs (走访日志), their photos, and the rules of visiting that the director sets."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from kam.core.fields import AccountField, ActorField, MoneyField, ResponsibleField
from kam.core.history import OperationBase
from kam.core.scoping import ScopedManager
from kam.core.states import StateTable
from visits.choices import OPEN_LINES, LineStatus, LogStatus, PlanStatus

DAYS = (MinValueValidator(1), MaxValueValidator(366))


class VisitRules(models.Model):
    """The department's rules of visiting, one row: how often each grade is seen, what is too near, what is late."""

    cadence_a_days = models.PositiveSmallIntegerField(_("grade A every (days)"), default=14, validators=DAYS)
    cadence_b_days = models.PositiveSmallIntegerField(_("grade B every (days)"), default=30, validators=DAYS)
    cadence_c_days = models.PositiveSmallIntegerField(_("grade C every (days)"), default=60, validators=DAYS)
    cadence_d_days = models.PositiveSmallIntegerField(_("grade D every (days)"), default=90, validators=DAYS)
    person_days = models.PositiveSmallIntegerField(
        _("same person within (days)"), default=7, validators=[MaxValueValidator(90)]
    )
    same_day = models.BooleanField(_("warn of the same client on the same day"), default=True)
    late_after_days = models.PositiveSmallIntegerField(
        _("log late after (working days)"), default=1, validators=[MaxValueValidator(30)]
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])

    class Meta:
        verbose_name = _("rules of visiting")
        verbose_name_plural = _("rules of visiting")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def cadence_of(self, grade: str) -> int | None:
        """Days between two visits to a client of that grade; None for a client without a grade."""
        return getattr(self, f"cadence_{grade.lower()}_days", None) if grade else None


class VisitLog(models.Model):
    """What was said and agreed at a client, written by who was there (V2), and what the department made of it (V3).

    `people_named` and `companions_named` keep the names as they were, also for the field history.
    """

    account = AccountField(related_name="visit_logs", verbose_name=_("client"))
    line = models.OneToOneField(
        "VisitPlanLine",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="log",
        verbose_name=_("planned visit"),
    )
    visitor = ActorField(verbose_name=_("visitor"))
    on = models.DateField(_("visited on"))
    begins = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(pgettext_lazy("time of day", "until"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=120, blank=True)
    contacts = models.ManyToManyField("accounts.Contact", related_name="+", verbose_name=_("people met"))
    people_named = models.CharField(_("people met"), max_length=400, blank=True)
    others_met = models.CharField(_("others met"), max_length=100, blank=True)
    companions = models.ManyToManyField("people.Member", related_name="+", verbose_name=_("with"), blank=True)
    companions_named = models.CharField(_("with"), max_length=200, blank=True)
    matters = models.TextField(_("matters"), max_length=1000)
    said = models.TextField(_("what the client said"), max_length=2000, blank=True)
    result = models.TextField(_("result"), max_length=1000, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    next_done_on = models.DateField(_("next step done on"), null=True, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=LogStatus, default=LogStatus.FILED)
    is_late = models.BooleanField(_("late"), default=False)
    filed_at = models.DateTimeField(_("filed at"))
    handling = models.TextField(_("handling"), max_length=1000, blank=True)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    handled_by = ActorField(null=True, blank=True, verbose_name=_("handled by"))
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])
    scope_own = "visitor"
    STATES = StateTable({LogStatus.FILED: frozenset({LogStatus.HANDLED})})

    class Meta:
        verbose_name = _("visit log")
        verbose_name_plural = _("visit logs")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | ~Q(next_step=""), name="visit_next_day_has_a_step"
            )
        ]
        indexes = [
            models.Index(fields=["account", "-on"], name="visit_log_of_client"),
            models.Index(fields=["visitor", "-on"], name="visit_log_of_visitor"),
            models.Index(fields=["-on", "-id"], name="visit_log_latest"),
            models.Index(fields=["status", "on"], name="visit_log_by_state"),
            models.Index(
                fields=["visitor", "next_on"],
                condition=Q(next_done_on__isnull=True, next_on__isnull=False),
                name="visit_next_step_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("visits:log_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it may still be corrected and waits to be handled."""
        return self.status == LogStatus.FILED


class VisitPlan(models.Model):
    """The visits that a member plans for one month (客户拜访计划表, V1); `month` is its first day."""

    member = ResponsibleField(verbose_name=_("planned by"))
    month = models.DateField(_("month"))
    status = models.CharField(_("state"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    created_at = models.DateTimeField(_("begun at"), auto_now_add=True)

    objects = ScopedManager()
    scope_own = "member"
    STATES = StateTable(
        {
            PlanStatus.DRAFT: frozenset({PlanStatus.SUBMITTED}),
            PlanStatus.SUBMITTED: frozenset({PlanStatus.APPROVED, PlanStatus.RETURNED, PlanStatus.DRAFT}),
            PlanStatus.RETURNED: frozenset({PlanStatus.SUBMITTED, PlanStatus.DRAFT}),
            PlanStatus.APPROVED: frozenset({PlanStatus.DRAFT}),
        }
    )

    class Meta:
        verbose_name = _("visit plan")
        verbose_name_plural = _("visit plans")
        ordering = ["-month", "member"]
        constraints = [models.UniqueConstraint(fields=["member", "month"], name="one_visit_plan_a_month")]
        indexes = [models.Index(fields=["-month", "-id"], name="visit_plan_latest")]

    def __str__(self) -> str:
        return f"{self.member} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("visits:plan_detail", args=[self.pk])


class VisitPlanLine(models.Model):
    """One planned visit: whom to see when, about what, and the opportunity behind it.

    The opportunity is words, an amount in CNY and a probability in percent.
    """

    plan = models.ForeignKey(VisitPlan, on_delete=models.PROTECT, related_name="lines", verbose_name=_("visit plan"))
    account = AccountField(related_name="planned_visits", verbose_name=_("client"))
    on = models.DateField(_("planned for"))
    begins = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(pgettext_lazy("time of day", "until"), null=True, blank=True)
    contacts = models.ManyToManyField("accounts.Contact", related_name="+", verbose_name=_("people to see"), blank=True)
    people_named = models.CharField(_("people to see"), max_length=400, blank=True)
    companions = models.ManyToManyField("people.Member", related_name="+", verbose_name=_("with"), blank=True)
    companions_named = models.CharField(_("with"), max_length=200, blank=True)
    matters = models.TextField(_("matters to discuss"), max_length=1000)
    opportunity = models.CharField(_("opportunity"), max_length=200, blank=True)
    opportunity_amount = MoneyField(_("expected amount"), null=True, blank=True)
    probability = models.PositiveSmallIntegerField(
        _("success probability (%)"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    status = models.CharField(_("state"), max_length=10, choices=LineStatus, default=LineStatus.DRAFT)
    returned_why = models.CharField(_("returned because"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])
    scope_own = "plan__member"
    STATES = StateTable(
        {
            LineStatus.DRAFT: frozenset({LineStatus.SUBMITTED, LineStatus.DONE, LineStatus.CANCELLED}),
            LineStatus.SUBMITTED: frozenset(
                {LineStatus.APPROVED, LineStatus.RETURNED, LineStatus.DRAFT, LineStatus.DONE, LineStatus.CANCELLED}
            ),
            LineStatus.RETURNED: frozenset(
                {LineStatus.SUBMITTED, LineStatus.DRAFT, LineStatus.DONE, LineStatus.CANCELLED}
            ),
            LineStatus.APPROVED: frozenset({LineStatus.DRAFT, LineStatus.DONE, LineStatus.CANCELLED}),
        }
    )

    class Meta:
        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        ordering = ["on", "begins", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__lte=100), name="visit_probability_at_most_100"
            )
        ]
        indexes = [
            models.Index(fields=["account", "on"], name="planned_visit_of_client"),
            models.Index(fields=["status", "on"], name="planned_visit_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return self.plan.get_absolute_url()

    @property
    def is_open(self) -> bool:
        """Whether the visit is still to be made."""
        return self.status in OPEN_LINES


def photo_path(instance: "VisitPhoto", _filename: str) -> str:
    """Where the bytes lie: a random name, so that nothing of the upload's own name reaches the disk."""
    return f"visits/{uuid.uuid4().hex}"


class VisitPhoto(models.Model):
    """A picture taken at a visit: drawn anew without place and camera, served only through a permission check."""

    log = models.ForeignKey(VisitLog, on_delete=models.PROTECT, related_name="photos", verbose_name=_("visit log"))
    account = AccountField(related_name="+", verbose_name=_("client"))
    file = models.FileField(_("file"), upload_to=photo_path, max_length=120)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = ActorField(verbose_name=_("uploaded by"))
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = ActorField(null=True, blank=True, verbose_name=_("removed by"))

    objects = ScopedManager()
    scope_own = "uploaded_by"

    class Meta:
        verbose_name = _("photo of a visit")
        verbose_name_plural = _("photos of visits")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("visits:photo", args=[self.log_id, self.pk])
