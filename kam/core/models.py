"""Tables of the foundation: operations, moves between states."""

from kam.core.history import Operation
from kam.core.states import Transition

__all__ = ["Operation", "Transition"]
