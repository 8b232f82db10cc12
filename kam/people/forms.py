"""Forms of sign-in and people. They read what was typed; the services judge it."""

from copy import copy
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance
from django.utils.translation import gettext_lazy as _

from kam.core.forms import AmountField, DayField, ServiceForm, ServiceModelForm
from kam.people.authority import own_limit
from kam.people.choices import Authority, Role
from kam.people.guards import may_give_role
from kam.people.models import Delegation, Member, Unit

PASSWORD_MAX = 200


class SignInForm(AuthenticationForm):
    """Sign-in name and password. An unknown name and a wrong password get the same answer."""

    error_messages = {
        "invalid_login": _("Sign-in name or password is wrong."),
        "inactive": _("Sign-in name or password is wrong."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Sign-in name")
        self.fields["password"].max_length = PASSWORD_MAX  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        """Names are kept in lower case."""
        return str(self.cleaned_data["username"]).strip().lower()


class OwnPasswordForm(forms.Form):
    """A new own password, twice; the present one too, except at the first sign-in."""

    old_password = forms.CharField(
        label=_("Present password"),
        max_length=PASSWORD_MAX,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password1 = forms.CharField(
        label=_("New password"),
        max_length=PASSWORD_MAX,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password2 = forms.CharField(
        label=_("New password again"),
        max_length=PASSWORD_MAX,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        rules = _("At least %(n)s characters; not digits alone, no common password, nothing like your name or phone.")
        self.fields["new_password1"].help_text = rules % {"n": settings.PASSWORD_MIN_LENGTH}
        if member.must_change_password:
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        """The present password must be right."""
        typed = str(self.cleaned_data["old_password"])
        if not self.member.check_password(typed):
            raise forms.ValidationError(_("This is not your present password."))
        return typed

    def clean_new_password2(self) -> str:
        """Both must be the same."""
        again = str(self.cleaned_data["new_password2"])
        if again != self.cleaned_data.get("new_password1"):
            raise forms.ValidationError(_("The two new passwords differ."))
        return again


class RowForm(ServiceModelForm):
    """A form about a row of this area: fields are half a row wide unless said otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.width = self.WIDTHS.get(name, 3)  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """Ask the model's validators about a copy: all that is wrong is told at once and the row stays as it is."""
        try:
            tried = construct_instance(self, copy(self.instance), self._meta.fields)
            tried.clean_fields(exclude=self._get_validation_exclusions())  # type: ignore[attr-defined]
        except ValidationError as error:
            self.add_error(None, error)


class OwnDataForm(RowForm):
    """What members keep about themselves."""

    class Meta:
        model = Member
        fields = ("phone", "email", "away_from", "away_until", "language")
        field_classes: ClassVar = {"away_from": DayField, "away_until": DayField}
        help_texts: ClassVar = {
            "away_until": _("While you are on leave your deputy has the birthdays of your clients.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
        language.width = 3  # type: ignore[attr-defined]
        self.fields["language"] = language


class MemberForm(RowForm):
    """A member as director and clerk keep him; choices end at what the person at the screen may give."""

    VERSIONED = True
    LAYOUT = (
        (_("Person"), ("full_name", "username", "role", "phone", "email")),
        (_("Place"), ("unit", "superior", "post", "joined_on", "territory")),
        (_("On leave"), ("away_from", "away_until")),
    )
    WIDTHS: ClassVar = {"territory": 6}

    class Meta:
        model = Member
        fields = (
            *("full_name", "username", "role", "unit", "superior", "post", "territory", "phone", "email", "joined_on"),
            *("away_from", "away_until"),
        )
        field_classes: ClassVar = {"joined_on": DayField, "away_from": DayField, "away_until": DayField}
        labels: ClassVar = {"username": _("Sign-in name")}
        help_texts: ClassVar = {"username": _("Kept in lower case; cannot be changed later.")}

    def __init__(self, *args: Any, user: Member, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.instance
        roles = [(value, label) for value, label in Role.choices if may_give_role(user, member, value)]
        self.fields["role"].choices = roles if member.pk else [("", "---------"), *roles]  # type: ignore[attr-defined]
        present = Member.objects.visible_to(user).present(on).exclude(pk=member.pk)
        self.fields["superior"].queryset = present  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.visible_to(user)  # type: ignore[attr-defined]
        for name in ("username",) if member.pk else ("away_from", "away_until"):
            del self.fields[name]


class LeaveForm(ServiceForm):
    """The last day: from it on there is no access."""

    left_on = DayField(label=_("Left on"))


class UnitForm(RowForm):
    """A unit."""

    VERSIONED = True

    class Meta:
        model = Unit
        fields = ("name", "kind", "parent")

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Unit.objects.visible_to(user).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]


class DelegationForm(RowForm):
    """An authority to hand over."""

    LAYOUT = (
        (_("What to whom"), ("delegate", "authority", "ceiling_amount")),
        (_("Days"), ("starts_on", "ends_on", "note")),
    )
    WIDTHS: ClassVar = {"note": 6}

    class Meta:
        model = Delegation
        fields = ("delegate", "authority", "ceiling_amount", "starts_on", "ends_on", "note")
        field_classes: ClassVar = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args: Any, user: Member, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = Member.objects.visible_to(user).present(on).exclude(pk=user.pk)
        self.fields["delegate"].queryset = present  # type: ignore[attr-defined]
        given = self.fields["ceiling_amount"]
        ceiling = AmountField(label=given.label, help_text=given.help_text, required=False)
        ceiling.width = 3  # type: ignore[attr-defined]
        self.fields["ceiling_amount"] = ceiling
        had = [(value, label) for value, label in Authority.choices if own_limit(user.role, value).decides]
        self.fields["authority"].choices = [("", "---------"), *had]  # type: ignore[attr-defined]
        self.initial.setdefault("starts_on", on)
