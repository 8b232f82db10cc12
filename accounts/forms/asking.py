"""Forms in which something about a client is put up for decision: credit, share."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import CreditRating, TermKind
from accounts.credit import credit_of
from accounts.models import Account, Attachment
from accounts.rules.credit import Credit
from kam.core.exceptions import DomainError, FieldErrors, RuleError
from kam.core.readers import read_money
from kam.people.choices import Role
from kam.people.models import Member

PERMISSIONS = [("view", _("See the client")), ("change", _("See and work on the client"))]
REASON_LENGTH = 1000


class MoneyInput(forms.CharField):
    """An amount as people type it: 280,000.00, 28万, full-width digits."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_money(text)
        except RuleError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,.2f}" if isinstance(value, Decimal) else value


class AskingForm(forms.Form):
    """What both forms share: the reason, the revision that was seen, errors of the service beside their fields."""

    seen_revision = forms.IntegerField(required=False, min_value=0, max_value=32767, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What for, who asked, what is expected."),
    )

    SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    def show_error(self, error: DomainError) -> None:
        """Put what the service refused beside the fields it names."""
        errors = error.errors if isinstance(error, FieldErrors) else {error.field: error.message}
        for name, text in errors.items():
            self.add_error(name if name in self.fields else None, str(text))

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The form in sections, for the template."""
        return [
            {"title": title, "fields": [self[name] for name in fields if name in self.fields]}
            for title, fields in self.SECTIONS
            if any(name in self.fields for name in fields)
        ]


class CreditForm(AskingForm):
    """Credit of a client: filled with what is open now, or with what came back."""

    limit = MoneyInput(label=_("Credit limit (CNY)"), help_text=_("0 means prepayment only."))
    term_kind = forms.ChoiceField(label=_("Payment term"), choices=TermKind)
    term_days = forms.IntegerField(label=_("Days"), min_value=0, max_value=9999, required=False)
    rating = forms.ChoiceField(label=_("Credit rating"), required=False)
    monthly = MoneyInput(label=_("Average purchases a month (CNY)"), required=False)
    ends_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    attachments = forms.TypedMultipleChoiceField(
        label=_("Files to go with it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    SECTIONS = (
        (_("What is asked"), ("limit", "term_kind", "term_days", "ends_on")),
        (_("Survey"), ("rating", "monthly")),
        (_("Why"), ("reason", "attachments")),
    )

    def __init__(self, data: Any, *, account: Account, user: Member, asked: dict[str, Any] | None = None) -> None:
        present = credit_of(account)
        start = {
            "limit": present.limit or None,
            "term_kind": present.term_kind,
            "term_days": present.term_days,
            "rating": present.rating,
            "monthly": present.monthly,
            "ends_on": present.ends_on,
        }
        super().__init__(data, initial={**start, **(asked or {})})
        self.fields["rating"].choices = [("", _("not rated")), *CreditRating.choices]  # type: ignore[attr-defined]
        files = Attachment.objects.visible_to(user).filter(account=account, removed_at__isnull=True)
        choices = [(row.pk, row.name) for row in files]
        if choices:
            self.fields["attachments"].choices = choices  # type: ignore[attr-defined]
            self.fields["attachments"].width = 6  # type: ignore[attr-defined]
        else:
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


class ShareForm(AskingForm):
    """A colleague, what he may do, until when."""

    member = forms.ModelChoiceField(label=_("Share with"), queryset=Member.objects.none())
    permission = forms.ChoiceField(
        label=_("What the colleague may do"), choices=PERMISSIONS, initial="view", widget=forms.RadioSelect
    )
    ends_on = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("One year at most; access ends by itself."),
    )

    SECTIONS = ((_("With whom"), ("member", "ends_on", "permission")), (_("Why"), ("reason",)))

    def __init__(
        self, data: Any, *, account: Account, user: Member, on: date, asked: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=asked or {})
        looking_after = [pk for pk in (account.owner_id, account.deputy_id, user.pk) if pk]
        colleagues = Member.objects.visible_to(user).present(on).filter(role=Role.MANAGER)
        self.fields["member"].queryset = colleagues.exclude(pk__in=looking_after)  # type: ignore[attr-defined]
        self.fields["permission"].width = 6  # type: ignore[attr-defined]
