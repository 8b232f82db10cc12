"""The list of a month's birthdays."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, npgettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.care.choices import OPEN, CareStatus, Gift, GreetingWay
from accounts.care.filters import CareFilter
from accounts.care.models import BirthdayCare
from accounts.care.rules import Month
from accounts.care.selectors import month_figures
from accounts.care.wording import TONES, late_words
from accounts.choices import BirthdayCalendar, Gender
from accounts.rules.birthdays import Birthday, write_birthday
from accounts.rules.phones import format_phone
from kam.core.calendar import is_announced, today
from kam.core.exceptions import RuleError, Text
from kam.core.lists import cells
from kam.core.lists.actions import BuiltInView
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.page import ListPage

PARTS = tuple(f"contact__birthday_{part}" for part in ("calendar", "month", "day", "leap"))
GIFTS = (("flowers", _("Flowers")), ("card", _("Card")), ("mms", _("MMS")))


def care_url(row: Row) -> str:
    """The care's page."""
    return cells.row_url("care:care_detail", row["pk"])


def day_words(row: Row) -> str:
    """Date and day of the week."""
    return f"{row['falls_on']:%m-%d} {date_format(row['falls_on'], 'D')}"


def kept_as(row: Row) -> str:
    """How the person keeps the birthday."""
    try:
        return write_birthday(Birthday(*(row[part] for part in PARTS)), get_language() or "")
    except (RuleError, TypeError):
        return word(BirthdayCalendar, row["calendar"])


def days_late(row: Row) -> int:
    """How many days ago an open care was due, or was to be tried again; 0 when it is not late."""
    return max(0, (today() - (row["again_on"] or row["falls_on"])).days) if row["status"] in OPEN else 0


def status(row: Row) -> Cell:
    """What is to be done next, or by how much it is late."""
    if late := days_late(row):
        return cells.status(late_words(late), "bad")
    return cells.status(word(CareStatus, row["status"]), TONES[row["status"]])


def gifts(row: Row) -> str:
    """What goes along, and what of it is still to be ordered."""
    if row["status"] == CareStatus.SKIPPED:
        return ""
    wanted = [str(label) for name, label in GIFTS if row[name] == Gift.WANTED]
    ready = [str(label) for name, label in GIFTS if row[name] == Gift.READY]
    parts, comma = [], pgettext("between list items", ", ")
    if wanted:
        parts.append(_now("to order: %(gifts)s") % {"gifts": comma.join(wanted)})
    if ready:
        parts.append(_now("arranged: %(gifts)s") % {"gifts": comma.join(ready)})
    return " ".join(parts)


class CareList(ListPage):
    """Birthdays of a month (C1): whose, when, what is arranged, how far it is."""

    key = "care.birthdaycare"
    model = BirthdayCare
    title: Text = _("Birthday care")
    unit = npgettext_lazy("counted", "birthday", "birthdays")
    filterset_class = CareFilter
    default_sort = "date"
    empty_text = _(
        "Birthdays come up by themselves once people at your clients have one. Enter the missing ones in the dossiers."
    )
    template_name = "care/month.html"
    columns = (
        Column(
            "person",
            _("Person"),
            lambda row: cells.name(row["contact__name"], care_url(row), row["contact__post"]),
            reads=("contact__name", "contact__post"),
            sort=("contact__name", "pk"),
            fixed=True,
            sheet={
                _("Name"): lambda row: row["contact__name"],
                _("Post"): lambda row: row["contact__post"],
            },
        ),
        Column(
            "date",
            _("Birthday"),
            lambda row: cells.phrase(day_words(row)),
            reads=("falls_on",),
            sort=("falls_on", "pk"),
        ),
        Column(
            "kept",
            _("Kept as"),
            lambda row: cells.phrase(kept_as(row)),
            reads=("calendar", *PARTS),
            sheet={_("Kept as"): kept_as},
        ),
        Column(
            "client",
            _("Client"),
            lambda row: cells.text(row["account__name"], url=cells.row_url("accounts:account_detail", row["account"])),
            reads=("account", "account__name"),
            sort=("account__name", "pk"),
            sheet={_("Client"): lambda row: row["account__name"]},
        ),
        Column(
            "status",
            _("State"),
            status,
            reads=("status", "falls_on", "again_on"),
            sort=("status", "falls_on", "pk"),
            sheet={_("State"): lambda row: word(CareStatus, row["status"])},
        ),
        Column(
            "owner",
            pgettext_lazy("of a client", "Owner"),
            lambda row: cells.phrase(row["owner__full_name"]),
            reads=("owner__full_name",),
            sort=("owner__full_name", "falls_on", "pk"),
        ),
        Column(
            "gifts",
            _("Gifts"),
            lambda row: cells.text(gifts(row), row["gift_note"]),
            reads=("flowers", "card", "mms", "gift_note", "status"),
            sheet={_("Gifts"): gifts, _("About the gifts"): lambda row: row["gift_note"]},
        ),
        Column(
            "way",
            _("Greeting"),
            lambda row: cells.phrase(word(GreetingWay, row["way"])),
            reads=("way",),
            sheet={_("Greeting"): lambda row: word(GreetingWay, row["way"])},
        ),
        Column(
            "mobile",
            _("Mobile"),
            lambda row: cells.phrase(format_phone(row["contact__mobile"]) if row["contact__mobile"] else ""),
            reads=("contact__mobile",),
            sheet={
                _("Mobile"): lambda row: format_phone(row["contact__mobile"]) if row["contact__mobile"] else "",
            },
        ),
        Column(
            "gender",
            _("Gender"),
            lambda row: cells.phrase(word(Gender, row["contact__gender"])),
            reads=("contact__gender",),
            sheet={_("Gender"): lambda row: word(Gender, row["contact__gender"])},
            hidden=True,
        ),
        Column(
            "address",
            _("Address"),
            lambda row: cells.text(row["contact__address"]),
            reads=("contact__address",),
            hidden=True,
        ),
        Column(
            "prepare",
            _("Prepared by"),
            lambda row: cells.day(row["prepare_on"]),
            reads=("prepare_on",),
            sort=("prepare_on", "pk"),
            hidden=True,
        ),
    )
    built_in_views = (
        BuiltInView(_("All")),
        BuiltInView(_("Mine"), "owner=me"),
        BuiltInView(_("To verify"), "status=planned"),
        BuiltInView(_("To prepare"), "status=verified"),
        BuiltInView(pgettext_lazy("care", "Late"), "due=late"),
    )
    month: Month

    def dispatch(self, request: HttpRequest, *args: Any, month: date | None = None, **kwargs: Any) -> HttpResponseBase:
        """The month of the address, or this one."""
        self.month = Month.of(month or today())
        self.title = _now("Birthdays of %(month)s") % {"month": self.month.name}
        return super().dispatch(request, *args, **kwargs)

    def rows(self, action: str = "view") -> QuerySet[Any]:
        """The month's; what is due is looked for in every month."""
        rows = super().rows(action)
        if self.state.get("due"):
            return rows
        return rows.filter(falls_on__gte=self.month.first, falls_on__lte=self.month.last)

    def more_context(self) -> dict[str, Any]:
        """The month before and after, how far the month is, and whether its holidays are known."""
        return {
            "month": self.month,
            "figures": month_figures(self.user, self.month, on=today()),
            "holidays_known": is_announced(self.month.first),
        }

    def card_reads(self) -> tuple[str, ...]:
        """Who, when, where, how far."""
        return ("contact__name", "contact__post", "account__name", "falls_on", "again_on", "status", "calendar", *PARTS)

    def card(self, row: Row) -> Card:
        """Who, when, where, how far."""
        return {
            "title": row["contact__name"],
            "url": care_url(row),
            "sub": " · ".join(filter(None, (row["account__name"], row["contact__post"]))),
            "status": status(row),
            "facts": [{"value": day_words(row)}, {"value": kept_as(row)}],
        }

    def empty_state(self) -> dict[str, Any] | None:
        """A month without birthdays leads on to the people."""
        if self.is_filtered:
            return None
        return {
            "title": _now("Nobody has a birthday in %(month)s") % {"month": self.month.name},
            "text": self.empty_text,
            "action_url": reverse("accounts:account_list"),
            "action_label": _now("To the clients"),
        }
