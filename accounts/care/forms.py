"""Forms of a care: correcting a person's facts, preparing, the answer, leaving out."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.care.choices import Gift, GreetingWay, Reaction
from accounts.care.models import BirthdayCare
from accounts.care.services.steps import FACTS, LONGEST_NOTE, LONGEST_SAID, PREPARED
from accounts.forms.contact import BIRTHDAY, ContactForm
from kam.core.forms import DayField, ServiceForm, ServiceModelForm
from kam.core.forms.kit import Layout


class CorrectForm(ContactForm):
    """The facts that are asked on Mondays, and nothing else."""

    LAYOUT: ClassVar[Layout] = (
        (_("The person"), ("name", "gender", "address")),
        (_("Birthday"), (*BIRTHDAY, "birthday_words")),
    )
    stance = None  # type: ignore[assignment]
    consent = None  # type: ignore[assignment]

    class Meta(ContactForm.Meta):
        fields = tuple(column for columns in FACTS.values() for column in columns)  # type: ignore[assignment]


def _gift(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Gift.choices, widget=forms.RadioSelect)


class PrepareForm(ServiceModelForm):
    """How the person is greeted, and what goes along."""

    LAYOUT = (
        (_("Greeting"), ("way",)),
        (_("Gifts"), ("flowers", "card", "mms", "gift_note")),
    )
    WIDTHS: ClassVar = dict.fromkeys(PREPARED, 6)
    HINTS: ClassVar = {
        "way": _("A call by default. Whoever agreed to messages gets an SMS in the morning as well."),
        "flowers": _("Everything arranged, or nothing wanted: the care is prepared."),
    }

    way = forms.ChoiceField(label=_("Greeting"), choices=GreetingWay.choices, widget=forms.RadioSelect)
    flowers = _gift(_("Flowers"))
    card = _gift(_("Card"))
    mms = _gift(_("MMS"))

    class Meta:
        model = BirthdayCare
        fields = PREPARED


class GreetedForm(ServiceForm):
    """How the person took it, and what was said."""

    LAYOUT = ((_("The answer"), ("reaction", "said")),)
    WIDTHS: ClassVar = {"reaction": 6, "said": 6}

    reaction = forms.ChoiceField(
        label=_("Reaction"), choices=Reaction.choices, initial=Reaction.PLAIN, widget=forms.RadioSelect
    )
    said = forms.CharField(
        label=_("What the person said"),
        required=False,
        max_length=LONGEST_SAID,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NotReachedForm(ServiceForm):
    """When it is tried again."""

    LAYOUT = ((_("Not reached"), ("again_on", "said")),)
    WIDTHS: ClassVar = {"again_on": 3, "said": 6}

    again_on = DayField(label=_("Again on"))
    said = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_SAID)


class LeaveOutForm(ServiceForm):
    """Why nobody greets this time."""

    LAYOUT = ((_("Leave out"), ("note",)),)
    WIDTHS: ClassVar = {"note": 6}
    HINTS: ClassVar = {"note": _("The next birthday comes up again by itself.")}

    note = forms.CharField(label=_("Reason"), max_length=LONGEST_NOTE)
