"""Birthday care: one row for each birthday that is kept, from verifying to the answer."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.care.choices import OPEN, CareStatus, Gift, GreetingWay, LeftOut, Reaction
from accounts.choices import BirthdayCalendar
from accounts.models import Contact
from kam.core.fields import AccountField, ActorField, ResponsibleField
from kam.core.history import OperationBase
from kam.core.scoping import ScopedQuerySet
from kam.core.states import StateTable

S = CareStatus


def is_late(on: date) -> Q:
    """The condition of an open care whose day, or the day agreed for trying again, has passed."""
    return Q(status__in=OPEN) & (Q(again_on__isnull=True, falls_on__lt=on) | Q(again_on__lt=on))


class BirthdayCareQuerySet(ScopedQuerySet["BirthdayCare"]):
    """Cares, and how far they are."""

    def still_open(self) -> Self:
        """Cares in which somebody still has to greet."""
        return self.filter(status__in=OPEN)

    def late(self, on: date) -> Self:
        """Open cares whose day, or the day agreed for trying again, has passed."""
        return self.filter(is_late(on))

    def kept(self) -> Self:
        """Cares in which the person was greeted, by a member or by SMS: no other one within 180 days."""
        return self.filter(Q(status=S.DONE) | Q(sms_at__isnull=False))

    def worked_on(self) -> Self:
        """Cares on which somebody has done something; the others came by themselves and may go with their person."""
        return self.filter(Q(verified_at__isnull=False) | Q(prepared_at__isnull=False) | Q(greeted_at__isnull=False))


class BirthdayCare(models.Model):
    """One birthday of one person (C1-C3, P4): once for each lunar year, or solar year, of the calendar it is kept in.

    `care_year` counts in `calendar`; `date` is the solar day on which it is kept; `prepare_on` is the last working day
    by which gifts are ordered. `sms_at` is when the greeting SMS was handed to the outbox. A care that opens by itself
    has no history row; every later change has one, and they go where the person goes.
    """

    account = AccountField(related_name="birthday_cares", verbose_name=_("client"))
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="birthday_cares", verbose_name=_("person")
    )
    calendar = models.CharField(_("calendar"), max_length=5, choices=BirthdayCalendar)
    care_year = models.PositiveSmallIntegerField(_("year of the calendar"))
    falls_on = models.DateField(_("birthday"))
    prepare_on = models.DateField(_("prepared by"))
    owner = ResponsibleField(null=True, blank=True, verbose_name=_("cared for by"), related_name="birthday_cares")

    status = models.CharField(_("state"), max_length=11, choices=CareStatus, default=S.PLANNED)
    left_out = models.CharField(_("why left out"), max_length=9, choices=LeftOut, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    verified_by = ActorField(null=True, blank=True, verbose_name=_("verified by"))
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_fields = models.JSONField(_("what was verified"), default=dict, blank=True)

    way = models.CharField(_("greeting"), max_length=5, choices=GreetingWay, default=GreetingWay.CALL)
    flowers = models.CharField(_("flowers"), max_length=6, choices=Gift, default=Gift.NONE)
    mms = models.CharField(_("MMS"), max_length=6, choices=Gift, default=Gift.NONE)
    card = models.CharField(_("card"), max_length=6, choices=Gift, default=Gift.NONE)
    gift_note = models.CharField(_("about the gifts"), max_length=120, blank=True)
    prepared_by = ActorField(null=True, blank=True, verbose_name=_("prepared by"))
    prepared_at = models.DateTimeField(_("prepared at"), null=True, blank=True)

    sms_at = models.DateTimeField(_("SMS written at"), null=True, blank=True)
    greeted_by = ActorField(null=True, blank=True, verbose_name=_("greeted by"))
    greeted_at = models.DateTimeField(_("greeted at"), null=True, blank=True)
    reaction = models.CharField(_("reaction"), max_length=7, choices=Reaction, blank=True)
    said = models.CharField(_("what the person said"), max_length=300, blank=True)
    again_on = models.DateField(_("again on"), null=True, blank=True)

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = models.Manager.from_queryset(BirthdayCareQuerySet)()
    history = HistoricalRecords(bases=[OperationBase], excluded_fields=["updated_at"], cascade_delete_history=True)
    STATES = StateTable(
        {
            S.PLANNED: frozenset({S.VERIFIED, S.PREPARED, S.NOT_REACHED, S.DONE, S.SKIPPED}),
            S.VERIFIED: frozenset({S.PLANNED, S.PREPARED, S.NOT_REACHED, S.DONE, S.SKIPPED}),
            S.PREPARED: frozenset({S.PLANNED, S.NOT_REACHED, S.DONE, S.SKIPPED}),
            S.NOT_REACHED: frozenset({S.PLANNED, S.DONE, S.SKIPPED}),
            S.DONE: frozenset({S.NOT_REACHED}),
            S.SKIPPED: frozenset({S.PLANNED}),
        }
    )

    class Meta:
        verbose_name = _("birthday care")
        verbose_name_plural = _("birthday cares")
        ordering = ["falls_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "calendar", "care_year"], name="care_once_per_person_and_year"),
            models.CheckConstraint(condition=~Q(status=S.SKIPPED) | ~Q(left_out=""), name="care_left_out_with_reason"),
        ]
        indexes = [
            models.Index(fields=["falls_on", "id"]),
            models.Index(fields=["owner", "falls_on"]),
            models.Index(fields=["account", "falls_on"]),
            models.Index(fields=["status", "falls_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.falls_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("care:care_detail", args=[self.pk])

    @property
    def due_on(self) -> date:
        """The birthday, or the day agreed for trying again."""
        return self.again_on or self.falls_on

    @property
    def is_kept(self) -> bool:
        """Whether the person was greeted, by a member or by SMS."""
        return self.status == CareStatus.DONE or self.sms_at is not None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to greet."""
        return self.status in OPEN
