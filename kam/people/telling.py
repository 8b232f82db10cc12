"""Who is told when something becomes of a member or a delegation.

Messages and grants lie higher than people: they contribute listeners, which are called inside the transaction.
"""

from collections.abc import Callable
from enum import StrEnum

from kam.people.models import Delegation, Member


class Event(StrEnum):
    """What became of a delegation."""

    GRANTED = "granted"
    REVOKED = "revoked"


DelegationListener = Callable[[Delegation, Event, Member | None], None]
RoleListener = Callable[..., None]

_of_delegations: list[DelegationListener] = []
_of_roles: list[RoleListener] = []


def listen_to_delegations(listener: DelegationListener) -> None:
    """Make a listener known: it gets the delegation, what became of it, and who did it (None: the system)."""
    if listener not in _of_delegations:
        _of_delegations.append(listener)


def listen_to_roles(listener: RoleListener) -> None:
    """Make a service known: called as `listener(member=…, actor=…)` when the member's role has just changed."""
    if listener not in _of_roles:
        _of_roles.append(listener)


def tell_of_delegation(delegation: Delegation, event: Event, actor: Member | None) -> None:
    """Tell every listener of delegations."""
    for listener in _of_delegations:
        listener(delegation, event, actor)


def tell_of_role(member: Member, actor: Member | None) -> None:
    """Tell every listener of roles."""
    for listener in _of_roles:
        listener(member=member, actor=actor)
