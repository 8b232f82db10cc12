"""Delegation pages: hand over, look at, take back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from kam.core.calendar import now, today
from kam.core.pages import FormPage
from kam.core.scoping import allowed
from kam.people import services
from kam.people.forms import DelegationForm
from kam.people.guards import may_revoke
from kam.people.models import Delegation
from kam.people.signed_in import member_of
from kam.people.views.pages import in_scope


@require_GET
def delegation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One delegation, with the button that ends it at once."""
    user, delegation = member_of(request), in_scope(request, Delegation, pk)
    on = today()
    has_ended = delegation.revoked_at is not None or delegation.ends_on < on
    context = {
        "title": delegation.get_authority_display(),
        "delegation": delegation,
        "back_url": reverse("people:delegation_list"),
        "is_live": delegation.is_live(on),
        "is_ahead": not has_ended and delegation.starts_on > on,
        "may_revoke": not has_ended and allowed(user, delegation, "change") and may_revoke(user, delegation),
    }
    return render(request, "people/delegation.html", context)


class DelegationCreate(FormPage):
    """Hand an own authority to a member."""

    model = Delegation
    action = "add"
    creates = True
    form_class = DelegationForm
    title = _("Hand over an authority")
    submit_label = _("Hand over")

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": member_of(self.request), "on": today()}

    def call(self, form: DelegationForm) -> Delegation:
        data = form.values()
        delegate = data.pop("delegate")
        return services.delegation_grant(actor=member_of(self.request), delegate_pk=delegate.pk, on=today(), **data)

    def success_message(self, saved: Delegation) -> str:
        return _("%(name)s acts on your behalf now.") % {"name": saved.delegate}

    def cancel_url(self) -> str:
        return reverse("people:delegation_list")


@require_POST
def delegation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back at once."""
    delegation = in_scope(request, Delegation, pk)
    services.delegation_revoke(actor=member_of(request), delegation_pk=delegation.pk, at=now(), on=today())
    messages.success(request, _("The delegation has ended."))
    return redirect(delegation)
