"""Errors of the trade. Their text is meant for the person at the screen, in that person's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise, lazy

Text = str | Promise


class DomainError(Exception):
    """Something that may not happen. `field` names the form field that it belongs to, if any."""

    def __init__(self, message: Text, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The person sees the object but may not do this; answered with 403 and the reason."""


class ChangedMeanwhile(DomainError):
    """The state on which the person decided is no longer the state in the database."""


@dataclass(frozen=True)
class Conflict:
    """One field on which two editors disagree: stored `base` at load, `theirs` now, `mine` typed."""

    field: str
    label: Text
    base: Any
    theirs: Any
    mine: Any


class EditConflict(ChangedMeanwhile):
    """Somebody saved meanwhile. Nothing was written; `conflicts` holds both values for each field.

    `version` is the stored one; `theirs_alone` are fields that only the other changed; `who` saved it `at` which time.
    """

    def __init__(
        self,
        message: Text,
        conflicts: list[Conflict],
        version: int,
        *,
        theirs_alone: tuple[str, ...] = (),
        who: str = "",
        at: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.conflicts = conflicts
        self.version = version
        self.theirs_alone = theirs_alone
        self.who = who
        self.at = at


class SentBefore(DomainError):
    """The same form was sent and done before; `url` is where that led."""

    def __init__(self, message: Text, url: str) -> None:
        super().__init__(message)
        self.url = url


class FieldErrors(DomainError):
    """Several fields are wrong at once; `errors` maps field names to texts."""

    def __init__(self, errors: Mapping[str, Text]) -> None:
        super().__init__(next(iter(errors.values())))
        self.errors = dict(errors)


class RuleError(ValueError):
    """A value that a rule refuses: why, and what would be right."""

    def __init__(self, reason: Text, right: Text = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.right = right

    @property
    def text(self) -> Text:
        """Both sentences, in the language of whoever reads them."""
        return _two_sentences(self.reason, self.right)

    def __str__(self) -> str:
        return str(self.text)


def _join(one: Text, other: Text) -> str:
    """Chinese sentences stand without a blank between them."""
    return f"{one} {other}".strip().replace("。 ", "。")


_two_sentences = lazy(_join, str)
