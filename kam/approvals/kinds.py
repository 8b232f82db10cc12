"""The registry of what can be approved. Areas contribute kinds from their own `approvals.py`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.functional import Promise

from kam.approvals.models import Request
from kam.approvals.rules import Step
from kam.approvals.scopes import CONCERNS

Text = str | Promise


@dataclass(frozen=True)
class ChangedField:
    """One field of what is asked, beside the last approved value; `before` is empty on an opening."""

    field: Text
    before: str
    after: str


@dataclass(frozen=True)
class SameField:
    """One field that stays as it is."""

    field: Text
    value: str


@dataclass(frozen=True)
class Fact:
    """One fact of a client's standing on the decision page: label, value, the measure beside it, a tone."""

    label: Text
    value: Text
    measure: Text = ""
    tone: str = ""


@dataclass(frozen=True)
class Ask:
    """What is asked in large letters: from `before` (empty on an opening) to `after`; `amount_before` for the bar."""

    label: Text
    before: Text
    after: Text
    unit: Text = ""
    detail: Text = ""
    amount_before: Decimal | None = None


@dataclass(frozen=True)
class Document:
    """A file to read before deciding: served to whoever sees the request."""

    name: str
    url: str
    kind: str
    size: int


@dataclass(frozen=True)
class OpenDocument:
    """A document opened for reading."""

    name: str
    content_type: str
    stream: Any


@dataclass(frozen=True)
class Line:
    """One line of what is asked that may be returned while the rest is approved; `warning` is shown beside it."""

    key: str
    title: str
    detail: str = ""
    warning: str = ""


class ApprovalKind:
    """What one kind of request means. Stateless; one instance is registered for each kind.

    `code` is stored in requests and policies and names the authority that a delegation hands over. `default_steps`
    is the policy with which an installation starts. `carried_out_by` is the role that acts after the decision
    (finance opens a credit); empty when the decision takes effect by itself.
    """

    code: ClassVar[str]
    title: ClassVar[Text]
    number_prefix: ClassVar[str]
    default_steps: ClassVar[tuple[Step, ...]]
    default_allows_bulk: ClassVar[bool] = False
    concerns: ClassVar[str] = ""
    """Model ("app.model") that a role must be able to see to know of such requests, unless one is put before it."""
    carried_out_by: ClassVar[str] = ""
    comment_example: ClassVar[Text] = ""
    """What a decider might write, shown in the empty box."""
    then: ClassVar[Text] = ""
    """What happens after the last decision, in words for the page."""

    def live_snapshot(self, request: Request) -> dict[str, Any]:
        """Today's value of everything the decision rests on. Differs from the stored one → the request is void."""
        raise NotImplementedError

    def lock_subject(self, request: Request) -> None:
        """Lock what the decision rests on. Always before the request itself, as services of the subject do."""

    def title_of(self, request: Request) -> Text:
        """What the request is called: a kind may tell an opening from a change."""
        return self.title

    def heading(self, request: Request) -> str:
        """What is asked, in one short line: “20 万 → 28 万”."""
        raise NotImplementedError

    def ask(self, request: Request) -> Ask:
        """What is asked, for the decision page."""
        raise NotImplementedError

    def approve_label(self, request: Request) -> str:
        """The button names what it does: “批准 28 万”."""
        raise NotImplementedError

    def carry_out_label(self, request: Request) -> str:
        """The button of `carried_out_by` names what it does: “开立 28 万”."""
        return ""

    def changes(self, request: Request) -> list[ChangedField]:
        """Fields that differ from what was approved last."""
        raise NotImplementedError

    def lines(self, request: Request) -> list[Line]:
        """Lines that may be returned one by one; none for a request that is decided as a whole."""
        return []

    def unchanged(self, request: Request) -> list[SameField]:
        """Fields that stay as they were."""
        return []

    def standing(self, request: Request, on: date) -> list[Fact]:
        """How the client stands now."""
        return []

    def subject_url(self, request: Request) -> str:
        """Where the document is read."""
        return ""

    def revise_url(self, request: Request) -> str:
        """The form in which the requester changes what was returned and submits it again."""
        return ""

    def documents(self, request: Request) -> list[Document]:
        """Files to read before deciding."""
        return []

    def open_document(self, request: Request, document_pk: int) -> OpenDocument | None:
        """One of the request's documents, with the very bytes that were put up; None for any other."""
        return None

    def approved(self, request: Request, *, actor: Any, on_behalf_of: Any) -> None:
        """Carry the decision out, inside its transaction. Kinds that need carrying out do nothing here."""

    def came_back(self, request: Request, *, actor: Any, reason: str) -> None:
        """The request was returned, withdrawn or is void: its subject is open again. Inside the transaction."""

    def carry_out(self, request: Request, *, actor: Any) -> None:
        """Let exactly the snapshot take effect, inside the transaction; only for kinds with `carried_out_by`."""


_kinds: dict[str, ApprovalKind] = {}


def register(kind: type[ApprovalKind]) -> type[ApprovalKind]:
    """Class decorator: make a kind known."""
    _kinds[kind.code] = kind()
    if kind.concerns:
        CONCERNS[kind.code] = kind.concerns
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
