"""Forms of the client itself."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountStatus, Grade
from accounts.forms.picks import AccountPick, managers
from accounts.models import Account
from accounts.rules.phones import format_phone
from accounts.services.cleaning import CLEANED
from kam.core.forms import DayField, ServiceForm, ServiceModelForm, TickedField
from kam.people.choices import Role
from kam.people.models import Member
from kam.people.picks import MemberField


class AccountForm(ServiceModelForm):
    """What a client is: identity, group and territory, invoicing, note. Credit and grade have pages of their own."""

    LAYOUT = (
        (_("Identity"), ("name", "short_name", "kind", "credit_code", "similar_are_others")),
        (_("Who looks after it"), ("owner", "deputy")),
        (
            _("Group and territory"),
            ("parent", "industry", "source", "province", "city", "county", "customer_since", "website"),
        ),
        (_("Invoicing"), ("invoice_title", "invoice_kind", "invoice_phone", "invoice_address", "invoice_note")),
        (_("Other"), ("note",)),
    )
    WIDTHS: ClassVar = {
        "name": 3,
        "short_name": 3,
        "kind": 3,
        "credit_code": 3,
        "similar_are_others": 6,
        "owner": 3,
        "deputy": 3,
        "customer_since": 3,
        "website": 3,
        "invoice_title": 6,
        "invoice_kind": 3,
        "invoice_phone": 3,
        "invoice_address": 6,
        "invoice_note": 6,
    }
    HINTS: ClassVar = {"invoice_title": _("As it must stand on every invoice.")}
    QUIET = frozenset({"similar_are_others"})

    parent = AccountPick(label=_("Parent group"), required=False)
    customer_since = DayField(label=_("Client since"), required=False)
    similar_are_others = forms.BooleanField(label=_("It is another client than those"), required=False)

    class Meta:
        model = Account
        fields = CLEANED
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 4})}
        help_texts: ClassVar = {
            "name": _("The whole name as on the business licence"),
            "credit_code": _("18 characters; may follow later"),
            "invoice_note": _("For example the order number, the warehouse code"),
        }

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.narrow(user, without=self.instance.pk)
        if self.initial.get("invoice_phone"):
            self.initial["invoice_phone"] = format_phone(self.initial["invoice_phone"])
        held = self.instance.parent_id
        if held and not parent.offered.filter(pk=held).exists():
            # A group out of sight is neither shown nor lost.
            del self.fields["parent"]

    def shown(self, name: str, value: str) -> str:
        return format_phone(value) if name == "invoice_phone" and value.startswith("+") else value


class NewAccountForm(AccountForm):
    """A client to open. Who opens it for others says who looks after it; a manager opens it for himself."""

    owner = MemberField(label=_("Account manager"))
    deputy = MemberField(label=_("Deputy"), required=False)

    def __init__(self, *args: Any, user: Member, on: date, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if user.role == Role.MANAGER:
            del self.fields["owner"], self.fields["deputy"]
            return
        for name in ("owner", "deputy"):
            self.fields[name].queryset = managers(user, on)  # type: ignore[attr-defined]


class AssignForm(ServiceForm):
    """Who looks after the client from now on."""

    LAYOUT = ((_("Who looks after it"), ("owner", "deputy", "reason")),)
    WIDTHS: ClassVar = {"owner": 3, "deputy": 3, "reason": 6}
    HINTS: ClassVar = {"owner": _("Whoever had it before loses access at once.")}

    owner = MemberField(label=_("Account manager"))
    deputy = MemberField(label=_("Deputy"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=100)

    def __init__(self, *args: Any, account: Account, user: Member, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"owner": account.owner_id, "deputy": account.deputy_id}, **kwargs)
        for name in ("owner", "deputy"):
            self.fields[name].queryset = managers(user, on)  # type: ignore[attr-defined]


class AssignManyForm(ServiceForm):
    """Who looks after all the ticked clients from now on; their deputies stay."""

    LAYOUT = ((_("Who looks after them"), ("owner", "reason")),)
    WIDTHS: ClassVar = {"owner": 3, "reason": 3}
    HINTS: ClassVar = {"owner": _("Whoever had it before loses access at once.")}

    pk = TickedField()
    owner = MemberField(label=_("Account manager"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=100)

    def __init__(self, *args: Any, ticked: list[str], user: Member, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"pk": ticked}, **kwargs)
        self.fields["pk"].queryset = Account.objects.visible_to(user, "assign")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = managers(user, on)  # type: ignore[attr-defined]


class GradeForm(ServiceForm):
    """The grade, by which visits and care are measured."""

    LAYOUT = ((_("Grade"), ("grade", "reason")),)
    WIDTHS: ClassVar = {"grade": 6, "reason": 6}
    HINTS: ClassVar = {"grade": _("It sets how often the client is visited and how it is cared for.")}

    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[*Grade.choices, ("", _("Not graded"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=100)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, initial={"grade": account.grade}, **kwargs)


class StatusForm(ServiceForm):
    """The next state of the relation, out of those that can follow the present one."""

    LAYOUT = ((_("Status"), ("to", "reason")),)
    WIDTHS: ClassVar = {"to": 6, "reason": 6}
    HINTS: ClassVar = {"to": _("Pausing and ending need a reason.")}

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    to = forms.ChoiceField(label=_("New status"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": account.status}, **kwargs)
        # What was sent is read against the state that the person saw; the service tells when it is another one by now.
        seen = self["seen"].value() if self.is_bound else account.status
        following = Account.STATES.moves.get(seen, frozenset())
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            choice for choice in AccountStatus.choices if choice[0] in following
        ]
