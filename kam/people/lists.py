"""Lists of members, units and delegations."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy, pgettext

from kam.core.calendar import today
from kam.core.lists import cells
from kam.core.lists.actions import Action, BuiltInView
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.page import ListPage
from kam.people.choices import Authority, Role, UnitKind
from kam.people.filters import DelegationFilter, MemberFilter
from kam.people.models import Delegation, Member, Unit

CHANGE_MEMBERS = ("people.member", "change")


def member_url(row: Row) -> str:
    """The member's page."""
    return cells.row_url("people:member_detail", row["pk"])


def presence(row: Row) -> Cell:
    """Present, leaving on a day, or gone since one."""
    left_on: date | None = row["left_on"]
    if not row["is_active"] or (left_on and left_on <= today()):
        since = f" {cells.day_text(left_on)}" if left_on else ""
        return cells.status(_now("Left") + since, "idle")
    if left_on:
        return cells.status(_now("Leaves %(day)s") % {"day": cells.day_text(left_on)}, "warn")
    return cells.status(_now("Present"), "ok")


class MemberList(ListPage):
    """Members: the phone book of all, and where director and clerk begin."""

    key = "people.member"
    model = Member
    title = _("Members")
    template_name = "people/list.html"
    unit = npgettext_lazy("counted", "member", "members")
    filterset_class = MemberFilter
    default_sort = "name"
    search_hint = _("Name, sign-in name, phone")
    empty_text = _("Add the first member of the department.")
    primary = Action(_("New member"), "people:member_create", "plus", ("people.member", "add"))
    columns = (
        Column(
            "name",
            _("Full name"),
            lambda row: cells.name(row["full_name"], member_url(row), row["post"]),
            reads=("full_name", "post"),
            sort=("full_name", "pk"),
            fixed=True,
        ),
        Column(
            "role",
            _("Role"),
            lambda row: cells.phrase(word(Role, row["role"])),
            reads=("role",),
            sort=("role", "full_name", "pk"),
        ),
        Column(
            "unit",
            _("Unit"),
            lambda row: cells.phrase(row["unit__name"]),
            reads=("unit__name",),
            sort=("unit__name", "full_name", "pk"),
        ),
        Column(
            "superior",
            _("Superior"),
            lambda row: cells.phrase(row["superior__full_name"]),
            reads=("superior__full_name",),
        ),
        Column("phone", _("Mobile"), lambda row: cells.phrase(row["phone"]), reads=("phone",)),
        Column("territory", _("Territory"), lambda row: cells.text(row["territory"]), reads=("territory",)),
        Column("username", _("Sign-in name"), lambda row: cells.phrase(row["username"]), reads=("username",)),
        Column("state", _("State"), presence, reads=("is_active", "left_on")),
        Column(
            "joined",
            _("Joined on"),
            lambda row: cells.day(row["joined_on"]),
            reads=("joined_on",),
            sort=("joined_on", "pk"),
            hidden=True,
        ),
    )
    built_in_views = (
        BuiltInView(_("Present")),
        BuiltInView(_("Account managers"), "role=manager"),
        BuiltInView(_("Left"), "who=left", CHANGE_MEMBERS),
    )

    def rows(self, action: str = "view") -> QuerySet[Any]:
        """Those present, unless the filter asks for others."""
        rows = super().rows(action)
        return rows if self.state.get("who") else rows.present(today())  # type: ignore[attr-defined]

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Any part of name, sign-in name or phone."""
        return rows.filter(Q(full_name__icontains=text) | Q(username__icontains=text) | Q(phone__icontains=text))

    def card_reads(self) -> tuple[str, ...]:
        """Who, as what, and how to reach."""
        return ("full_name", "role", "post", "unit__name", "phone", "is_active", "left_on")

    def card(self, row: Row) -> Card:
        """Who, as what, and how to reach."""
        parts = (row["post"] or word(Role, row["role"]), row["unit__name"])
        return {
            "title": row["full_name"],
            "url": member_url(row),
            "sub": " · ".join(filter(None, parts)),
            "status": presence(row),
            "facts": [{"label": _("Mobile"), "value": row["phone"]}] if row["phone"] else [],
        }


class UnitList(ListPage):
    """Units: the department, its branches and teams, partner departments."""

    key = "people.unit"
    model = Unit
    title = _("Units")
    template_name = "people/list.html"
    unit = npgettext_lazy("counted", "unit", "units")
    default_sort = "name"
    empty_text = _("Begin with the department itself.")
    primary = Action(_("New unit"), "people:unit_create", "plus", ("people.unit", "add"))
    columns = (
        Column(
            "name",
            _("Name"),
            lambda row: cells.name(row["name"], cells.row_url("people:unit_detail", row["pk"])),
            reads=("name",),
            sort=("name",),
            fixed=True,
        ),
        Column(
            "kind",
            _("Kind"),
            lambda row: cells.phrase(word(UnitKind, row["kind"])),
            reads=("kind",),
            sort=("kind", "name"),
        ),
        Column("parent", _("Belongs to"), lambda row: cells.phrase(row["parent__name"]), reads=("parent__name",)),
        Column(
            "present",
            _("Members"),
            lambda row: cells.number(row["present"]),
            reads=("present",),
            annotations={"present": Count("members", filter=Q(members__is_active=True))},
            numeric=True,
        ),
    )

    def card_reads(self) -> tuple[str, ...]:
        """What it is and where it belongs."""
        return ("name", "kind", "parent__name")

    def card(self, row: Row) -> Card:
        """What it is and where it belongs."""
        sub = " · ".join(filter(None, (word(UnitKind, row["kind"]), row["parent__name"])))
        return {"title": row["name"], "url": cells.row_url("people:unit_detail", row["pk"]), "sub": sub}


def delegation_state(row: Row) -> Cell:
    """In force, to come, ended or revoked."""
    revoked_at: datetime | None = row["revoked_at"]
    on = today()
    if revoked_at:
        return cells.status(_now("Revoked %(day)s") % {"day": cells.day_text(revoked_at)}, "idle")
    if row["ends_on"] < on:
        return cells.status(pgettext("delegation", "Ended"), "idle")
    if row["starts_on"] > on:
        return cells.status(_now("To come"), "info")
    return cells.status(_now("In force"), "ok")


def ceiling(row: Row) -> str:
    """Up to which amount."""
    amount: Decimal | None = row["ceiling_amount"]
    return cells.money_text(amount) if amount is not None else _now("own limit of the grantor")


def _days(row: Row) -> str:
    return f"{cells.day_text(row['starts_on'])} – {cells.day_text(row['ends_on'])}"


class DelegationList(ListPage):
    """Delegations (授权): all of them for who grants, the own ones for who acts under them."""

    key = "people.delegation"
    model = Delegation
    title = _("Delegations")
    template_name = "people/list.html"
    unit = npgettext_lazy("counted", "delegation", "delegations")
    filterset_class = DelegationFilter
    default_sort = "-until"
    empty_text = _("An authority that the director or the executive hands over is listed here.")
    primary = Action(_("Hand over an authority"), "people:delegation_create", "plus", ("people.delegation", "add"))
    columns = (
        Column(
            "authority",
            _("Authority"),
            lambda row: cells.name(
                word(Authority, row["authority"]), cells.row_url("people:delegation_detail", row["pk"]), row["note"]
            ),
            reads=("authority", "note"),
            sort=("authority", "pk"),
            fixed=True,
        ),
        Column(
            "grantor",
            _("Granted by"),
            lambda row: cells.phrase(row["grantor__full_name"]),
            reads=("grantor__full_name",),
            sort=("grantor__full_name", "pk"),
        ),
        Column(
            "delegate",
            _("Granted to"),
            lambda row: cells.phrase(row["delegate__full_name"]),
            reads=("delegate__full_name",),
            sort=("delegate__full_name", "pk"),
        ),
        Column("ceiling", _("Ceiling (CNY)"), lambda row: cells.phrase(ceiling(row)), reads=("ceiling_amount",)),
        Column(
            "until",
            _("First and last day"),
            lambda row: cells.phrase(_days(row)),
            reads=("starts_on", "ends_on"),
            sort=("ends_on", "pk"),
            descending_first=True,
        ),
        Column("state", _("State"), delegation_state, reads=("revoked_at", "starts_on", "ends_on")),
    )
    built_in_views = (BuiltInView(_("All")), BuiltInView(_("In force or to come"), "state=open"))

    def card_reads(self) -> tuple[str, ...]:
        """What, from whom to whom, how far."""
        return (
            "authority",
            "grantor__full_name",
            "delegate__full_name",
            "ceiling_amount",
            "starts_on",
            "ends_on",
            "revoked_at",
        )

    def card(self, row: Row) -> Card:
        """What, from whom to whom, how far."""
        return {
            "title": word(Authority, row["authority"]),
            "url": cells.row_url("people:delegation_detail", row["pk"]),
            "sub": f"{row['grantor__full_name']} → {row['delegate__full_name']}",
            "status": delegation_state(row),
            "facts": [{"label": _("Ceiling"), "value": ceiling(row)}, {"value": _days(row)}],
        }
