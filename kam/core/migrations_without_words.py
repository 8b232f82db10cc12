"""Migrations describe the database: labels, help texts and choices are words and belong to the code alone."""

from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.models import Field

WORDS_OF_A_FIELD = ("choices", "help_text", "verbose_name")
WORDS_OF_A_MODEL = ("verbose_name", "verbose_name_plural")


class Autodetector(MigrationAutodetector):
    """Compares models without the words that never reach the database."""

    def deep_deconstruct(self, obj: Any) -> Any:
        """Take the words out of every field before two fields are compared."""
        plain = super().deep_deconstruct(obj)
        if isinstance(obj, Field):
            path, arguments, keywords = plain
            return (path, arguments, {name: value for name, value in keywords.items() if name not in WORDS_OF_A_FIELD})
        return plain

    def generate_altered_options(self) -> None:
        """Leave the labels of models out of what counts as a changed option."""
        for state in (self.from_state, self.to_state):
            for model in state.models.values():
                model.options = {name: value for name, value in model.options.items() if name not in WORDS_OF_A_MODEL}
        super().generate_altered_options()
