"""Who is told when people at a client, or the client itself, have changed.

What hangs on people lies higher than the dossier (care for their birthdays): it contributes listeners, which are
called inside the transaction of the change. A listener of clients must not lock people: their services lock the person
before the client, and the two would wait for each other.
"""

from collections.abc import Callable
from typing import Any

from accounts.models import Account, Contact

Listener = Callable[..., None]

_of_people: list[Listener] = []
_of_clients: list[Listener] = []


def listen_to_people(listener: Listener) -> None:
    """Make a listener known: called as `listener(people=…, actor=…)` with the people concerned, as a queryset."""
    if listener not in _of_people:
        _of_people.append(listener)


def listen_to_clients(listener: Listener) -> None:
    """Make a listener known: called as `listener(account=…, actor=…)` when status or owner have just changed."""
    if listener not in _of_clients:
        _of_clients.append(listener)


def tell_of_people(*, pks: list[int], actor: Any) -> None:
    """Tell every listener of these people."""
    for listener in _of_people:
        listener(people=Contact.objects.for_system().filter(pk__in=pks), actor=actor)


def tell_of_client(account: Account, *, actor: Any) -> None:
    """Tell every listener of this client."""
    for listener in _of_clients:
        listener(account=account, actor=actor)
