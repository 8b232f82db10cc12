"""Choosing a member on a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kam.people.models import Member


class MemberField(forms.ModelChoiceField):
    """One member out of few: a pick-list that searches, and a plain list without JavaScript.

    Set `queryset` to the scoped rows when the form is made.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Select(attrs={"data-pick": "", "data-none": _("Nobody of this name")}))
        super().__init__(Member.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} · {obj.unit}" if obj.unit_id else str(obj.full_name)
