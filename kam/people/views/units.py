"""Unit pages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from kam.core.calendar import today
from kam.core.scoping import allowed
from kam.people import services
from kam.people.forms import UnitForm
from kam.people.models import Member, Unit
from kam.people.signed_in import member_of
from kam.people.views.pages import FormPage, in_scope


@require_GET
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit, what belongs to it, and who works there."""
    user, unit = member_of(request), in_scope(request, Unit, pk)
    context = {
        "title": unit.name,
        "unit": unit,
        "back_url": reverse("people:unit_list"),
        "keeps": allowed(user, unit, "change"),
        "children": Unit.objects.visible_to(user).filter(parent=unit),
        "members": Member.objects.visible_to(user).present(today()).filter(unit=unit),
    }
    return render(request, "people/unit.html", context)


class UnitCreate(FormPage):
    """Add a unit."""

    model = Unit
    action = "add"
    title = _("New unit")

    def form(self, request: HttpRequest, data: Any = None) -> UnitForm:
        return UnitForm(data, user=member_of(request))

    def save(self, request: HttpRequest, form: UnitForm) -> str:
        unit = services.unit_add(actor=member_of(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return reverse("people:unit_detail", args=[unit.pk])

    def cancel_url(self) -> str:
        return reverse("people:unit_list")


class UnitEdit(FormPage):
    """Change a unit."""

    model = Unit
    title = _("Edit unit")
    unit: Unit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Fetch the unit in scope."""
        self.unit = in_scope(request, Unit, kwargs["pk"])
        self.subtitle = self.unit.name
        return super().dispatch(request, *args, **kwargs)

    def form(self, request: HttpRequest, data: Any = None) -> UnitForm:
        return UnitForm(data, instance=self.unit, user=member_of(request))

    def save(self, request: HttpRequest, form: UnitForm) -> str:
        services.unit_change(actor=member_of(request), unit_pk=self.unit.pk, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("people:unit_detail", args=[self.unit.pk])
