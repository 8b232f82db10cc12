"""The client list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy, pgettext_lazy

from accounts.choices import AccountKind, AccountStatus, TermKind
from accounts.filters import AccountFilter
from accounts.models import Account, Contact
from accounts.rules.birthdays import next_birthday
from accounts.search import matching
from accounts.selectors import BIRTHDAY_FIELDS, birthday_of
from kam.core.calendar import today
from kam.core.lists import cells
from kam.core.lists.actions import Action, BuiltInView
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.page import ListPage

STATUS_TONES = {
    AccountStatus.PROSPECT: "info",
    AccountStatus.ACTIVE: "ok",
    AccountStatus.PAUSED: "warn",
    AccountStatus.ENDED: "idle",
}


def account_url(row: Row) -> str:
    """The client's page."""
    return cells.row_url("accounts:account_detail", row["pk"])


def second_line(row: Row) -> str:
    """Number and kind."""
    return f"{row['number']} · {word(AccountKind, row['kind'])}"


def status(row: Row) -> Cell:
    """The state of the relation."""
    return cells.status(word(AccountStatus, row["status"]), STATUS_TONES.get(row["status"], "idle"))


def term(row: Row) -> str:
    """The payment term in words."""
    if row["term_kind"] == TermKind.DAYS:
        return _now("%(n)s days after receipt") % {"n": row["term_days"]}
    if row["term_kind"] == TermKind.MONTH_END:
        return _now("%(n)s days after the month's end") % {"n": row["term_days"]}
    return word(TermKind, row["term_kind"])


def territory(row: Row) -> str:
    """Province, city and county as one text; a municipality is named once."""
    return "".join(dict.fromkeys(part for part in (row["province"], row["city"], row["county"]) if part))


def contact_counts(user: Any, keys: Sequence[int]) -> Mapping[int, int]:
    """How many people of each client still work there."""
    people = Contact.objects.visible_to(user).filter(account__in=keys, left_on__isnull=True)
    return dict(people.order_by().values_list("account").annotate(Count("pk")))


def next_birthdays(user: Any, keys: Sequence[int]) -> Mapping[int, tuple[date, str]]:
    """The next birthday at each client, and whose it is."""
    people = Contact.objects.visible_to(user).filter(account__in=keys, left_on__isnull=True)
    on = today()
    found: dict[int, tuple[date, str]] = {}
    for account_pk, name, *columns in people.order_by().values_list("account", "name", *BIRTHDAY_FIELDS):
        if known := birthday_of(*columns):
            coming = (next_birthday(known, on), name)
            found[account_pk] = min(coming, found.get(account_pk, coming))
    return found


def birthday(row: Row) -> Cell:
    """The next birthday and whose it is."""
    day, name = row["birthday"] or (None, "")
    return {**cells.day(day), "sub": name}


class AccountList(ListPage):
    """Clients (客户): every one the member may see."""

    key = "accounts.account"
    model = Account
    title = _("Clients")
    unit = npgettext_lazy("counted", "client", "clients")
    filterset_class = AccountFilter
    default_sort = "client"
    search_hint = _("Name, pinyin, code, phone")
    empty_text = _("Clients appear here as soon as one is entered or assigned to you.")
    columns = (
        Column(
            "client",
            _("Client"),
            lambda row: cells.name(row["name"], account_url(row), second_line(row)),
            reads=("name", "number", "kind"),
            sort=("number",),
            fixed=True,
            sheet={
                _("Number"): lambda row: row["number"],
                _("Name"): lambda row: row["name"],
                _("Kind"): lambda row: word(AccountKind, row["kind"]),
            },
        ),
        Column("grade", _("Grade"), lambda row: cells.grade(row["grade"]), reads=("grade",), sort=("grade", "number")),
        Column(
            "owner",
            pgettext_lazy("of a client", "Owner"),
            lambda row: cells.phrase(row["owner__full_name"]),
            reads=("owner__full_name",),
            sort=("owner__full_name", "number"),
        ),
        Column(
            "status",
            _("Status"),
            status,
            reads=("status",),
            sort=("status", "number"),
            sheet={_("Status"): lambda row: word(AccountStatus, row["status"])},
        ),
        Column(
            "credit",
            _("Credit limit"),
            lambda row: cells.money(row["credit_limit"]),
            reads=("credit_limit",),
            sort=("credit_limit", "-number"),
            descending_first=True,
            total="credit_limit",
            numeric=True,
        ),
        Column(
            "term",
            _("Payment term"),
            lambda row: cells.phrase(term(row)),
            reads=("term_kind", "term_days"),
            sheet={_("Payment term"): term},
        ),
        Column(
            "territory",
            _("Area"),
            lambda row: cells.phrase(territory(row)),
            reads=("province", "city", "county"),
            sort=("city", "number"),
            sheet={
                _("Province"): lambda row: row["province"],
                _("City"): lambda row: row["city"],
                _("County"): lambda row: row["county"],
            },
        ),
        Column(
            "contacts",
            _("Contacts"),
            lambda row: cells.number(row["contacts"]),
            load=contact_counts,
            numeric=True,
            needs="accounts.contact",
            hidden=True,
        ),
        Column(
            "birthday",
            _("Next birthday"),
            birthday,
            load=next_birthdays,
            needs="accounts.contact",
            hidden=True,
            sheet={
                _("Next birthday"): lambda row: row["birthday"] and row["birthday"][0],
                _("Whose"): lambda row: row["birthday"] and row["birthday"][1],
            },
        ),
        Column("industry", _("Industry"), lambda row: cells.phrase(row["industry"]), reads=("industry",), hidden=True),
        Column(
            "credit_code",
            _("Credit code"),
            lambda row: cells.phrase(row["credit_code"]),
            reads=("credit_code",),
            hidden=True,
        ),
        Column(
            "changed",
            _("Changed"),
            lambda row: cells.day(row["updated_at"]),
            reads=("updated_at",),
            sort=("updated_at", "-number"),
            descending_first=True,
        ),
    )
    primary = Action(_("New client"), "accounts:account_create", "plus", ("accounts.account", "add"))
    secondary = (
        Action(pgettext_lazy("button", "Import"), "accounts:import_list", "upload", ("core.importrun", "add")),
    )
    bulk_actions = (
        Action(
            pgettext_lazy("to a manager", "Assign"),
            "accounts:accounts_assign",
            "user-share",
            ("accounts.account", "assign"),
        ),
    )
    built_in_views = (
        BuiltInView(_("All")),
        BuiltInView(_("Mine"), "owner=me", ("accounts.account", "request_credit")),
        BuiltInView(_("Shared with me"), "shared=me", ("accounts.accountgrant", "view")),
        BuiltInView(_("Grade A"), "grade=A"),
        BuiltInView(_("Not graded"), "grade=-"),
        BuiltInView(_("Without an owner"), "owner=-", ("accounts.account", "assign")),
    )

    def card_reads(self) -> tuple[str, ...]:
        """Who it is, and its credit."""
        return (
            "name",
            "number",
            "kind",
            "grade",
            "owner__full_name",
            "status",
            "credit_limit",
            "term_kind",
            "term_days",
        )

    def card(self, row: Row) -> Card:
        """Who it is, who looks after it, and on what credit."""
        limit = row["credit_limit"]
        credit = f"{cells.money_text(limit)} · {term(row)}" if limit else term(row)
        return {
            "title": row["name"],
            "url": account_url(row),
            "grade": row["grade"],
            "sub": " · ".join(filter(None, (second_line(row), row["owner__full_name"]))),
            "status": status(row),
            "facts": [{"label": _("Credit"), "value": credit}],
        }

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Clients found by any part of name, pinyin, code or phone."""
        return matching(rows, self.user, text)
