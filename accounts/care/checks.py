"""System check of the greeting that is set: an unknown field is told at the start, not on the birthday."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from accounts.care.wording import greeting_text
from accounts.models import Account, Contact
from kam.core.exceptions import RuleError


@register()
def greeting_can_be_filled(**_kwargs: Any) -> list[CheckMessage]:
    """BIRTHDAY_GREETING names only fields that there are."""
    try:
        greeting_text(Contact(name="张三", gender="male", account=Account(name="某客户")))
    except RuleError as error:
        return [Error(f"BIRTHDAY_GREETING: {error}", id="care.E001")]
    return []
