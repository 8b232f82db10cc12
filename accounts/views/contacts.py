"""People at a client."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.forms.contact import ContactForm, LeaveForm
from accounts.models import Account, Contact
from accounts.services import contact_change, contact_create, contact_leave
from accounts.services.contacts import clean_contact
from accounts.views.account import AccountPage, tell_edited
from accounts.views.places import client_tab
from kam.core.calendar import today
from kam.core.editing import Edited
from kam.core.exceptions import Text
from kam.people.signed_in import member_of


class ContactCreate(AccountPage):
    """Add a person to the client."""

    model = Account
    form_class = ContactForm
    title = _("New contact")

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def call(self, form: Any) -> Contact:
        return contact_create(account_pk=self.row.pk, actor=member_of(self.request), data=form.values())

    def judge(self, form: Any) -> None:
        clean_contact(form.values(), Contact(account=self.row))

    def success_url(self, saved: Contact) -> str:
        return client_tab(saved.account_id, "people")

    def success_message(self, saved: Contact) -> Text:
        return _now("Added: %(name)s.") % {"name": saved.name}


class ContactPage(AccountPage):
    """A form about one person; the client stands above it."""

    model = Contact

    def lookup(self) -> dict[str, Any]:
        return {"pk": self.kwargs["contact_pk"], "account_id": self.kwargs["pk"]}

    def crumbs(self) -> list[tuple[Text, str]]:
        account = self.row.account
        return [
            (_("Clients"), reverse("accounts:account_list")),
            (account.name, client_tab(account.pk, "people")),
        ]

    def cancel_url(self) -> str:
        return client_tab(self.row.account_id, "people")

    def success_url(self, saved: Contact) -> str:
        return client_tab(saved.account_id, "people")


class ContactEdit(ContactPage):
    """Change a person's data."""

    form_class = ContactForm
    template_name = "accounts/contact_form.html"
    edited: Edited

    def get_title(self) -> Text:
        return _now("Edit %(name)s") % {"name": self.row}

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row}

    def context(self) -> dict[str, Any]:
        address = [self.row.account_id, self.row.pk]
        return {"leave_url": reverse("accounts:contact_leave", args=address), "left_on": self.row.left_on}

    def call(self, form: Any) -> Contact:
        contact, self.edited = contact_change(
            contact_pk=self.row.pk,
            actor=member_of(self.request),
            data=form.values(),
            version=form.cleaned_data["version"],
        )
        return contact

    def judge(self, form: Any) -> None:
        clean_contact(form.values(), self.row)

    def tell(self, saved: Contact) -> None:
        tell_edited(self.request, saved, self.edited)


class ContactLeave(ContactPage):
    """Note that a person left the client, or that he is there after all."""

    form_class = LeaveForm
    submit_label = _("Save the leaving")

    def get_title(self) -> Text:
        return _now("%(name)s left the client") % {"name": self.row}

    def form_kwargs(self) -> dict[str, Any]:
        return {"contact": self.row, "on": today()}

    def context(self) -> dict[str, Any]:
        back = [{"name": LeaveForm.STAYS, "value": "1", "label": _("Still works there")}]
        return {"extra_submit": back if self.row.left_on else []}

    def call(self, form: Any) -> Contact:
        left_on = form.cleaned_data["left_on"]
        return contact_leave(contact_pk=self.row.pk, actor=member_of(self.request), left_on=left_on)

    def success_message(self, saved: Contact) -> Text:
        if saved.left_on is None:
            return _now("%(name)s still works there.") % {"name": saved.name}
        return _now("%(name)s left on %(day)s.") % {"name": saved.name, "day": saved.left_on.isoformat()}
