"""Members, their units, and the authorities handed from one to another."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kam.core.fields import ActorField, MoneyField, ResponsibleField
from kam.core.history import FieldHistory, OperationBase
from kam.core.scoping import ScopedManager, ScopedQuerySet
from kam.people.choices import GRANTING_ROLES, Authority, Role, UnitKind

if TYPE_CHECKING:
    from kam.people.sessions import SessionStore


class Unit(models.Model):
    """The department, a branch (分部), a team, or a partner department (协办部门)."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind, default=UnitKind.TEAM)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("belongs to")
    )

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:unit_detail", args=[self.pk])


class MemberQuerySet(ScopedQuerySet["Member"]):
    """Members, and which of them work here."""

    def present(self, on: date) -> Self:
        """Members who may sign in on that day: those to offer in pick-lists."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=on), is_active=True)


class MemberManager(UserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    """Django's user manager on the scoped queryset."""


class Member(AbstractUser):
    """A person who signs in. Access follows the role and ends the day the member leaves (`left_on`)."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=40)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="members", verbose_name=_("unit")
    )
    superior = ResponsibleField(null=True, blank=True, verbose_name=_("superior"), related_name="subordinates")
    phone = models.CharField(_("mobile"), max_length=20, blank=True)
    post = models.CharField(_("post"), max_length=40, blank=True)
    territory = models.CharField(
        _("territory"), max_length=120, blank=True, help_text=_("Province / city / county / township")
    )
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    away_from = models.DateField(_("on leave from"), null=True, blank=True)
    away_until = models.DateField(_("on leave until"), null=True, blank=True)
    must_change_password = models.BooleanField(_("must set an own password"), default=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")

    REQUIRED_FIELDS = ["full_name", "role"]
    objects = MemberManager()  # type: ignore[misc]
    history = FieldHistory(bases=[OperationBase], excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["full_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(away_from__isnull=True, away_until__isnull=True)
                | Q(away_from__isnull=False, away_until__isnull=False, away_until__gte=F("away_from")),
                name="leave_has_both_days_in_order",
                violation_error_message=_("A leave has a first and a last day, in this order."),
            )
        ]
        indexes = [models.Index(fields=["role", "is_active"])]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_absolute_url(self) -> str:
        return reverse("people:member_detail", args=[self.pk])

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def has_left(self, on: date) -> bool:
        """Whether the member is gone on that day; the day of leaving itself closes access."""
        return self.left_on is not None and self.left_on <= on

    def may_sign_in(self, on: date) -> bool:
        """Whether the member is present on that day."""
        return self.is_active and not self.has_left(on)

    def is_at_work(self, on: date) -> bool:
        """Whether the member is present on that day and not on leave (请假)."""
        away = self.away_from is not None and self.away_until is not None and self.away_from <= on <= self.away_until
        return self.may_sign_in(on) and not away

    @property
    def surname(self) -> str:
        """First character of the name, shown in the round badge."""
        return self.full_name[:1]


class OpenSession(AbstractBaseSession):
    """A signed-in browser. Knows its member, so that leaving or a new password can close it at once."""

    member_id = models.BigIntegerField(null=True, db_index=True)
    started_at = models.DateTimeField(_("since"), null=True)
    seen_at = models.DateTimeField(_("last seen"), null=True)

    objects: ClassVar = BaseSessionManager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("open session")
        verbose_name_plural = _("open sessions")

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        from kam.people.sessions import SessionStore

        return SessionStore


class DelegationQuerySet(ScopedQuerySet["Delegation"]):
    """Delegations, and which of them are in force."""

    def in_force(self, on: date) -> Self:
        """Delegations that give authority on that day; the leaving of either side ends them."""
        return self.filter(
            Q(delegate__left_on__isnull=True) | Q(delegate__left_on__gt=on),
            Q(grantor__left_on__isnull=True) | Q(grantor__left_on__gt=on),
            starts_on__lte=on,
            ends_on__gte=on,
            revoked_at__isnull=True,
            delegate__is_active=True,
            grantor__is_active=True,
            grantor__role__in=GRANTING_ROLES,
        )

    def _own(self, user: Any) -> Q:
        return Q(delegate=user)


class Delegation(models.Model):
    """A named authority (授权) that the grantor hands to a member, up to a ceiling, between two dates (P1)."""

    grantor = ActorField(verbose_name=_("granted by"), related_name="delegations_given")
    delegate = ActorField(verbose_name=_("granted to"), related_name="delegations_held")
    authority = models.CharField(_("authority"), max_length=30, choices=Authority)
    ceiling_amount = MoneyField(
        _("ceiling"), null=True, blank=True, help_text=_("CNY; empty means the grantor's own limit")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("granted at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = ActorField(null=True, blank=True, verbose_name=_("revoked by"))

    objects = models.Manager.from_queryset(DelegationQuerySet)()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_dates_in_order"),
            models.CheckConstraint(condition=~Q(grantor=F("delegate")), name="delegation_not_to_oneself"),
        ]
        indexes = [models.Index(fields=["delegate", "authority", "ends_on"])]

    def __str__(self) -> str:
        return f"{self.grantor} → {self.delegate}: {self.get_authority_display()}"

    def get_absolute_url(self) -> str:
        return reverse("people:delegation_detail", args=[self.pk])

    def is_live(self, on: date) -> bool:
        """Whether it gives authority on that day; the leaving of either side ends it."""
        return (
            self.revoked_at is None
            and self.starts_on <= on <= self.ends_on
            and self.delegate.may_sign_in(on)
            and self.grantor.may_sign_in(on)
            and self.grantor.role in GRANTING_ROLES
        )
