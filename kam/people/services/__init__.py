"""Every change to members, units, passwords and delegations."""

from kam.people.services.delegations import delegation_grant, delegation_revoke
from kam.people.services.members import (
    member_add,
    member_change,
    member_leave,
    member_return,
    members_close_departed,
    own_data_change,
)
from kam.people.services.passwords import (
    language_set,
    password_reset,
    password_set_own,
    sessions_close,
    sessions_drop_ended,
    sign_in_unlock,
)
from kam.people.services.units import unit_add, unit_change

__all__ = [
    "delegation_grant",
    "delegation_revoke",
    "language_set",
    "member_add",
    "member_change",
    "member_leave",
    "member_return",
    "members_close_departed",
    "own_data_change",
    "password_reset",
    "password_set_own",
    "sessions_close",
    "sessions_drop_ended",
    "sign_in_unlock",
    "unit_add",
    "unit_change",
]
