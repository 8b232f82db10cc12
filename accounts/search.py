"""Keeps the search index of clients and their people, and answers what people type."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from accounts.models import Account, Contact, SearchTerm
from kam.core.pinyin import search_terms

BATCH = 2000


@transaction.atomic
def search_terms_refresh(account_pks: Iterable[int]) -> None:
    """Write the search terms of these clients and of their people anew."""
    keys = list(account_pks)
    SearchTerm.objects.for_system().filter(account__in=keys).delete()
    rows = _rows(keys)
    while block := list(islice(rows, BATCH)):
        SearchTerm.objects.bulk_create(block)


def terms_of_account(account: Account) -> set[str]:
    """Every beginning under which the client itself is found."""
    return search_terms(account.name, account.short_name, [account.number, account.credit_code], [])


def terms_of_contact(contact: Contact) -> set[str]:
    """Every beginning under which a person at a client is found."""
    phones = [phone for phone in (contact.mobile, contact.landline) if phone]
    return search_terms(contact.name, "", [], phones)


def _rows(account_pks: list[int]) -> Iterator[SearchTerm]:
    for account in Account.objects.for_system().filter(pk__in=account_pks):
        for term in sorted(terms_of_account(account)):
            yield SearchTerm(account=account, term=term)
    for contact in Contact.objects.for_system().filter(account__in=account_pks):
        for term in sorted(terms_of_contact(contact)):
            yield SearchTerm(account_id=contact.account_id, contact=contact, term=term)
