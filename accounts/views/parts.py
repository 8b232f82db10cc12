"""Bank accounts, addresses, warehouses and files of a client."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.forms.parts import AddressForm, AttachmentForm, BankAccountForm, PartForm, WarehouseForm
from accounts.models import Address, Attachment, BankAccount, Warehouse
from accounts.services import attachment_add, attachment_remove, part_change, part_create, part_remove
from accounts.views.account import AccountPage, tell_edited
from accounts.views.places import client_tab
from kam.core.calendar import now
from kam.core.editing import Edited
from kam.core.exceptions import Text
from kam.core.pages import ActPage
from kam.people.signed_in import member_of

FORMS: dict[str, type[PartForm]] = {
    "bankaccount": BankAccountForm,
    "address": AddressForm,
    "warehouse": WarehouseForm,
}
MODELS: dict[str, Any] = {
    "bankaccount": BankAccount,
    "address": Address,
    "warehouse": Warehouse,
}
NEW_TITLES = {
    "bankaccount": _("New bank account"),
    "address": _("New address"),
    "warehouse": _("New warehouse"),
}


class PartCreate(AccountPage):
    """Add a part to the client; the address names which kind."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["part"] not in FORMS:
            raise Http404
        self.form_class = FORMS[kwargs["part"]]
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> Text:
        return NEW_TITLES[self.kwargs["part"]]

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def call(self, form: Any) -> Any:
        model = MODELS[self.kwargs["part"]]
        return part_create(model=model, account_pk=self.row.pk, actor=member_of(self.request), data=form.values())

    def success_url(self, saved: Any) -> str:
        return reverse("accounts:account_detail", args=[saved.account_id])

    def success_message(self, saved: Any) -> Text:
        return _now("Added: %(name)s.") % {"name": saved}


class PartEdit(AccountPage):
    """Change or remove a part."""

    template_name = "accounts/part_form.html"
    edited: Edited

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["part"] not in FORMS:
            raise Http404
        self.form_class = FORMS[kwargs["part"]]
        self.model = MODELS[kwargs["part"]]
        return super().dispatch(request, *args, **kwargs)

    def lookup(self) -> dict[str, Any]:
        return {"pk": self.kwargs["part_pk"], "account_id": self.kwargs["pk"]}

    def get_title(self) -> Text:
        return _now("Edit %(name)s") % {"name": self.row}

    def crumbs(self) -> list[tuple[Text, str]]:
        account = self.row.account
        return [(_("Clients"), reverse("accounts:account_list")), (account.name, account.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row}

    def context(self) -> dict[str, Any]:
        address = [self.row.account_id, self.kwargs["part"], self.row.pk]
        return {"remove_url": reverse("accounts:part_remove", args=address)}

    def cancel_url(self) -> str:
        return reverse("accounts:account_detail", args=[self.row.account_id])

    def call(self, form: Any) -> Any:
        model = MODELS[self.kwargs["part"]]
        part, self.edited = part_change(
            model=model,
            part_pk=self.row.pk,
            actor=member_of(self.request),
            data=form.values(),
            version=form.cleaned_data["version"],
        )
        return part

    def tell(self, saved: Any) -> None:
        tell_edited(self.request, saved, self.edited)

    def success_url(self, _saved: Any) -> str:
        return self.cancel_url()


class PartRemove(ActPage):
    """Remove a part of the client."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["part"] not in MODELS:
            raise Http404
        self.model = MODELS[kwargs["part"]]
        return super().dispatch(request, *args, **kwargs)

    def lookup(self) -> dict[str, Any]:
        return {"pk": self.kwargs["part_pk"], "account_id": self.kwargs["pk"]}

    def act(self) -> Text:
        part_remove(model=MODELS[self.kwargs["part"]], part_pk=self.row.pk, actor=member_of(self.request))
        return _now("Removed: %(name)s.") % {"name": self.row}

    def success_url(self) -> str:
        return reverse("accounts:account_detail", args=[self.kwargs["pk"]])


class AttachmentAdd(AccountPage):
    """Keep a file with the client."""

    form_class = AttachmentForm
    title = _("Add a file")
    submit_label = _("Add file")

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def call(self, form: Any) -> Attachment:
        return attachment_add(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            upload=form.cleaned_data["file"],
            note=form.cleaned_data["note"],
        )

    def cancel_url(self) -> str:
        return client_tab(self.row.pk, "files")

    def success_url(self, saved: Attachment) -> str:
        return client_tab(saved.account_id, "files")

    def success_message(self, saved: Attachment) -> Text:
        return _now("Added: %(name)s.") % {"name": saved.name}


class AttachmentRemove(ActPage):
    """Take a file out of sight."""

    model = Attachment

    def lookup(self) -> dict[str, Any]:
        return {"pk": self.kwargs["attachment_pk"], "account_id": self.kwargs["pk"]}

    def act(self) -> Text:
        attachment_remove(attachment_pk=self.row.pk, actor=member_of(self.request), at=now())
        return _now("Removed: %(name)s.") % {"name": self.row.name}

    def success_url(self) -> str:
        return client_tab(self.kwargs["pk"], "files")
