"""Filters of list pages on django-filter: fast on large tables, and able to say in words what is switched on."""

from datetime import date, datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from kam.core.exceptions import Text
from kam.core.lists.cells import day_text
from kam.core.lists.state import ListState
from kam.core.words import listed

EMPTY = "-"
"""Stands for "not filled in" in an address, where an empty value would mean "no condition"."""


class AnyOf(django_filters.MultipleChoiceFilter):
    """Rows whose column holds one of the ticked values. `empty` adds a choice for "not filled in"."""

    def __init__(self, *args: Any, empty: Text | None = None, **kwargs: Any) -> None:
        if empty is not None:
            kwargs["choices"] = [*kwargs["choices"], (EMPTY, empty)]
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """One IN, without the DISTINCT of django-filter, which reads the whole table."""
        if not value:
            return qs
        return qs.filter(**{f"{self.field_name}__in": ["" if each == EMPTY else each for each in value]})


class ListFilter(django_filters.FilterSet):
    """Base of the filters of a list page. The page's own keys (q, sort, columns, …) must not be used as names."""

    def active(self, state: ListState) -> list[dict[str, str]]:
        """What is switched on: label, value in words, and the address without it."""
        if not self.is_bound or not self.is_valid():
            return []
        found = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", []):
                continue
            field = self.form.fields[name]
            found.append(
                {
                    "label": str(field.label),
                    "value": in_words(field, value),
                    "remove_url": state.url(**dict.fromkeys(self.keys_of(name))),
                }
            )
        return found

    @classmethod
    def keys_of(cls, name: str) -> list[str]:
        """The keys in the address that belong to one filter; ranges have two."""
        widget = cls.base_filters[name].field_class.widget
        suffixes = getattr(widget, "suffixes", None)
        return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]

    @classmethod
    def keys(cls) -> list[str]:
        """All keys in the address that these filters read."""
        return [key for name in cls.base_filters for key in cls.keys_of(name)]


def in_words(field: forms.Field, value: Any) -> str:
    """A cleaned value as a person would say it."""
    if isinstance(value, slice):
        return f"{in_words(field, value.start)} – {in_words(field, value.stop)}"
    if isinstance(value, list | tuple):
        return str(listed(in_words(field, each) for each in value))
    if isinstance(value, date | datetime):
        return day_text(value)
    if value is None:
        return ""
    for choice, label in getattr(field, "choices", ()):
        if str(choice) == str(value):
            return str(label)
    return str(value)
