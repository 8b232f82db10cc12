"""The stored clients that the rows of a block may be about, read block by block."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.imports.asking import waiting_requests
from accounts.imports.stored_cells import bank_cell
from accounts.models import Account, Address, BankAccount
from accounts.rules.names import company_name_key, name_without_places
from kam.approvals.models import Request
from kam.people.models import Member

SIMILAR_SHOWN = 5
ONLY_SEEN = _("You may see this client but not change it. Ask the account manager.")


class Known(NamedTuple):
    """A stored client as a person is shown it."""

    pk: int
    number: str
    name: str

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@dataclass(frozen=True)
class Recognised:
    """The client that a row is about; or the client whose number the row carries while it speaks of another."""

    account: Account | None = None
    contradiction: Account | None = None
    may_change: bool = True


class StoredClients:
    """Finds clients by number, code and name; what `actor` may not see is never named."""

    def __init__(self, actor: Member | None) -> None:
        self.actor = actor
        self.by_pk: dict[int, Account] = {}
        self.by_number: dict[str, Account] = {}
        self.by_code: dict[str, Account] = {}
        self.by_name: dict[str, list[Account]] = {}
        self.changeable: set[int] = set()
        self.visible: set[int] = set()
        self.addresses: dict[int, set[str]] = defaultdict(set)
        self.banks: dict[int, set[str]] = defaultdict(set)
        self.bank_cells: dict[int, set[str]] = defaultdict(set)
        self.holders: dict[str, set[int]] = defaultdict(set)
        self.waiting: dict[tuple[int, str], Request] = {}
        self.by_stem: dict[str, list[Known]] = {}

    def load(self, rows: Iterable[dict[str, Any]], chosen: Iterable[int] = ()) -> None:
        """Read what the rows of a block may be about, and the clients `chosen` by key; earlier blocks are forgotten."""
        data = list(rows)
        numbers = {row["number"] for row in data if "number" in row}
        codes = {row["credit_code"] for row in data if "credit_code" in row}
        keys = {company_name_key(row["name"]) for row in data if "name" in row}
        alike = Q(number__in=numbers) | Q(credit_code__in=codes) | Q(name_key__in=keys) | Q(pk__in=list(chosen))
        accounts = list(Account.objects.for_system().filter(alike).select_related("owner"))
        self.by_pk = {account.pk: account for account in accounts}
        self.by_number = {account.number: account for account in accounts}
        self.by_code = {account.credit_code: account for account in accounts if account.credit_code}
        self.by_name = defaultdict(list)
        for account in accounts:
            self.by_name[account.name_key].append(account)
        self._load_stems({name_without_places(row["name"]) for row in data if "name" in row} - {""})
        self._load_parts(accounts, {row["bank_number"] for row in data if "bank_number" in row})

    def _load_stems(self, stems: set[str]) -> None:
        """The visible clients whose names without places are those of the block."""
        rows = Account.objects.for_system() if self.actor is None else Account.objects.visible_to(self.actor)
        self.by_stem = defaultdict(list)
        for pk, number, name, stem in rows.filter(name_stem__in=stems).values_list("pk", "number", "name", "name_stem"):
            self.by_stem[stem].append(Known(pk, number, name))

    def _load_parts(self, accounts: list[Account], bank_numbers: set[str]) -> None:
        pks = [account.pk for account in accounts]
        found = set(pks)
        self.changeable = self.visible = found
        if self.actor is not None:
            self.changeable, self.visible = (
                set(Account.objects.visible_to(self.actor, action).filter(pk__in=pks).values_list("pk", flat=True))
                for action in ("change", "view")
            )
        self.addresses, self.banks, self.holders = defaultdict(set), defaultdict(set), defaultdict(set)
        for pk, line in Address.objects.for_system().filter(account__in=pks).values_list("account_id", "line"):
            self.addresses[pk].add(line)
        parts = BankAccount.objects.for_system().filter(Q(account__in=pks) | Q(account_number__in=bank_numbers))
        self.bank_cells = defaultdict(set)
        for pk, name, number in parts.values_list("account_id", "bank_name", "account_number"):
            self.banks[pk].add(number)
            self.bank_cells[pk].add(bank_cell(name, number))
            self.holders[number].add(pk)
        self.waiting = waiting_requests(pks)

    def recognise(self, row: dict[str, Any]) -> Recognised:
        """Equal code, else equal name unless two codes tell them apart, else equal number."""
        code, number = row.get("credit_code", ""), row.get("number", "")
        numbered = self.by_number.get(number)
        by_identity = self.by_code.get(code) or self._namesake(row)
        if by_identity is not None:
            other = numbered is not None and numbered.pk != by_identity.pk
            return self._named(contradiction=numbered) if other else self._named(account=by_identity)
        if numbered is None:
            return Recognised()
        if code and numbered.credit_code and "name" in row:
            if company_name_key(row["name"]) != numbered.name_key and code != numbered.credit_code:
                return self._named(contradiction=numbered)
        return self._named(account=numbered)

    def _namesake(self, row: dict[str, Any]) -> Account | None:
        code, number = row.get("credit_code", ""), row.get("number", "")
        namesakes = self.by_name.get(company_name_key(row["name"]), []) if "name" in row else []
        fitting = [one for one in namesakes if not (code and one.credit_code and code != one.credit_code)]
        numbered = [one for one in fitting if one.number == number]
        return next(iter(numbered or fitting), None)

    def _named(self, *, account: Account | None = None, contradiction: Account | None = None) -> Recognised:
        if contradiction is not None and contradiction.pk not in self.changeable:
            return Recognised(account=contradiction, may_change=False)
        return Recognised(account, contradiction, account is None or account.pk in self.changeable)

    def named(self, name: str) -> list[Account]:
        """Stored clients of this name."""
        return self.by_name.get(company_name_key(name), [])

    def similar(self, row: dict[str, Any]) -> list[Known]:
        """Visible clients named alike but for the place or the code, or of the same bank account."""
        if "name" not in row:
            return []
        key = company_name_key(row["name"])
        stem = name_without_places(row["name"])
        namesakes = [one for one in self.by_name.get(key, []) if one.pk in self.changeable]
        others = [Known(one.pk, one.number, one.name) for one in (*namesakes, *self._sharing_a_bank(row))]
        return sorted({*self.by_stem.get(stem, []), *others})[:SIMILAR_SHOWN]

    def _sharing_a_bank(self, row: dict[str, Any]) -> Iterable[Account]:
        pks = self.holders.get(row.get("bank_number", ""), set())
        if not pks:
            return []
        rows = Account.objects.for_system() if self.actor is None else Account.objects.visible_to(self.actor)
        return rows.filter(pk__in=pks)
