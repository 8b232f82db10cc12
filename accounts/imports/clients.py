"""Judges the rows of a client register (domain rules §2, "Imported rows")."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.imports.asking import FIELDS, asks_the_same
from accounts.imports.file_clients import FileClient, file_clients
from accounts.imports.people import Managers
from accounts.imports.reading import read_code, read_limit, show_bank, show_money, show_term
from accounts.imports.stored_cells import client_cells
from accounts.imports.stored_clients import ONLY_SEEN, StoredClients
from accounts.models import Account
from accounts.rules.banking import read_bank_account
from accounts.rules.names import company_name_key
from accounts.rules.synonyms import read_account_kind, read_grade
from accounts.rules.terms import PaymentTerm, read_term
from kam.core.editing import shown
from kam.core.imports.cells import CellReader, cell_text, plain_text
from kam.core.imports.plan import (
    Candidate,
    Change,
    Choice,
    ImportContext,
    Outcome,
    PlannedRow,
    RawRow,
    SheetFrame,
    stays_out,
)
from kam.core.plain import clean_text
from kam.core.words import listed
from kam.people.choices import Role

TEXTS = ("short_name", "province", "city", "county", "industry", "source", "website", "note")
COMPARED = ("name", "kind", "credit_code", *TEXTS)
"""Fields that an import changes on an existing client."""
WITH_APPROVAL = ("credit_limit", "term", "grade", "owner")
"""What an import sets when it opens a client, and only asks for on an existing one."""
FIELDS_OF = {"owner": ("owner", "owner_name"), "term": ("term_kind", "term_days"), "bank": ("bank_name", "bank_number")}
"""What is understood of a cell, where it goes by other names than the column."""
ADDRESS_LENGTH = 200


class ClientJudge:
    """Reads, recognises and compares the clients of one sheet."""

    def __init__(self, context: ImportContext, frame: SheetFrame) -> None:
        self.context, self.frame = context, frame
        self.managers = Managers(context)
        self.in_file = file_clients(context)
        self.stored = StoredClients(context.actor)

    def judge(self, block: list[RawRow]) -> Iterable[PlannedRow]:
        """Each row of the block, in its order."""
        readers = [self._read(raw) for raw in block]
        chosen = [said.target for reader in readers if (said := reader.planned.decision) and said.target]
        self.stored.load([reader.planned.data for reader in readers], chosen)
        for reader in readers:
            self._place(reader)
            yield reader.planned

    def _read(self, raw: RawRow) -> CellReader:
        """What the cells say, each for itself."""
        planned = PlannedRow(self.frame.name, "accounts.account", raw.number)
        planned.decision = self.context.said_of(self.frame.name, raw.number)
        cells = CellReader(planned, raw, self.frame)
        data = planned.data
        for key in ("name", *TEXTS):
            if cells.has(key) and (text := clean_text(cells.text(key, _longest(key)))):
                data[key] = text
        planned.title = planned.client = data.get("name", "")
        if number := cells.read("number", plain_text):
            if len(number) > _longest("number"):
                cells.text("number", _longest("number"))
            else:
                data["number"] = number
        self._read_lists(cells)
        self._read_terms(cells)
        return cells

    def _read_lists(self, cells: CellReader) -> None:
        data = cells.planned.data
        if kind := cells.read("kind", lambda value: read_account_kind(str(value)), lambda kind: str(kind.label)):
            data["kind"] = kind.value
        if code := cells.read("credit_code", read_code, str):
            data["credit_code"] = code
        if grade := cells.read("grade", lambda value: read_grade(str(value)), lambda grade: grade.value):
            data["grade"] = grade.value
        owner = cells.read("owner", self.managers.read, str)
        if owner is None and (name := cells.value("owner")) is not None:
            data["owner_name"] = cell_text(name)
        if owner is not None:
            data["owner"] = owner.pk

    def _read_terms(self, cells: CellReader) -> None:
        data = cells.planned.data
        factor = self.frame.factors.get("credit_limit")
        plain_number = factor is None and not isinstance(cells.value("credit_limit"), str)
        limit = cells.read("credit_limit", read_limit(factor), None if plain_number else show_money)
        if limit is not None:
            data["credit_limit"] = str(limit)
        if term := cells.read("term", read_term, show_term):
            data["term_kind"], data["term_days"] = term.kind, term.days
        if bank := cells.read("bank", read_bank_account, show_bank):
            data["bank_name"], data["bank_number"] = bank
            if not bank.bank_name:
                cells.warn("bank", _("The bank is not named."), _("Write the bank before the number."))
        if address := clean_text(cells.text("address", ADDRESS_LENGTH)):
            data["address"] = address

    def _place(self, cells: CellReader) -> None:
        """What the row comes to, once the file and the stored clients are known."""
        planned, data = cells.planned, cells.planned.data
        identity = (data.get("name", ""), data.get("number", ""), data.get("credit_code", ""))
        same, holder = self.in_file.earlier(*identity)
        target = self._recognise(cells)
        if target is not None:
            same = same or self.in_file.by_target.get(target.pk)
            self._settle(cells, target)
        self._need(cells, target)
        if holder is not None and same is None:
            cells.refuse(
                "number",
                format_lazy(_("Row {row} has this number already, for another client."), row=holder.row),
                _("Each client has a number of its own; leave the cell empty to get the next one."),
            )
        if planned.errors:
            planned.outcome = Outcome.ERROR
        elif same is not None:
            planned.outcome, planned.waits_for = Outcome.DUPLICATE, (same.sheet, same.row)
        elif target is not None:
            self._compare(cells, target)
        if planned.outcome is Outcome.NEW or planned.decision is not None:
            self._look_for_similar(cells)
        if stays_out(planned):
            planned.outcome = Outcome.LEFT_OUT
        if same is None:
            key = company_name_key(identity[0])
            found = FileClient(self.frame.name, planned.row, key, identity[1], identity[2], planned.outcome)
            found.target = target.pk if target else None
            self.in_file.add(found)

    def _settle(self, cells: CellReader, account: Account) -> None:
        """Pass over the cells that say what the dossier says: a manager who has left is still the client's manager."""
        stored = {key: {cell_text(value)} for key, value in client_cells(account).items() if value != ""}
        stored |= {"bank": self.stored.bank_cells[account.pk], "address": self.stored.addresses[account.pk]}
        for key, texts in stored.items():
            if key not in ("name", "number") and cells.agrees(key, texts):
                for field in FIELDS_OF.get(key, (key,)):
                    cells.planned.data.pop(field, None)

    def _recognise(self, cells: CellReader) -> Account | None:
        """The stored client that the row is about; a contradiction and a client out of reach are wrong cells."""
        decision = cells.planned.decision
        found = self.stored.recognise(cells.planned.data)
        if found.account is None and found.contradiction is None and decision and decision.target:
            chosen = self.stored.by_pk.get(decision.target)
            if chosen is None or chosen.pk not in self.stored.changeable:
                cells.refuse("name", _("The client that was chosen is gone, or out of reach."), _("Decide again."))
                return None
            return chosen
        if found.contradiction:
            cells.refuse(
                "number",
                format_lazy(
                    _("Number {number} belongs to {name}."),
                    number=found.contradiction.number,
                    name=found.contradiction.name,
                ),
                _("Correct the number, or leave the cell empty."),
            )
            return None
        if found.account is not None and not found.may_change and found.account.pk not in self.stored.visible:
            cells.refuse(
                "name", _("This client is already kept by a colleague. Ask the clerk."), _("Leave the row out.")
            )
            return None
        return found.account

    def _need(self, cells: CellReader, target: Account | None) -> None:
        """Cells that may not be empty."""
        if not cells.has("name"):
            cells.refuse("name", _("The name is missing."), _("Write the client's full name."))
        if not cells.has("kind") and target is None:
            cells.refuse(
                "kind", _("The kind is missing."), _("Write 联盟商户, 企业, 职能部门, 连锁卖场 or 学校图书馆.")
            )
        if not cells.has("owner") and (target is None or target.owner_id):
            cells.refuse("owner", _("The account manager is missing."), _("Write the full name of an account manager."))
        actor, owner = self.context.actor, cells.planned.data.get("owner")
        if target is None and owner and actor and actor.role == Role.MANAGER and owner != actor.pk:
            cells.refuse(
                "owner",
                _("You open clients in your own name only."),
                _("Ask the clerk to import clients of your colleagues."),
            )

    def _compare(self, cells: CellReader, account: Account) -> None:
        """What the row would change on the stored client, and what it could only ask for."""
        planned, data = cells.planned, cells.planned.data
        planned.target, planned.version = account.pk, account.version
        if data.get("number", account.number) != account.number:
            cells.warn("number", format_lazy(_("The client keeps its number {number}."), number=account.number))
        for name in self._compared(cells, account):
            if name in data and data[name] != getattr(account, name):
                planned.changes.append(_change(account, name, getattr(account, name), data[name]))
        if "address" in data and data["address"] not in self.stored.addresses[account.pk]:
            planned.changes.append(Change("address", _("address"), "", data["address"]))
        if "bank_number" in data and data["bank_number"] not in self.stored.banks[account.pk]:
            planned.changes.append(Change("bank", _("bank account"), "", data["bank_number"]))
        planned.needs_approval = self._to_ask(cells, account)
        if any(change.field == "name" for change in planned.changes):
            cells.warn("name", format_lazy(_("This renames {name}."), name=account.name))
        planned.outcome = Outcome.CHANGED if planned.changes or planned.needs_approval else Outcome.UNCHANGED
        if planned.outcome is Outcome.CHANGED and account.pk not in self.stored.changeable:
            cells.refuse("name", ONLY_SEEN, _("Leave the row out."))
            planned.outcome = Outcome.ERROR

    def _compared(self, cells: CellReader, account: Account) -> Iterable[str]:
        """What the row may change. Who said that it is this client did not say that its name or code is wrong."""
        if cells.planned.decision is None or cells.planned.decision.choice is not Choice.SAME:
            return COMPARED
        data = cells.planned.data
        if data.get("name", account.name) != account.name:
            cells.warn("name", format_lazy(_("The client keeps its name {name}."), name=account.name))
        if account.credit_code and data.get("credit_code", account.credit_code) != account.credit_code:
            cells.warn("credit_code", format_lazy(_("The client keeps its code {code}."), code=account.credit_code))
        return [name for name in COMPARED if name not in ("name", "credit_code") or not getattr(account, name)]

    def _to_ask(self, cells: CellReader, account: Account) -> list[Change]:
        """The differences to put up for approval; on a matter that waits for a decision already nothing is asked."""
        found = list(self._asked(account, cells.planned.data))
        for kind, fields in FIELDS.items():
            request = self.stored.waiting.get((account.pk, kind))
            asked = [change for change in found if change.field in fields]
            if request is None or not asked:
                continue
            text = _("{number} asks for this already.")
            if not asks_the_same(request, account, cells.planned.data):
                text = _("{number} on the same matter is not finished yet: this is not asked for.")
            cells.warn(asked[0].field, format_lazy(text, number=request.number))
            found = [change for change in found if change not in asked]
        return found

    def _asked(self, account: Account, data: dict[str, Any]) -> Iterable[Change]:
        """Differences that need an approval."""
        if "credit_limit" in data and data["credit_limit"] != str(account.credit_limit):
            limits = (show_money(account.credit_limit), show_money(Decimal(data["credit_limit"])))
            yield Change("credit_limit", _("credit limit"), *limits)
        if "term_kind" in data and (data["term_kind"], data["term_days"]) != (account.term_kind, account.term_days):
            before = PaymentTerm(account.term_kind, account.term_days)  # type: ignore[arg-type]
            after = PaymentTerm(data["term_kind"], data["term_days"])
            yield Change("term", _("payment term"), show_term(before), show_term(after))
        if "grade" in data and data["grade"] != account.grade:
            yield _change(account, "grade", account.grade, data["grade"])
        if "owner" in data and data["owner"] != account.owner_id:
            yield _change(account, "owner", account.owner, self.managers.by_pk[data["owner"]])

    def _look_for_similar(self, cells: CellReader) -> None:
        """Stored clients that may be the same one: a person decides; until then the row is new, with a doubt."""
        planned = cells.planned
        alike = self.stored.similar(planned.data)
        planned.similar = [Candidate(one.pk, str(one)) for one in alike]
        if alike and planned.decision is None:
            cells.warn(
                "name",
                format_lazy(_("Similar clients exist: {names}."), names=listed(alike)),
                _("If it is one of them, write its number into the row."),
            )


def _longest(name: str) -> int:
    model_field: Any = Account._meta.get_field(name)
    return int(model_field.max_length)


def _change(account: Account, name: str, before: Any, after: Any) -> Change:
    model_field: Any = account._meta.get_field(name)
    return Change(name, model_field.verbose_name, shown(model_field, before), shown(model_field, after))
