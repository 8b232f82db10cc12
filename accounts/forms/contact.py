"""Forms of people at a client."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import BirthdayCalendar, Consent, Gender, Stance
from accounts.models import Contact
from accounts.rules.birthdays import Birthday, read_birthday
from accounts.rules.phones import format_phone
from accounts.services.contacts import CLEANED
from kam.core.exceptions import FieldErrors, RuleError
from kam.core.forms import DayField, ServiceForm, ServiceModelForm
from kam.core.forms.kit import Layout

BIRTHDAY = tuple(f"birthday_{part}" for part in ("calendar", "year", "month", "day", "leap"))


class ContactForm(ServiceModelForm):
    """A person: how to reach, when to congratulate, how he stands to us.

    The birthday is one row of fields; written in words it is read and takes their place.
    """

    LAYOUT: ClassVar[Layout] = (
        (_("The person"), ("name", "gender", "post", "unit_name", "is_key")),
        (_("How to reach"), ("mobile", "landline", "email", "wechat", "consent", "address")),
        (_("Birthday"), (*BIRTHDAY, "birthday_words")),
        (_("How we stand"), ("stance", "preferences", "note")),
    )
    WIDTHS: ClassVar = {
        "name": 3,
        "gender": 3,
        "wechat": 3,
        "consent": 3,
        "address": 6,
        "birthday_calendar": 1,
        "birthday_year": 1,
        "birthday_month": 1,
        "birthday_day": 1,
        "birthday_leap": 2,
        "birthday_words": 6,
        "stance": 6,
        "preferences": 6,
    }
    HINTS: ClassVar = {
        "birthday_calendar": _("Lunar or solar, as the person keeps it. The year may stay empty."),
        "mobile": _("Greetings go only to people who agreed."),
    }

    birthday_calendar = forms.ChoiceField(
        label=_("Calendar"), required=False, choices=[("", "—"), *BirthdayCalendar.choices]
    )
    birthday_year = forms.IntegerField(label=_("Year"), required=False, min_value=1, max_value=9999)
    birthday_month = forms.IntegerField(label=_("Month"), required=False, min_value=0, max_value=99)
    birthday_day = forms.IntegerField(label=_("Day"), required=False, min_value=0, max_value=99)
    birthday_words = forms.CharField(
        label=_("Birthday in words"),
        required=False,
        max_length=40,
        help_text=_("For example 农历八月十五 or 1981-02-28; what stands here counts instead of the row above."),
    )
    gender = forms.ChoiceField(
        label=_("Gender"), required=False, choices=[*Gender.choices, ("", _("Unknown"))], widget=forms.RadioSelect
    )
    stance = forms.ChoiceField(
        label=_("Stance to us"), choices=Stance.choices, initial=Stance.UNKNOWN, widget=forms.RadioSelect
    )
    consent = forms.ChoiceField(label=_("Consent to messages"), choices=Consent.choices, initial=Consent.UNASKED)

    class Meta:
        model = Contact
        fields = CLEANED
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 3})}
        labels: ClassVar = {"name": _("Full name"), "birthday_leap": _("Leap month")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"mobile", "landline"} & self.fields.keys():
            if self.initial.get(name):
                self.initial[name] = format_phone(self.initial[name])
            self.fields[name].widget.input_type = "tel"
        for name in ("birthday_year", "birthday_month", "birthday_day"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def shown(self, name: str, value: str) -> str:
        return format_phone(value) if name in ("mobile", "landline") and value.startswith("+") else value

    def show_further(self, error: FieldErrors) -> None:
        """A birthday of which a part cannot be read has said so already."""
        unread = self.errors.keys() & {*BIRTHDAY, "birthday_words"}
        further = {name: text for name, text in error.errors.items() if not (unread and name in BIRTHDAY)}
        if further:
            super().show_further(FieldErrors(further))

    def clean(self) -> dict[str, Any]:
        """Words take the place of the row of fields."""
        cleaned = super().clean() or self.cleaned_data
        words = cleaned.get("birthday_words")
        if not words:
            return cleaned
        try:
            birthday = read_birthday(words)
        except RuleError as error:
            self.show_rule("birthday_words", error)
            return cleaned
        for name in BIRTHDAY:
            self.errors.pop(name, None)
        return {**cleaned, **birthday_values(birthday)}


def birthday_values(birthday: Birthday) -> dict[str, Any]:
    """The five columns of a birthday."""
    return {name: getattr(birthday, name.removeprefix("birthday_")) for name in BIRTHDAY}


class LeaveForm(ServiceForm):
    """Since when the person is not at the client any more."""

    LAYOUT = ((_("Left the client"), ("left_on",)),)
    HINTS: ClassVar = {"left_on": _("Nobody is deleted: visits and care keep the name.")}

    STAYS = "stays"
    """The button that takes the leaving back."""

    left_on = DayField(label=_("Left on"), required=False)

    def __init__(self, *args: Any, contact: Contact, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"left_on": contact.left_on or on}, **kwargs)

    def clean(self) -> dict[str, Any]:
        """A day, or the word that the person stays."""
        cleaned = super().clean() or self.cleaned_data
        if self.STAYS in self.data:
            return {**cleaned, "left_on": None}
        if "left_on" in cleaned and cleaned["left_on"] is None:
            self.add_error("left_on", _("Say since when."))
        return cleaned
