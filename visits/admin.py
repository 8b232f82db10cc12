"""The rules of visiting, set by the director in the panel; logs are read and written on the intranet's own pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from kam.core.editing import version_of
from kam.core.scoped_admin import ScopedModelAdmin
from kam.people.signed_in import member_of
from visits.models import VisitRules
from visits.services import visit_rules_change
from visits.services.settings import FIELDS


class VisitRulesForm(ModelForm):
    """The rules with the version that was seen."""

    seen_version = forms.IntegerField(label="", widget=forms.HiddenInput)

    class Meta:
        model = VisitRules
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = version_of(self.instance)


@admin.register(VisitRules)
class VisitRulesAdmin(ScopedModelAdmin):
    """How often each grade is seen, what is too near, what is late."""

    form = VisitRulesForm
    list_display = ("__str__", *FIELDS)
    fields = (*FIELDS, "seen_version")

    def save_through_service(
        self, request: HttpRequest, form: ModelForm, formsets: list[Any], *, change: bool
    ) -> VisitRules:
        rules, _edited = visit_rules_change(
            rules_pk=form.instance.pk,
            actor=member_of(request),
            data={name: form.cleaned_data[name] for name in FIELDS},
            version=form.cleaned_data["seen_version"],
        )
        return rules
