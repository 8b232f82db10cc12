"""Forms of bank accounts, addresses, warehouses and files of a client."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Address, BankAccount, Warehouse
from accounts.rules.phones import format_phone
from accounts.services.parts import FIELDS
from kam.core.forms import ServiceForm, ServiceModelForm

ACCEPTED = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.pptx,.txt"


class PartForm(ServiceModelForm):
    """A small part of a client."""

    VERSIONED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("phone"):
            self.initial["phone"] = format_phone(self.initial["phone"])

    def shown(self, name: str, value: str) -> str:
        return format_phone(value) if name == "phone" and value.startswith("+") else value


class BankAccountForm(PartForm):
    """A bank account."""

    LAYOUT = ((_("Bank account"), ("bank_name", "account_number", "holder", "is_default")),)
    WIDTHS: ClassVar = {"bank_name": 3, "account_number": 3, "holder": 6, "is_default": 6}

    class Meta:
        model = BankAccount
        fields = FIELDS[BankAccount]
        widgets: ClassVar = {"account_number": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})}
        help_texts: ClassVar = {
            "bank_name": _("With the branch"),
            "holder": _("Only when it differs from the client's name"),
        }


class AddressForm(PartForm):
    """An address."""

    LAYOUT = ((_("Address"), ("kind", "province", "city", "line", "recipient", "phone")),)
    WIDTHS: ClassVar = {"line": 6, "recipient": 3, "phone": 3}

    class Meta:
        model = Address
        fields = FIELDS[Address]


class WarehouseForm(PartForm):
    """A warehouse."""

    LAYOUT = ((_("Warehouse"), ("code", "name", "line", "recipient", "phone")),)
    WIDTHS: ClassVar = {"code": 3, "name": 3, "line": 6, "recipient": 3, "phone": 3}
    HINTS: ClassVar = {"code": _("Orders and invoices carry this code.")}

    class Meta:
        model = Warehouse
        fields = FIELDS[Warehouse]


def _largest() -> str:
    return filesizeformat(settings.ATTACHMENT_MAX_BYTES)


class AttachmentForm(ServiceForm):
    """A file to keep with the client."""

    LAYOUT = ((_("File"), ("file", "note")),)
    WIDTHS: ClassVar = {"file": 6, "note": 6}

    file = forms.FileField(
        label=_("File"),
        max_length=250,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=format_lazy(
            _("PDF, picture, Word, Excel, PowerPoint or text, up to {size}."), size=lazy(_largest, str)()
        ),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
