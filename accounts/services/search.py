"""Keeps the search index of clients and their people."""

from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from accounts.models import Account, Contact, SearchTerm
from kam.core.pinyin import search_terms

BLOCK = 500
"""Clients whose terms are written at once: some 45,000 rows."""

INSERT = "INSERT INTO accounts_searchterm (account_id, contact_id, term) VALUES (%s, %s, %s)"

Row = tuple[int, int | None, str]
"""Client, person or None, term."""


@transaction.atomic
def search_terms_refresh(account_pks: Iterable[int]) -> None:  # house: service-signature - derived data, no act
    """Write the search terms of these clients and of their people anew, inside the transaction that changed them."""
    keys = list(account_pks)
    for start in range(0, len(keys), BLOCK):
        block = keys[start : start + BLOCK]
        SearchTerm.objects.for_system().filter(account__in=block).delete()
        _insert(list(_rows(block)))


def search_terms_add(contacts: Iterable[Contact]) -> None:
    """Write the search terms of new people, inside the transaction that created them; others' terms stay."""
    _insert(
        [
            (row.account_id, row.pk, term)
            for row in contacts
            for term in sorted(search_terms(row.name, phones=filter(None, (row.mobile, row.landline))))
        ]
    )


def _insert(rows: list[Row]) -> None:
    """By COPY where the database has it, else by one prepared statement: there are a hundred rows for each client."""
    if connection.vendor == "postgresql":
        command = f"COPY {SearchTerm._meta.db_table} (account_id, contact_id, term) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
    else:
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, rows)


def _rows(keys: list[int]) -> Iterator[Row]:
    accounts = Account.objects.for_system().filter(pk__in=keys)
    for pk, name, short_name, *codes in accounts.values_list("pk", "name", "short_name", "number", "credit_code"):
        for term in sorted(search_terms(name, short_name, codes)):
            yield pk, None, term
    people = Contact.objects.for_system().filter(account__in=keys)
    for pk, account_pk, name, *phones in people.values_list("pk", "account", "name", "mobile", "landline"):
        for term in sorted(search_terms(name, phones=filter(None, phones))):
            yield account_pk, pk, term
