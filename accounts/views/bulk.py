"""One act on the clients that were ticked in the list, and taking it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.assignments import earlier_assignments, handed_over, touched_by
from accounts.forms.account import AssignManyForm
from accounts.models import Account
from accounts.services import accounts_assign, assignment_undo
from accounts.views.account import AccountPage
from kam.core.calendar import now, today
from kam.core.exceptions import DomainError, Text
from kam.core.history import UNDO_WITHIN, Operation
from kam.core.pages import ActPage
from kam.core.plain import read_key
from kam.core.words import listed
from kam.people.signed_in import member_of
from kam.people.views.pages import in_scope

NAMED = 5
"""How many of the ticked clients are named on the page."""


class AccountsAssign(AccountPage):
    """Give the ticked clients to somebody else. The list leads here with `pk` for each of them."""

    creates = True
    action = "assign"
    form_class = AssignManyForm
    title = _("Assign clients")
    submit_label = pgettext_lazy("to a manager", "Assign")
    template_name = "accounts/assign_many.html"
    operation: Operation
    changed: list[Account]

    def form_kwargs(self) -> dict[str, Any]:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        ticked = [key for key in asked.getlist("pk") if read_key(key) is not None]
        return {"ticked": ticked, "user": member_of(self.request), "on": today()}

    def call(self, form: Any) -> Account:
        ticked = list(form.cleaned_data["pk"])
        self.operation, self.changed = accounts_assign(
            account_pks=[row.pk for row in ticked],
            owner=form.cleaned_data["owner"],
            actor=member_of(self.request),
            reason=form.cleaned_data["reason"],
        )
        if not self.changed:
            raise DomainError(_("They are all with this member already."))
        return self.changed[0]

    def success_url(self, saved: Account) -> str:
        return f"{self.cancel_url()}?owner={saved.owner_id}&sort=-changed"

    def tell(self, saved: Account) -> None:
        done = _now("%(n)s clients are with %(owner)s now.") % {"n": len(self.changed), "owner": saved.owner}
        url = reverse("accounts:assignment", args=[self.operation.pk])
        messages.success(self.request, format_html('{} <a href="{}">{}</a>', done, url, _("Look at it or undo it")))

    def cancel_url(self) -> str:
        return reverse("accounts:account_list")

    def context(self) -> dict[str, Any]:
        ticked = Account.objects.visible_to(self.request.user, "assign").filter(pk__in=self.form_kwargs()["ticked"])
        names = [str(name) for name in ticked.values_list("name", flat=True)]
        words = {"names": listed(names[:NAMED]), "n": len(names)}
        note = _now("Tick the clients first.")
        if names:
            note = (
                _now("%(n)s clients: %(names)s and others") if len(names) > NAMED else _now("%(n)s clients: %(names)s")
            )
        return {"note": note % words, "earlier": earlier_assignments(member_of(self.request), now=now())}


@require_safe
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """What one bulk assignment did, client by client, and the button that takes it back."""
    operation = in_scope(request, Operation, pk)
    accounts = Account.objects.visible_to(member_of(request), "assign").filter(pk__in=touched_by(operation))
    rows = handed_over(operation, accounts)
    if operation.kind != Operation.Kind.BULK_ASSIGN or not rows:
        raise Http404
    context = {
        "title": _("Bulk assignment"),
        "operation": operation,
        "rows": rows,
        "clashes": any(row.clash for row in rows),
        "last_day": operation.created_at + UNDO_WITHIN,
        "too_late": now() > operation.created_at + UNDO_WITHIN,
        "back_url": reverse("accounts:account_list"),
    }
    return render(request, "accounts/assignment.html", context)


class AssignmentUndo(ActPage):
    """Take a bulk assignment back."""

    model = Operation

    def act(self) -> Text:
        back = assignment_undo(operation_pk=self.row.pk, actor=member_of(self.request), now=now())
        return _now("Taken back: %(n)s clients are where they were before.") % {"n": len(back)}

    def success_url(self) -> str:
        return reverse("accounts:assignment", args=[self.row.pk])
