"""Keeps the search index of clients and their people."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from accounts.models import Account, Contact, SearchTerm
from kam.core.pinyin import search_terms

BATCH = 2000


@transaction.atomic
def search_terms_refresh(account_pks: Iterable[int]) -> None:  # house: service-signature - derived data, no act
    """Write the search terms of these clients and of their people anew, inside the transaction that changed them."""
    keys = list(account_pks)
    SearchTerm.objects.for_system().filter(account__in=keys).delete()
    rows = _rows(keys)
    while block := list(islice(rows, BATCH)):
        SearchTerm.objects.bulk_create(block)


def _rows(keys: list[int]) -> Iterator[SearchTerm]:
    accounts = Account.objects.for_system().filter(pk__in=keys)
    for pk, name, short_name, *codes in accounts.values_list("pk", "name", "short_name", "number", "credit_code"):
        for term in sorted(search_terms(name, short_name, codes)):
            yield SearchTerm(account_id=pk, term=term)
    people = Contact.objects.for_system().filter(account__in=keys)
    for pk, account_pk, name, *phones in people.values_list("pk", "account", "name", "mobile", "landline"):
        for term in sorted(search_terms(name, phones=filter(None, phones))):
            yield SearchTerm(account_id=account_pk, contact_id=pk, term=term)
