"""One act on the clients that were ticked in the list."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.account import AssignManyForm
from accounts.models import Account
from accounts.services import accounts_assign
from accounts.views.account import AccountPage
from kam.core.calendar import today
from kam.core.exceptions import DomainError, Text
from kam.core.plain import read_key
from kam.core.words import listed
from kam.people.signed_in import member_of

NAMED = 5
"""How many of the ticked clients are named on the page."""


class AccountsAssign(AccountPage):
    """Give the ticked clients to somebody else. The list leads here with `pk` for each of them."""

    creates = True
    action = "assign"
    form_class = AssignManyForm
    title = _("Assign clients")
    submit_label = pgettext_lazy("to a manager", "Assign")
    changed: list[Account]

    def form_kwargs(self) -> dict[str, Any]:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        ticked = [key for key in asked.getlist("pk") if read_key(key) is not None]
        return {"ticked": ticked, "user": member_of(self.request), "on": today()}

    def call(self, form: Any) -> Account:
        ticked = list(form.cleaned_data["pk"])
        _operation, self.changed = accounts_assign(
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

    def success_message(self, saved: Account) -> Text:
        return _now("%(n)s clients are with %(owner)s now.") % {"n": len(self.changed), "owner": saved.owner}

    def cancel_url(self) -> str:
        return reverse("accounts:account_list")

    def context(self) -> dict[str, Any]:
        ticked = Account.objects.visible_to(self.request.user, "assign").filter(pk__in=self.form_kwargs()["ticked"])
        names = [str(name) for name in ticked.values_list("name", flat=True)]
        words = {"names": listed(names[:NAMED]), "n": len(names)}
        if len(names) > NAMED:
            return {"note": _now("%(n)s clients: %(names)s and others") % words}
        return {"note": _now("%(n)s clients: %(names)s") % words if names else _now("Tick the clients first.")}
