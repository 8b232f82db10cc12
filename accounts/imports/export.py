"""Clients and their people in the layout of the template: exported, corrected in the spreadsheet, imported again."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from import_export.fields import Field
from import_export.resources import Resource

from accounts.choices import AddressKind
from accounts.imports.registers import CLIENTS, CONTACTS
from accounts.imports.stored_cells import client_cells, contact_cells
from accounts.imports.template import options_for
from accounts.models import Account, Address, BankAccount, Contact
from kam.core.lists.sheets import Sheet
from kam.core.workbooks.headers import Register
from kam.core.workbooks.writing import columns_of, write_registers
from kam.people.models import Member

BATCH = 1000
"""Rows read at a time."""


class RegisterResource(Resource):
    """The columns of a register, for export alone; lines are read while they are written."""

    register: Register

    def __init__(self, user: Member) -> None:
        super().__init__()
        self.user = user
        self.fields = {column.key: Field(column_name=column.title) for column in columns_of(self.register)}

    def cells(self, rows: list[Any]) -> Iterator[dict[str, Any]]:
        """The cells of some rows, by column key."""
        raise NotImplementedError

    def export(self, queryset: Any = None, **kwargs: Any) -> Sheet:
        """A sheet that reads its lines while it is written."""
        return Sheet(self.get_export_headers(), self._lines(queryset))

    def _lines(self, queryset: Any) -> Iterator[list[Any]]:
        source = queryset.iterator(chunk_size=BATCH)
        while chunk := list(islice(source, BATCH)):
            for cells in self.cells(chunk):
                yield [None if (value := cells.get(key)) == "" else value for key in self.fields]


class ClientResource(RegisterResource):
    """Clients with one address, the office before others, and one bank account, the one on invoices before others."""

    register = CLIENTS

    def cells(self, rows: list[Account]) -> Iterator[dict[str, Any]]:
        """The cells of some clients."""
        keys = [row.pk for row in rows]
        addresses: dict[int, Address] = {}
        for address in Address.objects.visible_to(self.user).filter(account__in=keys).order_by("pk"):
            held = addresses.get(address.account_id)
            if held is None or (held.kind != AddressKind.OFFICE and address.kind == AddressKind.OFFICE):
                addresses[address.account_id] = address
        banks: dict[int, BankAccount] = {}
        for bank in BankAccount.objects.visible_to(self.user).filter(account__in=keys).order_by("-is_default", "pk"):
            banks.setdefault(bank.account_id, bank)
        for row in rows:
            yield client_cells(row, addresses.get(row.pk), banks.get(row.pk))


class ContactResource(RegisterResource):
    """The people who are still there, each with the number and the name of the client."""

    register = CONTACTS

    def cells(self, rows: list[Contact]) -> Iterator[dict[str, Any]]:
        """The cells of some people."""
        return map(contact_cells, rows)


def write_export(target: BinaryIO, user: Member, managers: list[str]) -> int:
    """Write what the member may export; `managers` are the names offered. Returns how many rows were written."""
    clients = Account.objects.visible_to(user, "export").select_related("owner").order_by("number")
    people = Contact.objects.visible_to(user, "export").filter(left_on__isnull=True).select_related("account")
    sheets = (
        ClientResource(user).export(clients),
        ContactResource(user).export(people.order_by("account__number", "pk")),
    )
    write_registers(target, list(zip((CLIENTS, CONTACTS), sheets, strict=True)), options_for(managers))
    return sum(sheet.written for sheet in sheets)
