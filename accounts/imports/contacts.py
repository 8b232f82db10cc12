"""Judges the rows of a contact register (domain rules §1 and §2)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.imports.file_clients import FileClient, file_clients
from accounts.imports.reading import show_birthday
from accounts.imports.stored_cells import contact_cells
from accounts.imports.stored_clients import ONLY_SEEN, StoredClients
from accounts.models import Account, Contact
from accounts.rules.birthdays import Birthday, CalendarContradiction, read_birthday, read_calendar
from accounts.rules.likeness import is_same_contact
from accounts.rules.phones import format_phone, read_mobile, read_phone
from accounts.rules.synonyms import read_gender
from kam.core.editing import shown
from kam.core.imports.cells import CellReader, cell_text, plain_text
from kam.core.imports.plan import Candidate, Change, ImportContext, Outcome, PlannedRow, RawRow, SheetFrame, stays_out
from kam.core.plain import clean_text
from kam.core.readers import read_email

TEXTS = ("unit_name", "post", "wechat", "preferences", "note")
CHINESE_MOBILE = "+861"
_WORDS_OF_CALENDARS = {"lunar": "农历", "solar": "公历"}
BIRTHDAY = ("birthday_calendar", "birthday_year", "birthday_month", "birthday_day", "birthday_leap")
Twin = tuple[str, str, int]
"""Name, mobile and row of a contact earlier in the file."""


class ContactJudge:
    """Reads, recognises and compares the people of one sheet."""

    def __init__(self, context: ImportContext, frame: SheetFrame) -> None:
        self.context, self.frame = context, frame
        self.in_file = file_clients(context)
        self.stored = StoredClients(context.actor)
        self.people: dict[int, list[Contact]] = {}
        self.elsewhere: dict[str, Contact] = {}
        """People of clients in sight by the mobiles that the block names."""
        seen: Any = context.shared.setdefault("accounts.file_contacts", defaultdict(list))
        self.seen: dict[object, list[tuple[str, Twin]]] = seen

    def judge(self, block: list[RawRow]) -> Iterable[PlannedRow]:
        """Each row of the block, in its order."""
        readers = [self._read(raw) for raw in block]
        clients = [
            (reader.planned.data.get("account_name", ""), reader.planned.data.get("account_number", ""))
            for reader in readers
        ]
        asked = [
            {key: value for key, value in (("name", name), ("number", number)) if value} for name, number in clients
        ]
        targets = {row.target for name, number in clients for row in self.in_file.named(name, number) if row.target}
        self.stored.load(asked, targets)
        self._load_people({mobile for reader in readers if (mobile := reader.planned.data.get("mobile"))})
        for reader in readers:
            self._place(reader)
            yield reader.planned

    def _load_people(self, mobiles: set[str]) -> None:
        everybody = (
            Contact.objects.for_system()
            if self.context.actor is None
            else Contact.objects.visible_to(self.context.actor)
        )
        named = everybody.filter(mobile__in=mobiles, left_on__isnull=True).select_related("account")
        self.elsewhere = {person.mobile: person for person in named}
        self.people = defaultdict(list)
        people = Contact.objects.for_system().filter(account__in=list(self.stored.by_pk))
        for contact in people.select_related("account"):
            self.people[contact.account_id].append(contact)

    def _read(self, raw: RawRow) -> CellReader:
        """What the cells say, each for itself."""
        planned = PlannedRow(self.frame.name, "accounts.contact", raw.number)
        planned.decision = self.context.said_of(self.frame.name, raw.number)
        cells = CellReader(planned, raw, self.frame)
        data = planned.data
        if account := clean_text(cells.text("account", 120)):
            data["account_name"] = account
        planned.client = account
        if number := cells.read("number", plain_text):
            data["account_number"] = number
        for key in ("name", *TEXTS):
            if text := clean_text(cells.text(key, _longest(key))):
                data[key] = text
        planned.title = data.get("name", "")
        if gender := cells.read("gender", lambda value: read_gender(str(value)), lambda gender: str(gender.label)):
            data["gender"] = gender.value
        if email := cells.read("email", lambda value: read_email(str(value))):
            data["email"] = email
        self._read_phones(cells)
        self._read_birthday(cells)
        return cells

    def _read_phones(self, cells: CellReader) -> None:
        data = cells.planned.data
        if mobile := cells.read("mobile", read_mobile, _dialled):
            data["mobile"] = mobile
        if landline := cells.read("landline", read_phone, format_phone):
            data["landline"] = landline
        if phone := cells.read("phone", read_phone, format_phone):
            data.setdefault("mobile" if phone.startswith(CHINESE_MOBILE) else "landline", phone)

    def _read_birthday(self, cells: CellReader) -> None:
        """The day and the calendar; a calendar that contradicts the words in the day's cell is wrong itself."""
        calendar = cells.read("calendar", lambda value: read_calendar(str(value)))

        def rule(value: Any) -> Birthday | None:
            try:
                return read_birthday(value, calendar and _WORDS_OF_CALENDARS[calendar], self.frame.date_1904)
            except CalendarContradiction as error:
                if calendar is None:
                    raise
                cells.refuse("calendar", error.reason, error.right)
                return None

        if birthday := cells.read("birthday", rule, lambda found: show_birthday(found) if found else ""):
            cells.planned.data |= {
                "birthday_calendar": birthday.calendar,
                "birthday_year": birthday.year,
                "birthday_month": birthday.month,
                "birthday_day": birthday.day,
                "birthday_leap": birthday.leap,
            }

    def _place(self, cells: CellReader) -> None:
        """What the row comes to, once its client is known."""
        planned, data = cells.planned, cells.planned.data
        if not cells.has("name"):
            cells.refuse("name", _("The name is missing."), _("Write the person's name."))
        client, account = self._client(cells)
        place = account.pk if account else (client.sheet, client.row) if client else None
        earlier = self._earlier(place, data)
        twin = (data.get("name", ""), data.get("mobile", ""), planned.row)
        contact = self._settled(cells, account) if account and "name" in data else None
        if planned.errors:
            planned.outcome = Outcome.ERROR
        elif earlier is not None:
            planned.outcome, planned.waits_for = Outcome.DUPLICATE, earlier
        elif client is not None and account is None and client.outcome in (Outcome.ERROR, Outcome.LEFT_OUT):
            planned.outcome, planned.waits_for = Outcome.BLOCKED, (client.sheet, client.row)
        elif account is not None:
            data["account"] = account.pk
            self._compare(cells, account, contact)
            self._must_be_changeable(cells, account)
        elif client is not None:
            planned.waits_for = (client.sheet, client.row)
        self._tell_of_mobile(cells, account)
        if stays_out(planned):
            planned.outcome = Outcome.LEFT_OUT
        if earlier is None and place is not None and twin[0]:
            self.seen[place].append((self.frame.name, twin))

    def _client(self, cells: CellReader) -> tuple[FileClient | None, Account | None]:
        """The client of the row: in the file, among the stored ones, or nowhere, which is a wrong cell."""
        data = cells.planned.data
        name, number = data.get("account_name", ""), data.get("account_number", "")
        key = "account" if cells.has("account") or not number else "number"
        if not name and not number:
            if not {"account", "number"} & cells.wrong:
                cells.refuse("account", _("The client is missing."), _("Write the client's name as in its own row."))
            return None, None
        in_file = self.in_file.named(name, number)
        stored = self._stored(name, number)
        if len({row.row for row in in_file}) > 1 or len(stored) > 1:
            cells.refuse(
                key, _("Several clients have this name."), _("Add a column 客户编号 with the client's number.")
            )
            return None, None
        if in_file and in_file[0].target:
            return in_file[0], self.stored.by_pk[in_file[0].target]
        if stored:
            return None, stored[0]
        if in_file:
            return in_file[0], None
        cells.refuse(
            key,
            _("There is no such client, neither in the dossiers nor in this file."),
            _("Write the name exactly as in the client's row, or add the client."),
        )
        return None, None

    def _stored(self, name: str, number: str) -> list[Account]:
        if number:
            rows = [self.stored.by_number[number]] if number in self.stored.by_number else []
        else:
            rows = self.stored.named(name)
        return [row for row in rows if row.pk in self.stored.visible]

    def _earlier(self, place: object, data: dict[str, Any]) -> tuple[str, int] | None:
        """The row of the same person further up in the file."""
        for sheet, (name, mobile, row) in self.seen.get(place, []) if place is not None else []:
            if "name" in data and is_same_contact(name, mobile, data["name"], data.get("mobile", "")):
                return sheet, row
        return None

    def _settled(self, cells: CellReader, account: Account) -> Contact | None:
        """The stored person of the row, cells that say what the dossier says passed over."""
        contact = self._known(account, cells.planned)
        if contact is None:
            return None
        stored = {key: {cell_text(value)} for key, value in contact_cells(contact).items() if value}
        for key in ("gender", "mobile", "landline", "email", *TEXTS):
            if cells.agrees(key, stored.get(key, ())):
                cells.planned.data.pop(key, None)
        same_calendar = not cells.has("calendar") or cells.agrees("calendar", stored.get("calendar", ()))
        if same_calendar and cells.agrees("birthday", stored.get("birthday", ())):
            for name in BIRTHDAY:
                cells.planned.data.pop(name, None)
        return contact

    def _compare(self, cells: CellReader, account: Account, contact: Contact | None) -> None:
        """Whether the person is in the dossier already, and what the row would change."""
        planned, data = cells.planned, cells.planned.data
        namesakes = [person for person in self.people[account.pk] if person.name == data["name"]]
        if contact is None or planned.decision:
            planned.similar = [
                Candidate(one.pk, f"{one.name} {format_phone(one.mobile) if one.mobile else ''}") for one in namesakes
            ]
        if contact is None:
            if namesakes and planned.decision is None:
                cells.warn("name", _("Another person of this name, with another mobile, is in the dossier."))
            return
        planned.target, planned.version = contact.pk, contact.version
        for name in ("name", "gender", "mobile", "landline", "email", *TEXTS):
            if name in data and data[name] != getattr(contact, name):
                planned.changes.append(_change(contact, name, data[name]))
        if "birthday_day" in data and any(data[name] != getattr(contact, name) for name in BIRTHDAY):
            planned.changes.append(Change("birthday", _("birthday"), _birthday_words(contact), _words_of(data)))
        planned.outcome = Outcome.CHANGED if planned.changes else Outcome.UNCHANGED

    def _tell_of_mobile(self, cells: CellReader, account: Account | None) -> None:
        """Somebody at another client has the same mobile: the two clients may be one, or the person has moved."""
        other = self.elsewhere.get(cells.planned.data.get("mobile", ""))
        if (
            cells.planned.outcome is Outcome.NEW
            and other is not None
            and other.account_id != getattr(account, "pk", None)
        ):
            text = _("{name} at {client} has this mobile already.")
            cells.warn("mobile", format_lazy(text, name=other.name, client=other.account.name))

    def _must_be_changeable(self, cells: CellReader, account: Account) -> None:
        """A client that may only be seen takes no new people and no changes."""
        if cells.planned.outcome is not Outcome.UNCHANGED and account.pk not in self.stored.changeable:
            cells.refuse("account" if cells.has("account") else "number", ONLY_SEEN, _("Leave the row out."))
            cells.planned.outcome = Outcome.ERROR

    def _known(self, account: Account, planned: PlannedRow) -> Contact | None:
        """The stored person whom the row is about, by the rule or by somebody's word."""
        data, said = planned.data, planned.decision
        if said is not None and said.target:
            return next((person for person in self.people[account.pk] if person.pk == said.target), None)
        same = [
            person
            for person in self.people[account.pk]
            if is_same_contact(person.name, person.mobile, data["name"], data.get("mobile", ""))
        ]
        exact = [person for person in same if person.mobile and person.mobile == data.get("mobile")]
        return next(iter(exact or same), None)


def _dialled(number: str) -> str:
    return format_phone(number).replace(" ", "")


def _longest(name: str) -> int:
    model_field: Any = Contact._meta.get_field(name)
    return int(model_field.max_length)


def _change(contact: Contact, name: str, after: Any) -> Change:
    model_field: Any = contact._meta.get_field(name)
    if name in ("mobile", "landline"):
        before = getattr(contact, name)
        return Change(name, model_field.verbose_name, format_phone(before) if before else "", format_phone(after))
    return Change(name, model_field.verbose_name, shown(model_field, getattr(contact, name)), shown(model_field, after))


def _words_of(data: dict[str, Any]) -> str:
    return show_birthday(
        Birthday(
            data["birthday_calendar"],
            data["birthday_month"],
            data["birthday_day"],
            data["birthday_leap"],
            data["birthday_year"],
        )
    )


def _birthday_words(contact: Contact) -> str:
    if not contact.birthday_day:
        return "–"
    return _words_of({name: getattr(contact, name) for name in BIRTHDAY})
