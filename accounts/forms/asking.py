"""Forms in which something about a client is put up for decision: credit, share, grade, hand-over."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import CreditRating, Grade, TermKind
from accounts.credit import credit_of
from accounts.models import Account, Attachment
from accounts.rules.credit import Credit
from kam.core.forms import AmountField, DayField, ServiceForm
from kam.people.choices import Role
from kam.people.models import Member

PERMISSIONS = [("view", _("See the client")), ("change", _("See and work on the client"))]
REASON_LENGTH = 1000


def reason_field() -> forms.CharField:
    """Why it is asked."""
    return forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What for, who asked, what is expected."),
    )


class CreditForm(ServiceForm):
    """Credit of a client: filled with what is open now, or with what came back (`asked`)."""

    limit = AmountField(label=_("Credit limit (CNY)"), help_text=_("0 means prepayment only."))
    term_kind = forms.ChoiceField(label=_("Payment term"), choices=TermKind)
    term_days = forms.IntegerField(label=_("Days"), min_value=0, max_value=9999, required=False)
    ends_on = DayField(label=_("Valid until"), required=False)
    rating = forms.ChoiceField(label=_("Credit rating"), required=False)
    monthly = AmountField(label=_("Average purchases a month (CNY)"), required=False)
    reason = reason_field()
    attachments = forms.TypedMultipleChoiceField(
        label=_("Files to go with it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    seen_revision = forms.IntegerField(required=False, min_value=0, max_value=32767, widget=forms.HiddenInput)

    LAYOUT = (
        (_("What is asked"), ("limit", "term_kind", "term_days", "ends_on")),
        (_("Survey"), ("rating", "monthly")),
        (_("Why"), ("reason", "attachments")),
    )
    WIDTHS: ClassVar = dict.fromkeys(("limit", "term_kind", "term_days", "ends_on", "rating", "monthly"), 3) | {
        "attachments": 6
    }

    def __init__(
        self, data: Any, _files: Any, *, account: Account, user: Member, asked: dict[str, Any] | None = None
    ) -> None:
        present = credit_of(account)
        start = {**vars(present), "limit": present.limit or None}
        super().__init__(data, initial={**start, **(asked or {})})
        self.fields["rating"].choices = [("", _("not rated")), *CreditRating.choices]  # type: ignore[attr-defined]
        files = Attachment.objects.visible_to(user).filter(account=account, removed_at__isnull=True)
        choices = [(row.pk, row.name) for row in files]
        self.fields["attachments"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["attachments"]

    def credit(self) -> Credit:
        """The credit that the valid form asks for."""
        data = self.cleaned_data
        return Credit(
            limit=data["limit"],
            term_kind=data["term_kind"],
            term_days=data["term_days"] or 0,
            rating=data["rating"],
            monthly=data["monthly"],
            ends_on=data["ends_on"],
        )


class ShareForm(ServiceForm):
    """A colleague, what he may do, until when."""

    member = forms.ModelChoiceField(label=_("Share with"), queryset=Member.objects.none())
    ends_on = DayField(label=_("Until"), help_text=_("One year at most; access ends by itself."))
    permission = forms.ChoiceField(
        label=_("What the colleague may do"), choices=PERMISSIONS, initial="view", widget=forms.RadioSelect
    )
    reason = reason_field()
    seen_revision = forms.IntegerField(required=False, min_value=0, max_value=32767, widget=forms.HiddenInput)

    LAYOUT = ((_("With whom"), ("member", "ends_on", "permission")), (_("Why"), ("reason",)))
    WIDTHS: ClassVar = {"member": 3, "ends_on": 3, "permission": 6}

    def __init__(
        self,
        data: Any,
        _files: Any,
        *,
        account: Account,
        user: Member,
        on: date,
        asked: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=asked or {})
        looking_after = [pk for pk in (account.owner_id, account.deputy_id, user.pk) if pk]
        colleagues = Member.objects.visible_to(user).present(on).filter(role=Role.MANAGER)
        self.fields["member"].queryset = colleagues.exclude(pk__in=looking_after)  # type: ignore[attr-defined]


class GradeRequestForm(ServiceForm):
    """Another grade for the client."""

    grade = forms.ChoiceField(label=_("Grade"), widget=forms.RadioSelect)
    reason = reason_field()
    seen_revision = forms.IntegerField(required=False, min_value=0, max_value=32767, widget=forms.HiddenInput)

    LAYOUT = ((_("What is asked"), ("grade",)), (_("Why"), ("reason",)))

    def __init__(
        self, data: Any, _files: Any, *, account: Account, user: Member, asked: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=asked or {})
        others = [(grade.value, grade.label) for grade in Grade if grade != account.grade]
        self.fields["grade"].choices = others  # type: ignore[attr-defined]


class HandoverRequestForm(ServiceForm):
    """The colleague who is to look after the client."""

    owner = forms.ModelChoiceField(label=_("Account manager"), queryset=Member.objects.none())
    reason = reason_field()
    seen_revision = forms.IntegerField(required=False, min_value=0, max_value=32767, widget=forms.HiddenInput)

    LAYOUT = ((_("To whom"), ("owner",)), (_("Why"), ("reason",)))
    WIDTHS: ClassVar = {"owner": 3}

    def __init__(
        self,
        data: Any,
        _files: Any,
        *,
        account: Account,
        user: Member,
        on: date,
        asked: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=asked or {})
        colleagues = Member.objects.visible_to(user).present(on).filter(role=Role.MANAGER)
        self.fields["owner"].queryset = colleagues.exclude(pk=account.owner_id)  # type: ignore[attr-defined]
