"""Form of the words over columns."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kam.core.forms import ServiceForm
from kam.core.imports.models import LONGEST_WORD
from kam.core.imports.plan import kinds
from kam.core.imports.words import nameable_columns

BETWEEN = "|"


class HeaderWordForm(ServiceForm):
    """A word, and the column of a register that it means."""

    word = forms.CharField(label=_("Word over the column"), max_length=LONGEST_WORD)
    column = forms.ChoiceField(label=_("Means the column"))

    LAYOUT = ((_("Another word"), ("word", "column")),)
    WIDTHS = {"word": 3, "column": 3}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["column"]
        field.choices = [("", "—")] + [
            (
                kind.register.title,
                [
                    (f"{kind.register.code}{BETWEEN}{column.key}", column.title)
                    for column in nameable_columns(kind.register)
                ],
            )
            for kind in kinds()
        ]

    def values(self) -> dict[str, str]:
        """What the service takes."""
        register, _between, column = self.cleaned_data["column"].partition(BETWEEN)
        return {"register": register, "column": column, "word": self.cleaned_data["word"]}
