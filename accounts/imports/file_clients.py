"""The clients that a file names, so that a second occurrence is known and contacts find their client."""

from dataclasses import dataclass, field
from typing import Any

from accounts.rules.names import company_name_key
from kam.core.imports.plan import ImportContext, Outcome

SHARED = "accounts.file_clients"


@dataclass
class FileClient:
    """One row of a client register, first of its kind in the file."""

    sheet: str
    row: int
    name_key: str
    number: str
    credit_code: str
    outcome: Outcome = Outcome.NEW
    target: int | None = None


@dataclass
class FileClients:
    """All clients of the file by number, code and name, and by the stored clients that they are."""

    by_number: dict[str, FileClient] = field(default_factory=dict)
    by_code: dict[str, FileClient] = field(default_factory=dict)
    by_name: dict[str, list[FileClient]] = field(default_factory=dict)
    by_target: dict[int, FileClient] = field(default_factory=dict)

    def add(self, client: FileClient) -> None:
        """Remember a first occurrence."""
        if client.number:
            self.by_number.setdefault(client.number, client)
        if client.credit_code:
            self.by_code.setdefault(client.credit_code, client)
        if client.name_key:
            self.by_name.setdefault(client.name_key, []).append(client)
        if client.target:
            self.by_target.setdefault(client.target, client)

    def earlier(self, name: str, number: str, credit_code: str) -> tuple[FileClient | None, FileClient | None]:
        """The row that is this very client, and the row of another client that has taken its number."""
        key = company_name_key(name)
        if credit_code and (same := self.by_code.get(credit_code)):
            return same, None
        for namesake in self.by_name.get(key, []) if key else []:
            if not (credit_code and namesake.credit_code and credit_code != namesake.credit_code):
                return namesake, None
        holder = self.by_number.get(number) if number else None
        return (None, holder) if key or holder is None else (holder, None)

    def named(self, name: str, number: str) -> list[FileClient]:
        """The clients that a contact's row may mean."""
        if number:
            found = self.by_number.get(number)
            return [found] if found else []
        return self.by_name.get(company_name_key(name), [])


def file_clients(context: ImportContext) -> FileClients:
    """The clients of the file that is being judged."""
    kept: Any = context.shared.setdefault(SHARED, FileClients())
    found: FileClients = kept
    return found
