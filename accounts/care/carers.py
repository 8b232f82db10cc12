"""Who cares for the people of a client on a day."""

from datetime import date

from accounts.models import Account
from kam.people.models import Member


def carer_of(account: Account, on: date) -> Member | None:
    """The account manager, or the deputy while he is not at work; None where a client has neither.

    With both away the care stays with the account manager: the clerk and the director hear of it in the afternoon.
    """
    for member in (account.owner, account.deputy):
        if member is not None and member.is_at_work(on):
            return member
    return account.owner
