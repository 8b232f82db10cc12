"""Mirrors the permission table into Django groups, one group a role."""

from typing import Any

from kam.core.scoping import Reach
from kam.people.permissions import ROLES, TABLE, reach_of

DJANGO_ACTIONS = ("view", "add", "change")


def write_role_groups(*, using: str = "default", **_kwargs: Any) -> None:
    """Write each role's group with exactly the permissions of the table; safe to run any number of times.

    Receiver of `post_migrate`; rows whose model or permission does not exist yet are left for the last app's signal.
    """
    from django.contrib.auth.models import Group, Permission

    known: dict[tuple[str, str], int] = {
        (row.content_type.app_label, row.codename): row.pk
        for row in Permission.objects.using(using).select_related("content_type")
    }
    for role in ROLES:
        group, _created = Group.objects.using(using).get_or_create(name=role)
        wanted = {
            known[key]
            for model, actions in TABLE.items()
            for action in actions
            if action in DJANGO_ACTIONS and reach_of(role, model, action) is not Reach.NONE
            for key in [(model.split(".")[0], f"{action}_{model.split('.')[1]}")]
            if key in known
        }
        group.permissions.set(wanted)
