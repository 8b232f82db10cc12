"""Pick-lists that search: a text field that the server resolves, with suggestions where JavaScript runs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.plain import read_key
from kam.core.words import listed

LONGEST_TYPED = 200
NAMED_AT_MOST = 3


class TickedField(forms.ModelMultipleChoiceField):
    """The rows ticked in a list, carried along unseen. Set `queryset` to the scoped rows when the form is made."""

    widget: Any = forms.MultipleHiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, **kwargs)

    def clean(self, value: Any) -> Any:
        """Refuse what cannot be a key before the database meets it."""
        for key in value or []:
            if read_key(str(key)) is None:
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key})
        return super().clean(value)


class PickInput(forms.TextInput):
    """A text field over which `static/js/pick.js` lays a searching list; shows the code, knows the words."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        code, words = value if isinstance(value, tuple) else (value, "")
        context = super().get_context(name, code, attrs)
        if words:
            context["widget"]["attrs"]["data-pick-text"] = words
        return context

    def format_value(self, value: Any) -> str | None:
        return super().format_value(value[0] if isinstance(value, tuple) else value)


class PickField(forms.Field):
    """One row out of many, written as its code or its whole name.

    Set `offered` to the scoped queryset when the form is made; what lies outside it does not exist. `code` is the model
    field that the page shows and posts, `names` those by which a person may also name it.
    """

    widget = PickInput
    offered: QuerySet[Any]

    def __init__(self, *, url: str, code: str, names: tuple[str, ...], **kwargs: Any) -> None:
        self.code, self.names = code, names
        super().__init__(**kwargs)
        self.widget.attrs |= {"data-pick-url": reverse_lazy(url), "autocomplete": "off", "maxlength": LONGEST_TYPED}
        self.widget.attrs.setdefault("data-none", _("Nothing found"))

    def prepare_value(self, value: Any) -> Any:
        """Code and words of the row; what names no row as it was typed."""
        if value in self.empty_values:
            return ""
        found = [value] if hasattr(value, "_meta") else self._named(value)
        return (str(getattr(found[0], self.code)), self.words(found[0])) if len(found) == 1 else str(value)

    def words(self, row: Any) -> str:
        """What the list shows for a row."""
        return str(getattr(row, self.names[0]))

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or not str(value).strip():
            return None
        text = str(value).strip()
        if len(text) > LONGEST_TYPED:
            raise ValidationError(_("Write the number or the name."))
        found = self._named(text)
        if not found:
            raise ValidationError(
                format_lazy(_("Nothing by the number or name “{text}” is in your sight."), text=text).__str__()
            )
        if len(found) > 1:
            named = listed(f"{getattr(row, self.code)} {self.words(row)}" for row in found[:NAMED_AT_MOST])
            raise ValidationError(
                str(format_lazy(_("Several have this name: {named}. Write the number."), named=named))
            )
        return found[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial)
        after = self.prepare_value(data)
        return bool(before != after)

    def _named(self, value: Any) -> list[Any]:
        """Rows of that key, else of that code, else of that name."""
        if isinstance(value, int):
            return list(self.offered.filter(pk=value))
        text = str(value).strip()
        if len(text) > LONGEST_TYPED:
            return []
        if by_code := list(self.offered.filter(**{f"{self.code}__iexact": text})[:2]):
            return by_code
        named = Q()
        for name in self.names:
            named |= Q(**{name: text})
        return list(self.offered.filter(named).distinct()[: NAMED_AT_MOST + 1])
