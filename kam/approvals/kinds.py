"""The registry of what can be approved. Areas contribute kinds from their own `approvals.py`."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise

from kam.approvals.models import Request

Text = str | Promise


@dataclass(frozen=True)
class ChangedField:
    """One field of what is asked, beside the last approved value; `before` is empty on an opening."""

    label: Text
    before: str
    after: str


@dataclass(frozen=True)
class Fact:
    """One fact of a client's standing on the decision page: label, value, the measure beside it, a tone."""

    label: Text
    value: str
    measure: Text = ""
    tone: str = ""


class ApprovalKind:
    """What one kind of request means. Stateless; one instance is registered for each kind.

    `code` is stored in requests and policies and names the authority that a delegation hands over.
    """

    code: ClassVar[str]
    title: ClassVar[Text]
    number_prefix: ClassVar[str]
    needs_carrying_out: ClassVar[bool] = False
    """True when somebody acts after the decision (finance opens a credit); the request then waits as approved."""

    def live_snapshot(self, request: Request) -> dict[str, Any]:
        """Today's value of everything the decision rests on. Differs from the stored one → the request is void."""
        raise NotImplementedError

    def heading(self, request: Request) -> Text:
        """What is asked, in one line: “20 万 → 28 万”."""
        raise NotImplementedError

    def changes(self, request: Request) -> list[ChangedField]:
        """Fields that differ from what was approved last."""
        raise NotImplementedError

    def unchanged_count(self, request: Request) -> int:
        """How many fields stayed as they were."""
        return 0

    def standing(self, request: Request) -> list[Fact]:
        """How the client stands now."""
        return []

    def subject_url(self, request: Request) -> str:
        """Where the document is read."""
        return ""

    def attachments(self, request: Request) -> list[Any]:
        """Documents to read before deciding."""
        return []

    def approved(self, request: Request, *, actor: Any, on_behalf_of: Any) -> None:
        """Carry the decision out, inside its transaction. Kinds that need carrying out do nothing here."""

    def closed(self, request: Request, *, actor: Any) -> None:
        """The request was returned, withdrawn or voided."""


_kinds: dict[str, ApprovalKind] = {}


def register(kind: type[ApprovalKind]) -> type[ApprovalKind]:
    """Class decorator: make a kind known."""
    _kinds[kind.code] = kind()
    return kind


def kind_of(code: str) -> ApprovalKind:
    """The kind behind a code; KeyError for one that no area contributes."""
    return _kinds[code]


def all_kinds() -> list[ApprovalKind]:
    """All kinds, in order of code."""
    return [_kinds[code] for code in sorted(_kinds)]


def kind_title(code: str) -> Text:
    """Title of a kind, or its code when the area that knew it is gone."""
    return _kinds[code].title if code in _kinds else code
