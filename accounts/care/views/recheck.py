"""Mondays: this week's people are verified again, one tap each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.care.forms import CorrectForm
from accounts.care.models import BirthdayCare
from accounts.care.rules import week_of
from accounts.care.services import care_correct, care_verify
from accounts.care.showing import week_to_verify
from accounts.care.views.care import CarePage
from accounts.services.contacts import clean_contact
from kam.core.calendar import now, today
from kam.core.exceptions import Text
from kam.core.pages import ActPage
from kam.people.signed_in import member_of
from kam.people.views.pages import must_have


@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Everybody whose birthday is kept this week, with name, sex, calendar, date and address to say yes to."""
    must_have(request, BirthdayCare, "view")
    first, last = week_of(today())
    waiting, verified = week_to_verify(member_of(request), first, last)
    context = {
        "title": _("Birthday care"),
        "first": first,
        "last": last,
        "waiting": waiting,
        "verified": verified,
        "total": len(waiting) + len(verified),
    }
    return render(request, "care/recheck.html", context)


class CareVerify(ActPage):
    """All is right."""

    model = BirthdayCare

    def act(self) -> Text:
        care = care_verify(care_pk=self.row.pk, actor=member_of(self.request), at=now())
        return _now("Verified: %(name)s.") % {"name": care.contact.name}

    def success_url(self) -> str:
        if self.request.POST.get("from") == "week":
            return reverse("care:recheck")
        return str(self.row.get_absolute_url())


class CareCorrect(CarePage):
    """Something is not right."""

    form_class = CorrectForm
    submit_label = _("Save and verify")

    def get_title(self) -> Text:
        return _now("Correct %(name)s") % {"name": self.row.contact.name}

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row.contact}

    def judge(self, form: Any) -> None:
        clean_contact(form.values(), self.row.contact)

    def call(self, form: Any) -> BirthdayCare:
        return care_correct(
            care_pk=self.row.pk,
            actor=member_of(self.request),
            at=now(),
            data=form.values(),
            version=form.cleaned_data["version"],
        )

    def success_message(self, saved: BirthdayCare) -> Text:
        words = {"name": saved.contact.name, "day": f"{saved.falls_on:%Y-%m-%d}"}
        if saved.is_open:
            return _now("Corrected and verified: %(name)s, birthday on %(day)s.") % words
        return _now("Corrected: %(name)s has no birthday to be greeted now.") % words
