"""Who is told of a delegation. Messages lie higher than people; whoever carries them contributes a listener."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from kam.people.models import Delegation


class Event(StrEnum):
    """What became of a delegation."""

    GRANTED = "granted"
    REVOKED = "revoked"


Listener = Callable[[Delegation, Event, Any], None]
_listeners: list[Listener] = []


def contribute_listener(listener: Listener) -> None:
    """Make a listener known: a function of delegation, event and the member who acted, called in the transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(delegation: Delegation, event: Event, actor: Any) -> None:
    """Tell every listener."""
    for listener in _listeners:
        listener(delegation, event, actor)
