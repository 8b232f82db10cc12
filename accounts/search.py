"""Finds clients and their people as somebody types: any part of name, pinyin, initials, code or phone (A15).

Each word is the beginning of a stored term, found by an index; several words must all fit. Clients are found by their
own terms and people by theirs, where the member may see people at all. Best first: whole name, beginning of the name,
some other part of it, code or phone.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountKind
from accounts.models import Account, Contact, SearchTerm
from accounts.rules.names import company_name_key
from kam.core.contributions import SearchHit, contribute
from kam.core.lists.cells import row_url, word
from kam.core.pinyin import search_key
from kam.core.scoping import Reach, reach

WORDS = 4
"""The most words that are looked at."""

CANDIDATES = 100
"""The most terms that are ranked; more of them mean that more should be typed."""


def search_keys(text: str) -> list[str]:
    """The words of what was typed, as terms are kept, the longest and thus rarest first."""
    keys = dict.fromkeys(filter(None, map(search_key, text.split()[:WORDS])))
    return sorted(keys, key=len, reverse=True)


def matching(rows: QuerySet[Account], user: Any, text: str) -> QuerySet[Account]:
    """Those of the clients `rows` that every word fits: by their own terms or by those of people `user` may see."""
    keys = search_keys(text)
    return rows.filter(pk__in=_fitting(_terms(user), keys)) if keys else rows.none()


def _terms(user: Any) -> QuerySet[SearchTerm]:
    """Terms by which `user` may find anything: of clients in sight, without people for a role that sees no people.

    Clients in sight are given by their keys: PostgreSQL takes the beginning of a term for rare, and with a subquery
    instead it would first read all terms of the department that begin so. Django needs 4 ms for 150 parameters.
    """
    terms = SearchTerm.objects.for_system()
    if reach(user, Account, "view") is not Reach.ALL:
        seen = Account.objects.visible_to(user).order_by().values_list("pk", flat=True)
        keys = ", ".join(map(str, seen)) or "NULL"
        terms = terms.filter(account__in=RawSQL(keys, ()))  # noqa: S611 - whole numbers out of the database
    return terms.filter(contact__isnull=True) if reach(user, Contact, "view") is Reach.NONE else terms


def _fitting(terms: QuerySet[SearchTerm], keys: list[str]) -> Any:
    """Keys of the clients that have a term for each word: an intersection, for which no database finds a bad plan."""
    first, *others = [terms.filter(term__prefix=key).values("account") for key in keys]
    return first.intersection(*others) if others else first


@contribute("search")
def clients(user: Any, words: str, limit: int) -> Iterator[SearchHit]:
    """Clients by name, pinyin or code."""
    keys = search_keys(words)
    visible = Account.objects.visible_to(user)
    terms = _terms(user)
    found = _candidates(terms.filter(contact__isnull=True), terms, keys, "account")
    if len(found) == CANDIDATES:
        found += visible.filter(name_key__prefix=company_name_key(words)).values_list("pk", flat=True)[:limit]
    reads = ("pk", "name", "short_name", "number", "kind", "owner__full_name")
    rows = list(visible.filter(pk__in=found).values(*reads)) if found else []
    rows.sort(
        key=lambda row: (_rank((row["name"], row["short_name"]), row["number"], keys), len(row["name"]), row["pk"])
    )
    for row in rows[:limit]:
        yield SearchHit(
            kind=_("Clients"),
            title=row["name"],
            url=row_url("accounts:account_detail", row["pk"]),
            sub=" · ".join(filter(None, (row["number"], word(AccountKind, row["kind"]), row["owner__full_name"]))),
            icon="building-store",
            account_id=row["pk"],
        )


@contribute("search")
def people(user: Any, words: str, limit: int) -> Iterator[SearchHit]:
    """People at clients by name, pinyin or phone; a further word may be the client's."""
    if reach(user, Contact, "view") is Reach.NONE:
        return
    keys = search_keys(words)
    terms = _terms(user)
    theirs = terms.filter(contact__isnull=False)
    turns = ([key, *(other for other in keys if other != key)] for key in keys)
    found = {pk for turn in turns for pk in _candidates(theirs, terms, turn, "contact")}
    reads = ("pk", "name", "post", "mobile", "account", "account__name")
    rows = list(Contact.objects.visible_to(user).filter(pk__in=found).values(*reads)) if found else []
    rows.sort(key=lambda row: (_rank([row["name"]], "", keys), row["pk"]))
    for row in rows[:limit]:
        phone = row["mobile"] if any(key.isdigit() for key in keys) else ""
        yield SearchHit(
            kind=_("Contacts"),
            title=row["name"],
            url=row_url("accounts:account_detail", row["account"]),
            sub=" · ".join(filter(None, (row["post"], row["account__name"], phone))),
            icon="user",
            account_id=row["account"],
        )


def _candidates(own: QuerySet[SearchTerm], terms: QuerySet[SearchTerm], keys: list[str], found: str) -> list[int]:
    """The `found` ("account" or "contact") of those of the terms `own` that begin with the first key.

    The client has to fit the other keys too, by terms of its own or of any person there: by any of `terms`.
    """
    if not keys:
        return []
    rows = own.filter(term__prefix=keys[0])
    if keys[1:]:
        rows = rows.filter(account__in=_fitting(terms, keys))
    return list(rows.values_list(found, flat=True)[:CANDIDATES])


def _rank(names: Iterable[str], code: str, keys: list[str]) -> int:
    """0 a whole name, 1 the beginning of one, 2 another part or its pinyin, 3 the code or a phone."""
    spelt = [search_key(name) for name in names if name]
    if any(name in ("".join(keys), *keys) for name in spelt):
        return 0
    if any(name.startswith(key) for name in spelt for key in keys):
        return 1
    return 3 if any(key.isdigit() or key in search_key(code) for key in keys) else 2
