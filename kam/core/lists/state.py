"""The state of a list page: its address and nothing else, so that a link can be sent to a colleague."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest

Pairs = tuple[tuple[str, str], ...]

MOMENT = frozenset({"page", "panel", "export", "pk"})
"""What a person does right now; gone with the next step."""

PLACE = MOMENT | {"size"}
"""What is not part of a view that is kept."""


@dataclass(frozen=True)
class ListState:
    """Path and query of a list page."""

    path: str
    pairs: Pairs
    has_blanks: bool = False
    """Whether the request named keys without a value, as a form does that was not filled in everywhere."""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The state that a request asks for; empty values are dropped."""
        pairs = [(key, value) for key, values in request.GET.lists() for value in values]
        filled = tuple((key, value) for key, value in pairs if value.strip())
        return cls(request.path, filled, has_blanks=len(filled) < len(pairs))

    @property
    def here(self) -> str:
        """The address itself, without blanks."""
        return address(self.path, self.pairs)

    def get(self, key: str, default: str = "") -> str:
        """The last value of a key."""
        return next((value for name, value in reversed(self.pairs) if name == key), default)

    def all(self, key: str) -> list[str]:
        """All values of a key, in order."""
        return [value for name, value in self.pairs if name == key]

    def url(self, **changes: str | int | None) -> str:
        """The address with some keys set or (None) taken out; any change but `page` starts at the first page."""
        pairs = [pair for pair in self.pairs if pair[0] not in changes and pair[0] not in MOMENT]
        pairs += [(key, str(value)) for key, value in changes.items() if value is not None]
        return address(self.path, pairs)

    def kept(self, *without: str) -> Pairs:
        """The pairs that a form carries along in hidden fields, without those it sets itself."""
        return tuple(pair for pair in self.pairs if pair[0] not in MOMENT and pair[0] not in without)

    @property
    def query(self) -> str:
        """What a saved view keeps: the query in a fixed order, without page and size."""
        return canonical(urlencode(self.kept()))


def canonical(query: str) -> str:
    """A query string in a fixed order, without empty values and without what is not part of a view.

    Columns keep their order, which is the order they are shown in.
    """
    pairs = [pair for pair in parse_qsl(query) if pair[0] not in PLACE and pair[1].strip()]
    return urlencode(sorted(pairs, key=lambda pair: (pair[0], "" if pair[0] == "columns" else pair[1])))


def address(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Path and query as one relative address."""
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path
