"""Forms of sign-in and people. They read what was typed; the services judge it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import DomainError, FieldErrors
from kam.people.models import Member

PASSWORD_MAX = 200


def _password_rules() -> str:
    return " ".join(password_validators_help_texts())


class SignInForm(AuthenticationForm):
    """Sign-in name and password. An unknown name and a wrong password get the same answer."""

    error_messages = {
        "invalid_login": _("Account or password is wrong."),
        "inactive": _("Account or password is wrong."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Account")
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
        help_text=lazy(_password_rules, str)(),
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


class OwnDataForm(forms.ModelForm):
    """What members keep about themselves."""

    class Meta:
        model = Member
        fields = ("phone", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
        )
        for field in self.fields.values():
            field.width = 3  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """Nothing is written to the member here: the service locks, judges and saves."""


def show_error(form: forms.BaseForm, error: DomainError) -> None:
    """Put what a service refused beside the fields it speaks of, or above the form."""
    errors = error.errors if isinstance(error, FieldErrors) else {error.field: error.message}
    for name, text in errors.items():
        form.add_error(name if name in form.fields else None, str(text))
