"""What areas hand to the pages that gather from all of them: rows of today, client facts, search hits.

An area registers functions from its `today.py`, `client.py` or `search.py`, which are discovered when the apps are
ready; the gathering page knows the areas by nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.functional import Promise

Text = str | Promise
F = TypeVar("F", bound=Callable[..., Any])


class Place(StrEnum):
    """Where something is contributed, and the call each function answers."""

    TODAY = "today"
    """`(user, on: date) -> Iterable[TodayRow]`: at most one query, bounded."""
    WAITING = "waiting"
    """`(user, on: date) -> Iterable[int]`: how many decisions wait for the member; one bounded count."""
    FACTS = "facts"
    """`(user, account, on: date) -> Iterable[HeaderFact]`."""
    TABS = "tabs"
    """`(user, account) -> Iterable[ClientTab]`."""
    TIMELINE = "timeline"
    """`(user, account, limit: int) -> Iterable[TimelineEvent]`, newest first."""
    ACTIONS = "actions"
    """`(user, account, acts: frozenset[str]) -> Iterable[Action]`: what can be begun at a client by who may `acts`."""
    SAID = "said"
    """`(user, account, limit: int) -> Iterable[TimelineEvent]`: what the client said last, newest first."""
    SWEEP = "sweep"
    """`(now: datetime) -> Iterable[int]`: once a minute; hands work that lost its worker out again, says how much."""
    ENDED = "ended"
    """`(work: Work, at: datetime) -> Iterable[Any]`: in the transaction that ends a phase of long work."""
    SEARCH = "search"
    """`(user, words: str, limit: int) -> Iterable[SearchHit]`, best first."""


@dataclass(frozen=True)
class Action:
    """A button of a row: where it leads; `method` post sends a form with a CSRF token."""

    label: Text
    url: str
    method: str = "get"
    primary: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Choice:
    """A decision that can be taken in the row: yes or no (`decision` is approve or return) with one `comment`.

    Sent to `url` with the `hidden` values, which say what was seen, and with `next`, the page to come back to.
    """

    url: str
    approve_label: Text
    return_label: Text
    hidden: tuple[tuple[str, Any], ...] = ()
    behalf_of: str = ""
    """Whose authority it is, when it is not the member's own."""


@dataclass(frozen=True)
class TodayRow:
    """One thing that wants a hand. `kind` groups rows into segments and is shown as `kind_label`.

    `due_on` sorts it under late, today or this week; `late` marks what is overdue by its own rule. A row with `done_at`
    was done today and is shown struck through; its actions then hold the undo, where there is one.
    """

    kind: str
    icon: str
    title: Text
    url: str
    kind_label: Text = ""
    meta: tuple[Text, ...] = ()
    status_tone: str = ""
    status_text: Text = ""
    status_icon: str = ""
    due_on: date | None = None
    late: bool = False
    actions: tuple[Action, ...] = ()
    figures: tuple["HeaderFact", ...] = ()
    """What one needs to know before acting; shown with the first row that has any."""
    choice: Choice | None = None
    """The decision itself; shown with the figures."""
    account_id: int | None = None
    waits_for_me: bool = False
    """Counts as a decision that only this member can take."""
    done_at: datetime | None = None


@dataclass(frozen=True)
class TimelineEvent:
    """One event in a client's life. `who` and `on_behalf_of` are names as they are to be shown."""

    at: datetime
    who: str
    text: Text
    on_behalf_of: str = ""
    url: str = ""
    tone: str = ""
    kind: str = ""
    icon: str = ""
    quote: str = ""


@dataclass(frozen=True)
class HeaderFact:
    """One figure in a client's header: value, the measure beside it, a tone that comes with an icon."""

    label: Text
    value: Text
    measure: Text = ""
    tone: str = ""
    icon: str = ""
    url: str = ""
    order: int = 50


@dataclass(frozen=True)
class ClientTab:
    """One tab of a client's page; `count` None shows no number."""

    key: str
    title: Text
    url: str
    count: int | None = None
    order: int = 50


@dataclass(frozen=True)
class SearchHit:
    """One thing found; `kind` is the heading it is listed under."""

    kind: Text
    title: Text
    url: str
    sub: Text = ""
    icon: str = "search"
    account_id: int | None = None


_functions: dict[Place, dict[str, Callable[..., Iterable[Any]]]] = {place: {} for place in Place}


def contribute(place: str, function: F | None = None) -> Any:
    """Register `function` for `place`, directly or as a decorator `@contribute("today")`.

    ValueError for a place nobody gathers. Registering the same function twice has no effect.
    """
    found = Place(place)

    def register(given: F) -> F:
        _functions[found][f"{given.__module__}.{given.__qualname__}"] = given
        return given

    return register if function is None else register(function)


def contributed(place: str) -> list[Callable[..., Iterable[Any]]]:
    """The functions of `place`, in order of their areas' names, so that pages do not depend on import order."""
    return [function for _name, function in sorted(_functions[Place(place)].items())]


def collect(place: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Everything that all areas answer to one call, in order of the areas."""
    return [item for function in contributed(place) for item in function(*args, **kwargs)]
