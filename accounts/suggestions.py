"""Clients suggested while a person types."""

from accounts.models import Account, SearchTerm
from kam.core.pinyin import search_key
from kam.people.models import Member

SHOWN = 20


def account_suggestions(user: Member, typed: str, limit: int = SHOWN) -> list[Account]:
    """Clients in sight of `user` by part of the name, pinyin, initials or code; without words the latest changed."""
    rows = Account.objects.visible_to(user)
    key = search_key(typed)
    if not key:
        return [] if typed.strip() else list(rows.order_by("-updated_at", "number")[:limit])
    found = SearchTerm.objects.for_system().filter(term__startswith=key, contact__isnull=True).values("account_id")
    return list(rows.filter(pk__in=found).order_by("number")[:limit])
