"""The frame around every page: where one can go, what can be started, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from kam.core.badges import kept_count
from kam.core.calendar import today
from kam.core.contributions import Text, collect
from kam.desk.panel import PANEL_ROLES
from kam.outbox.selectors import unread_count
from kam.people.permissions import may


@dataclass(frozen=True)
class Entry:
    """A place in the menu, for members whose role has `needs` ("app.model", "action")."""

    title: Text
    icon: str
    url_name: str
    needs: tuple[str, str] | None = None
    roles: frozenset[str] | None = None
    counts: bool = False
    """Whether what waits for the member's decision is counted beside it."""


@dataclass(frozen=True)
class Link:
    """An entry as it stands in one member's menu."""

    title: Text
    url: str
    icon: str
    current: bool = False
    count: int = 0


NAV = (
    Entry(_("Workbench"), "layout-dashboard", "desk:workbench"),
    Entry(_("Clients"), "building-store", "accounts:account_list", ("accounts.account", "view")),
    Entry(_("Care"), "cake", "care:month", ("care.birthdaycare", "view")),
    Entry(_("Visits"), "map-pin", "visits:log_list", ("visits.visitlog", "view")),
    Entry(_("Approvals"), "checklist", "approvals:request_list", ("approvals.request", "decide"), counts=True),
)
FOOT = (
    Entry(_("Products"), "list-details", "catalogue:product_list", ("catalogue.product", "view")),
    Entry(_("Members"), "users", "people:member_list", ("people.member", "view")),
    Entry(_("Message log"), "mail", "outbox:message_list", ("outbox.message", "view")),
    Entry(_("Exports"), "download", "core:export_log", ("core.exportlog", "view")),
    Entry(_("Approvals and settings"), "settings", "admin:index", roles=PANEL_ROLES),
)
QUICK_ADD = (
    Entry(_("Log a visit"), "map-pin", "visits:log_start", ("visits.visitlog", "add")),
    Entry(_("New client"), "building-store", "accounts:account_create", ("accounts.account", "add")),
    Entry(_("Delegation"), "user-share", "people:delegation_create", ("people.delegation", "add")),
)


class Frame:
    """What the shell shows to one member on one page; every part is worked out when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._user: Any = getattr(request, "user", None)
        self._path = request.path
        self.department = settings.DEPARTMENT_NAME
        self.company = settings.COMPANY_NAME
        self.query = ""
        """What was searched for, kept in the box on top."""

    @property
    def is_signed_in(self) -> bool:
        """Whether there is anybody to show a menu to."""
        return self._user is not None and self._user.is_authenticated

    @cached_property
    def nav(self) -> list[Link]:
        """Work the member's role has."""
        return self._links(NAV)

    @cached_property
    def foot(self) -> list[Link]:
        """Records and settings, below the work."""
        return self._links(FOOT)

    @cached_property
    def quick_add(self) -> list[Link]:
        """What the member can start from anywhere."""
        return self._links(QUICK_ADD)

    @cached_property
    def unread(self) -> int:
        """Unread notices, counted to a bound."""
        return kept_count("unread", self._user, lambda: unread_count(self._user)) if self.is_signed_in else 0

    @cached_property
    def todo_count(self) -> int:
        """Decisions that wait for the member, of all areas."""
        if not self.is_signed_in:
            return 0
        return kept_count("waiting", self._user, lambda: sum(collect("waiting", self._user, today())))

    def _links(self, entries: Sequence[Entry]) -> list[Link]:
        if not self.is_signed_in or self._user.must_change_password:
            return []
        prefix = get_script_prefix()
        found = ((entry, _address(entry.url_name, prefix)) for entry in entries if self._has(entry))
        return [
            Link(entry.title, url, entry.icon, self._is_here(url), self.todo_count if entry.counts else 0)
            for entry, url in found
            if url
        ]

    def _has(self, entry: Entry) -> bool:
        if entry.roles is not None and self._user.role not in entry.roles:
            return False
        if entry.needs is None:
            return True
        return may(self._user.role, *entry.needs)

    def _is_here(self, url: str) -> bool:
        return self._path == url if url == get_script_prefix() else self._path.startswith(url)


@cache
def _address(name: str, _prefix: str) -> str:
    """The address, or nothing for an area that this installation does not have; worked out once a process."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
