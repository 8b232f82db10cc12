"""System checks that hold the house to its rules."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import models

from kam.core.fields import AccountField, MemberField

HOUSE = ("kam.", "accounts", "visits", "quotations", "contracts", "appraisal")
GRANT_COLUMNS = {"user", "content_object"}
"""Columns that guardian dictates; the grant is maintained by assignment and sharing alone."""


def _own_fields() -> list[models.ForeignKey[Any, Any]]:
    return [
        field
        for model in apps.get_models()
        if model.__module__.startswith(HOUSE) and not model.__name__.startswith("Historical")
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and not field.remote_field.parent_link
    ]


@register()
def foreign_keys_say_what_moves(**_kwargs: Any) -> list[CheckMessage]:
    """A key to a member is responsible or actor; a key to a client says what happens on merge."""
    found: list[CheckMessage] = []
    for field in _own_fields():
        model = field.model._meta.label
        if model == settings.ACCOUNT_GRANT_MODEL and field.name in GRANT_COLUMNS:
            continue
        target = field.related_model._meta.label
        if target == settings.AUTH_USER_MODEL and not isinstance(field, MemberField):
            found.append(Error(f"{model}.{field.name} must be a ResponsibleField or an ActorField.", id="core.E001"))
        if target == "accounts.Account" and not isinstance(field, AccountField):
            found.append(Error(f"{model}.{field.name} must be an AccountField.", id="core.E002"))
    return found
