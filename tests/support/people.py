"""Invented members for tests: one call, one saved member of the role."""

from itertools import count
from typing import Any

from kam.people.choices import Role, UnitKind
from kam.people.models import Member, Unit

PASSWORD = "Juzi-2026-hong"
_numbers = count(1)


def unit(name: str = "", **fields: Any) -> Unit:
    """A saved unit, a team unless said otherwise."""
    return Unit.objects.create(name=name or f"第{next(_numbers)}组", **{"kind": UnitKind.TEAM, **fields})


def member(role: str = Role.MANAGER, *, password: str = "", **fields: Any) -> Member:
    """A saved member who has set an own password; give `password` only where the test signs in with it."""
    number = next(_numbers)
    row = Member(
        **{
            "username": f"{role}{number}",
            "full_name": f"测试{number}",
            "role": role,
            "must_change_password": False,
            **fields,
        }
    )
    if password:
        row.set_password(password)
    else:
        row.set_unusable_password()
    row.save()
    return row
