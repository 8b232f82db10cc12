"""Unit pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from kam.core.calendar import today
from kam.core.pages import FormPage
from kam.core.scoping import allowed
from kam.people import services
from kam.people.forms import UnitForm
from kam.people.models import Member, Unit
from kam.people.signed_in import member_of
from kam.people.views.pages import in_scope


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
    creates = True
    form_class = UnitForm
    title = _("New unit")

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": member_of(self.request)}

    def call(self, form: UnitForm) -> Unit:
        return services.unit_add(actor=member_of(self.request), **form.values())

    def cancel_url(self) -> str:
        return reverse("people:unit_list")


class UnitEdit(FormPage):
    """Change a unit."""

    model = Unit
    form_class = UnitForm
    title = _("Edit unit")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row, "user": member_of(self.request)}

    def call(self, form: UnitForm) -> Unit:
        version = form.cleaned_data["version"]
        return services.unit_change(
            actor=member_of(self.request), unit_pk=self.row.pk, version=version, **form.values()
        )

    def context(self) -> dict[str, Any]:
        return {"subtitle": self.row.name}
