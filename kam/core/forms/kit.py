"""Forms that read what was typed and leave judging and saving to the services."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kam.core.editing import version_of
from kam.core.exceptions import DomainError, FieldErrors, RuleError, Text
from kam.core.sent_forms import FIELD, new_token

Layout = Sequence[tuple[Text, Sequence[str]]]
USUAL_WIDTH = 2
VERSION = "version"
LAST_VERSION = 2**31 - 1
"""The largest number that fits the column."""


@dataclass(frozen=True)
class Section:
    """A titled group of fields, as `partials/_form_sections.html` draws it."""

    title: Text
    fields: list[BoundField]
    hint: Text = ""


class Kit(forms.BaseForm):
    """What the forms of the house share; use `ServiceForm` or `ServiceModelForm`.

    `LAYOUT` names the sections: title and fields. `WIDTHS` are the columns of six that a field takes (1, 2, 3 or 6),
    `HINTS` the sentence under a section's title. Fields that the layout does not name stand in no section.
    """

    LAYOUT: ClassVar[Layout] = ()
    WIDTHS: ClassVar[Mapping[str, int]] = {}
    HINTS: ClassVar[Mapping[str, Text]] = {}
    QUIET: ClassVar[frozenset[str]] = frozenset()
    """Fields that show only once they are wrong or filled: questions that most people are never asked."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(without_nul(data), *args, **kwargs)
        for name, field in self.fields.items():
            if name in self.WIDTHS:
                field.width = self.WIDTHS[name]  # type: ignore[attr-defined]
        self.fields[FIELD] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput, initial=new_token)

    @property
    def sections(self) -> list[Section]:
        """The sections of the layout that have a field to show."""
        drawn = (
            Section(title, [self[name] for name in names if self._shows(name)], self.HINTS.get(names[0], ""))
            for title, names in self.LAYOUT
        )
        return [section for section in drawn if section.fields]

    def _shows(self, name: str) -> bool:
        if name not in self.fields:
            return False
        return name not in self.QUIET or bool(name in self.errors or self[name].value())

    def full_clean(self) -> None:
        """Errors of hidden fields stand above the form: beside their field nobody would see them."""
        super().full_clean()
        if hasattr(self, "cleaned_data"):
            # The token is the page's, not a value that anybody typed.
            self.cleaned_data.pop(FIELD, None)
        for name in [name for name in self.errors if name in self.fields and self.fields[name].widget.is_hidden]:
            for text in self.errors.pop(name):
                self.add_error(None, text)

    def show_error(self, error: DomainError) -> None:
        """Put what a service refused beside the fields it speaks of; what the form has no field for, above the form."""
        errors = error.errors if isinstance(error, FieldErrors) else {error.field or "": error.message}
        for name, text in errors.items():
            self.add_error(name if name in self.fields else None, str(text))

    def show_further(self, error: FieldErrors) -> None:
        """Add what a service would refuse as well, beside the fields that are not wrong already."""
        for name, text in error.errors.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, str(text))

    def shown(self, name: str, value: str) -> str:
        """A stored value of a field as people read it; forms whose fields are kept in another notation override it."""
        return value

    def show_rule(self, name: str, error: RuleError) -> None:
        """Put what a rule refused beside the field: why, and what would be right."""
        self.add_error(name, str(error))


class ServiceForm(Kit, forms.Form):
    """A form without a model."""


class ServiceModelForm(Kit, forms.ModelForm):
    """A form with the labels and lengths of a model; the row itself is never touched.

    A model with a `version`, or any with history where `VERSIONED` says so, carries it in a hidden field, so that the
    service can tell what others saved meanwhile.
    """

    VERSIONED: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and (self.VERSIONED or hasattr(self.instance, VERSION)):
            self.fields[VERSION] = forms.IntegerField(
                min_value=1,
                max_value=LAST_VERSION,
                widget=forms.HiddenInput,
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _OUT_OF_DATE),
            )
            self.initial.setdefault(VERSION, version_of(self.instance))

    def _post_clean(self) -> None:
        """Django would write the values to the row and validate it here: both are the service's."""

    def values(self) -> dict[str, Any]:
        """What was read, by model field: the `data` of a service."""
        return {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}  # type: ignore[operator]


_OUT_OF_DATE = _("This form is out of date. Open the page again.")


def refused(error: RuleError) -> ValidationError:
    """A rule's refusal as a field's error."""
    return ValidationError(str(error))


def without_nul(data: Any) -> Any:
    """Posted data without NUL characters, which nobody sees, nobody can take out, and no database keeps."""
    if not isinstance(data, QueryDict) or not any(
        "\x00" in value for _name, values in data.lists() for value in values
    ):
        return data
    clean = QueryDict(mutable=True)
    for name, values in data.lists():
        clean.setlist(name, [value.replace("\x00", "") for value in values])
    return clean


def as_posted(field: forms.Field, value: Any) -> list[str]:
    """How a browser would post `value` of the field: nothing for an unticked box."""
    value = field.prepare_value(value)
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if value else []
    shown = field.widget.format_value(value)
    if isinstance(shown, list | tuple):
        return [str(part) for part in shown]
    return [] if shown is None else [str(shown)]


def with_stored(data: QueryDict, form: forms.BaseForm, names: Iterable[str]) -> QueryDict:
    """A copy of the posted data in which the fields `names` hold what the unbound `form` starts from, the stored."""
    changed = data.copy()
    for name in names:
        if name in form.fields:
            field = form.fields[name]
            changed.setlist(name, as_posted(field, form.get_initial_for_field(field, name)))
    return changed
