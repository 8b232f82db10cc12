"""Counts beside the menu and the bell: kept for a few seconds, because every page shows them.

They are worked out anew after whatever the member does; what others do shows within `settings.BADGE_SECONDS`. The pages
they lead to are always exact.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.cache import cache

NAMES = ("waiting", "unread")


def kept_count(name: str, user: Any, count: Callable[[], int]) -> int:
    """The count `name` (one of `NAMES`) of `user`, at most `settings.BADGE_SECONDS` old."""
    return int(cache.get_or_set(_key(name, user.pk), count, settings.BADGE_SECONDS) or 0)


def forget_counts(user_pks: Iterable[int]) -> None:
    """Have the counts of these members worked out anew."""
    cache.delete_many([_key(name, pk) for pk in user_pks for name in NAMES])


def _key(name: str, user_pk: int) -> str:
    return f"badge:{name}:{user_pk}"
