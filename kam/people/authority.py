"""How far a role may decide on its own. The limits are kept by approval policies, which lie higher and contribute."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from kam.people.choices import GRANTING_ROLES


@dataclass(frozen=True)
class OwnLimit:
    """What a role decides by itself: nothing, amounts up to `amount` (CNY), or everything (`amount` None)."""

    decides: bool
    amount: Decimal | None = None

    def covers(self, amount: Decimal | None) -> bool:
        """Whether a decision over `amount` lies within it; no amount is no hindrance."""
        return self.decides and (self.amount is None or amount is None or amount <= self.amount)


Source = Callable[[str, str], OwnLimit | None]
_sources: list[Source] = []


def contribute_limits(source: Source) -> None:
    """Make a source known: a function of role and authority that answers None where it knows nothing."""
    if source not in _sources:
        _sources.append(source)


def own_limit(role: str, authority: str) -> OwnLimit:
    """Limit of `role` for `authority`; where no source knows better, director and executive decide everything."""
    for source in _sources:
        limit = source(role, authority)
        if limit is not None:
            return limit
    return OwnLimit(decides=role in GRANTING_ROLES)
