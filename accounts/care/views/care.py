"""One care: who it is, what is arranged, the call, the answer."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.care.choices import CareStatus, LeftOut, Reaction
from accounts.care.forms import GreetedForm, LeaveOutForm, NotReachedForm, PrepareForm
from accounts.care.models import BirthdayCare
from accounts.care.services import care_greeted, care_leave_out, care_not_reached, care_prepare, care_take_up
from accounts.care.showing import care_page
from kam.core.calendar import now, today
from kam.core.exceptions import Text
from kam.core.pages import ActPage, FormPage
from kam.core.scoping import allowed
from kam.core.sent_forms import new_token
from kam.people.signed_in import member_of
from kam.people.views.pages import must_have


@require_safe
def care_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One care, from verifying to the answer; on the phone the call and the answer lie at the thumb."""
    must_have(request, BirthdayCare, "view")
    user, on = member_of(request), today()
    related = ("contact__account", "account", "owner", "verified_by", "prepared_by", "greeted_by")
    care = get_object_or_404(BirthdayCare.objects.visible_to(user).select_related(*related), pk=pk)
    may_change = allowed(user, care, "change")
    due = care.is_open and min(care.falls_on, care.prepare_on) <= on
    context = {
        **care_page(care, user, on=on),
        "title": care.contact.name,
        "back_url": reverse("care:month_of", args=[care.falls_on]),
        "may_change": may_change,
        "may_take_up": may_change and care.left_out == LeftOut.BY_HAND,
        "asks_answer": may_change and due,
        "prepare": PrepareForm(instance=care) if may_change and care.is_open else None,
        "reactions": Reaction.choices,
        "once": new_token(),
        "today": on.isoformat(),
        "tomorrow": (on + timedelta(days=1)).isoformat(),
        "may_correct_answer": may_change and care.status == CareStatus.DONE,
    }
    return render(request, "care/care.html", context)


class CarePage(FormPage):
    """A form about one care; the care's page stands above it."""

    model = BirthdayCare

    def crumbs(self) -> list[tuple[Text, str]]:
        return [
            (_("Birthday care"), reverse("care:month_of", args=[self.row.falls_on])),
            (self.row.contact.name, self.row.get_absolute_url()),
        ]


class CarePrepare(CarePage):
    """How the person is greeted and what goes along."""

    form_class = PrepareForm
    title = _("Prepare")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row}

    def call(self, form: Any) -> BirthdayCare:
        return care_prepare(
            care_pk=self.row.pk,
            actor=member_of(self.request),
            at=now(),
            data=form.values(),
            version=form.cleaned_data["version"],
        )

    def success_message(self, saved: BirthdayCare) -> Text:
        if saved.status == CareStatus.PREPARED:
            return _now("All is arranged for %(name)s.") % {"name": saved.contact.name}
        return _now("Saved: something is still to be ordered for %(name)s.") % {"name": saved.contact.name}


class CareGreeted(CarePage):
    """The person was reached."""

    form_class = GreetedForm
    title = _("Greeted")

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"reaction": self.row.reaction or Reaction.PLAIN, "said": self.row.said}}

    def call(self, form: Any) -> BirthdayCare:
        data = form.cleaned_data
        return care_greeted(
            care_pk=self.row.pk,
            actor=member_of(self.request),
            at=now(),
            reaction=data["reaction"],
            said=data["said"],
        )

    def success_message(self, saved: BirthdayCare) -> Text:
        return _now("Greeted: %(name)s.") % {"name": saved.contact.name}


class CareNotReached(CarePage):
    """Nobody answered."""

    form_class = NotReachedForm
    title = _("Not reached")

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"again_on": self.row.again_on or today() + timedelta(days=1)}}

    def call(self, form: Any) -> BirthdayCare:
        data = form.cleaned_data
        return care_not_reached(
            care_pk=self.row.pk,
            actor=member_of(self.request),
            at=now(),
            again_on=data["again_on"],
            said=data["said"],
        )

    def success_message(self, saved: BirthdayCare) -> Text:
        words = {"name": saved.contact.name, "day": f"{saved.again_on:%Y-%m-%d}"}
        return _now("%(name)s was not reached; again on %(day)s.") % words


class CareLeaveOut(CarePage):
    """Nobody greets this time."""

    form_class = LeaveOutForm
    title = _("Leave out this time")

    def call(self, form: Any) -> BirthdayCare:
        return care_leave_out(care_pk=self.row.pk, actor=member_of(self.request), note=form.cleaned_data["note"])

    def success_message(self, saved: BirthdayCare) -> Text:
        return _now("Left out this time: %(name)s.") % {"name": saved.contact.name}


class CareTakeUp(ActPage):
    """Greet after all."""

    model = BirthdayCare

    def act(self) -> Text:
        care_take_up(care_pk=self.row.pk, actor=member_of(self.request))
        return _now("%(name)s is greeted after all.") % {"name": self.row.contact.name}

    def success_url(self) -> str:
        return str(self.row.get_absolute_url())
