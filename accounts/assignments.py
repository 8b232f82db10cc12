"""What a bulk assignment did to each client, and what speaks against taking it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account
from kam.core.history import UNDO_WITHIN, Operation
from kam.people.choices import Role
from kam.people.models import Member

EARLIER = 10
"""Earlier assignments shown at most."""

People = tuple[int | None, int | None]
"""Keys of owner and deputy."""


@dataclass(frozen=True)
class Handed:
    """One client of a bulk assignment: who had it before, and who has it by the act."""

    account: Account
    owner_before: Member | None
    deputy_before: Member | None
    owner_after: Member | None
    assigned_since: bool

    @property
    def clash(self) -> str:
        """Why this client cannot go back; empty when it can."""
        if self.assigned_since:
            return _("assigned again since")
        for person in (self.owner_before, self.deputy_before):
            if person is not None and not (person.is_active and person.role == Role.MANAGER):
                return _("%(name)s is no account manager any more") % {"name": person}
        return ""


@dataclass
class _Move:
    before: People
    after: People
    assigned_since: bool = False


def handed_over(operation: Operation, accounts: Iterable[Account]) -> list[Handed]:
    """The clients of the act out of `accounts`, by number. Two queries, however many clients."""
    seen = {account.pk: account for account in accounts}
    moves = _moves(operation, list(seen))
    keys = {key for move in moves.values() for key in (*move.before, move.after[0]) if key}
    people = Member.objects.for_system().in_bulk(keys)
    handed = [
        Handed(
            account=seen[pk],
            owner_before=people.get(move.before[0] or 0),
            deputy_before=people.get(move.before[1] or 0),
            owner_after=people.get(move.after[0] or 0),
            assigned_since=move.assigned_since,
        )
        for pk, move in moves.items()
    ]
    return sorted(handed, key=lambda row: row.account.number)


def _moves(operation: Operation, account_pks: list[int]) -> dict[int, _Move]:
    """What the field history says of these clients: the people before the act, by the act, and whether they changed."""
    touched = Account.history.filter(operation=operation, id__in=account_pks).values("id")
    rows = Account.history.filter(id__in=touched).order_by("history_id")
    found: dict[int, _Move] = {}
    before: dict[int, People] = {}
    for pk, operation_pk, owner, deputy in rows.values_list("id", "operation_id", "owner_id", "deputy_id"):
        people = (owner, deputy)
        if operation_pk == operation.pk:
            found[pk] = _Move(before.get(pk, (None, None)), people)
        elif pk in found and people != found[pk].after:
            found[pk].assigned_since = True
        before[pk] = people
    return found


def earlier_assignments(user: Any, *, now: datetime) -> list[Operation]:
    """The latest bulk assignments that could still be taken back, for whoever may do that."""
    done = Operation.objects.visible_to(user, "change").filter(kind=Operation.Kind.BULK_ASSIGN, undone_at__isnull=True)
    return list(done.filter(created_at__gt=now - UNDO_WITHIN).select_related("actor").order_by("-pk")[:EARLIER])


def touched_by(operation: Operation) -> list[int]:
    """Keys of the clients of the act."""
    return list(Account.history.filter(operation=operation).order_by("id").values_list("id", flat=True))
