"""Forms of visits: the log, its photos, what is made of it at the month's end."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.picks import AccountPick
from accounts.models import Account, Contact
from kam.core.forms import AmountField, DayField, ServiceForm, ServiceModelForm, TickedField
from kam.people.models import Member
from visits.models import VisitLog, VisitPlanLine
from visits.selectors import keys_of
from visits.services.logs import PLAIN
from visits.services.plans import PLAIN as PLANNED

PICTURES = "image/jpeg,image/png,image/webp"


class ClockInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PeopleField(TickedField):
    """People of one client, to be ticked. Set `queryset` to the scoped rows when the form is made."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} {obj.post}".strip()


class ColleaguesField(TickedField):
    """Members who come along: a pick-list that searches, a plain list of several without JavaScript."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = forms.SelectMultiple(attrs={"data-pick": "", "data-none": _("Nobody of this name")})

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class PhotosInput(forms.ClearableFileInput):
    """Several pictures at once; on a phone the camera is offered."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Several pictures; cleans to a list of uploads."""

    widget = PhotosInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = PICTURES

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"])
        return [super(PhotosField, self).clean(upload, initial) for upload in uploads]


class LogForm(ServiceModelForm):
    """What happened at one client: only its people can be ticked."""

    LAYOUT = (
        (_("Who was there"), ("contacts", "others_met", "companions")),
        (_("What it was about"), ("matters", "said", "result")),
        (_("What comes next"), ("next_step", "next_on")),
        (_("Photos"), ("photos",)),
        (_("When and where"), ("on", "begins", "ends", "place")),
    )
    WIDTHS: ClassVar = {
        "contacts": 6,
        "others_met": 3,
        "companions": 3,
        "on": 2,
        "begins": 1,
        "ends": 1,
        "place": 2,
        "next_step": 3,
        "next_on": 3,
        "photos": 6,
    }
    HINTS: ClassVar = {
        "contacts": _("Tick whom you met."),
        "on": _("Today, unless you say otherwise. With a time it is checked that nobody is at two places at once."),
    }

    contacts = PeopleField(label=_("People met"), required=False)
    companions = ColleaguesField(label=_("Colleagues who came along"), required=False)
    on = DayField(label=_("Visited on"))
    begins = forms.TimeField(label=_("From"), required=False, widget=ClockInput)
    ends = forms.TimeField(label=_("Until"), required=False, widget=ClockInput)
    next_on = DayField(label=_("Next step on"), required=False)
    photos = PhotosField(label=_("Photos"), required=False, max_length=250)

    class Meta:
        model = VisitLog
        fields = PLAIN
        widgets: ClassVar = {
            "matters": forms.Textarea(attrs={"rows": 2}),
            "said": forms.Textarea(attrs={"rows": 3}),
            "result": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts: ClassVar = {"others_met": _("Whoever is not in the dossier yet")}

    def __init__(self, *args: Any, account: Account, user: Member, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.visible_to(user).filter(account=account).order_by("left_on", "-is_key", "pk")
        colleagues = Member.objects.visible_to(user).present(today).exclude(pk=user.pk).order_by("full_name")
        self.fields["companions"].queryset = colleagues  # type: ignore[attr-defined]
        self.initial.setdefault("on", today)
        if self.instance.pk:
            met = keys_of(self.instance, "contacts")
            self.initial.update(contacts=met, companions=keys_of(self.instance, "companions"))
            del self.fields["photos"]
            self.fields["contacts"].queryset = people.filter(left_on__isnull=True) | people.filter(pk__in=met)  # type: ignore[attr-defined]
        else:
            self.fields["contacts"].queryset = people.filter(left_on__isnull=True)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The columns, and the keys of the people."""
        chosen = {name: self.cleaned_data[name] for name in ("contacts", "companions") if name in self.cleaned_data}
        return {**super().values(), **{name: {row.pk for row in rows} for name, rows in chosen.items()}}


class PlanLineForm(ServiceModelForm):
    """One visit of the month's plan: only this client's people can be ticked."""

    LAYOUT = (
        (_("Whom and when"), ("contacts", "on", "begins", "ends", "companions")),
        (_("What for"), ("matters",)),
        (_("The opportunity"), ("opportunity", "opportunity_amount", "probability")),
    )
    WIDTHS: ClassVar = {"contacts": 6, "begins": 1, "ends": 1, "opportunity": 6, "companions": 2}

    contacts = PeopleField(label=_("People to see"), required=False)
    companions = ColleaguesField(label=_("Colleagues who come along"), required=False)
    on = DayField(label=_("Planned for"))
    begins = forms.TimeField(label=_("From"), required=False, widget=ClockInput)
    ends = forms.TimeField(label=_("Until"), required=False, widget=ClockInput)
    opportunity_amount = AmountField(label=_("Expected amount (CNY)"), required=False)
    probability = forms.IntegerField(
        label=_("Success probability (%)"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = VisitPlanLine
        fields = PLANNED
        widgets: ClassVar = {"matters": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, account: Account, user: Member, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.visible_to(user).filter(account=account, left_on__isnull=True)
        colleagues = Member.objects.visible_to(user).present(today).exclude(pk=user.pk).order_by("full_name")
        self.fields["contacts"].queryset = people.order_by("-is_key", "pk")  # type: ignore[attr-defined]
        self.fields["companions"].queryset = colleagues  # type: ignore[attr-defined]
        if self.instance.pk:
            for name in ("contacts", "companions"):
                self.initial[name] = keys_of(self.instance, name)

    def values(self) -> dict[str, Any]:
        """The columns, and the keys of the people."""
        chosen = {name: self.cleaned_data[name] for name in ("contacts", "companions") if name in self.cleaned_data}
        return {**super().values(), **{name: {row.pk for row in rows} for name, rows in chosen.items()}}


class MonthForm(ServiceForm):
    """Which month is planned: this one or the next."""

    LAYOUT = ((_("Which month?"), ("month",)),)

    month = forms.TypedChoiceField(label=_("Month"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        this = today.replace(day=1)
        following = (this + timedelta(days=32)).replace(day=1)
        super().__init__(*args, initial={"month": following.isoformat()}, **kwargs)
        months = [(month.isoformat(), f"{month:%Y-%m}") for month in (this, following)]
        self.fields["month"].choices = months  # type: ignore[attr-defined]


class CancelForm(ServiceForm):
    """Why a planned visit is called off."""

    LAYOUT = ((_("Call the visit off"), ("reason",)),)
    WIDTHS: ClassVar = {"reason": 6}

    reason = forms.CharField(label=_("Reason"), max_length=200)


class PhotosForm(ServiceForm):
    """Pictures for a log that is filed."""

    LAYOUT = ((_("Photos"), ("photos",)),)
    WIDTHS: ClassVar = {"photos": 6}

    photos = PhotosField(label=_("Photos"), max_length=250, error_messages={"required": _("Choose a picture.")})


class HandlingForm(ServiceForm):
    """What was done about a log, and what is thought of it."""

    LAYOUT = ((_("Month-end review"), ("handling", "comment")),)

    handling = forms.CharField(label=_("Handling"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    comment = forms.CharField(
        label=_("Comment"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ClientForm(ServiceForm):
    """Which client the visit was at."""

    LAYOUT = ((_("At which client?"), ("client",)),)
    WIDTHS: ClassVar = {"client": 6}

    client = AccountPick(label=_("Client"), error_messages={"required": _("Choose the client.")})

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].offered = Account.objects.visible_to(user, "change")  # type: ignore[attr-defined]
