"""The list of requests."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, npgettext_lazy

from kam.approvals import filters
from kam.approvals.choices import RequestStatus
from kam.approvals.filters import ANY, ASKED, DECIDE, RequestFilter
from kam.approvals.kinds import kind_of
from kam.approvals.models import LIVE, Request
from kam.approvals.page import TONES
from kam.approvals.rules import waited_days
from kam.approvals.selectors import headings, waiting_for
from kam.core.calendar import today
from kam.core.lists import cells
from kam.core.lists.actions import BuiltInView
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.page import ListPage

ICONS = {RequestStatus.PENDING: "clock", RequestStatus.RETURNED: "corner-up-left"}


def asked_words(_user: Any, keys: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Title and heading of each request of a page."""
    return {
        pk: (str(kind_of(row.kind).title_of(row)), kind_of(row.kind).heading(row))
        for pk, row in headings(list(keys)).items()
    }


def request_url(row: Row) -> str:
    """The decision page."""
    return cells.row_url("approvals:request_detail", row["pk"])


def asked(row: Row) -> Cell:
    """What is asked, of which client."""
    title, heading = row["asked"]
    return cells.name(f"{row['account_name']} · {heading}", request_url(row), f"{title} · {row['number']}")


def status(row: Row) -> Cell:
    """Where it stands."""
    value = row["status"]
    return cells.status(word(RequestStatus, value), TONES[RequestStatus(value)], ICONS.get(RequestStatus(value), ""))


def waited(row: Row) -> str:
    """How long it is waited for; empty once nothing is."""
    if row["status"] not in LIVE:
        return ""
    days = waited_days(timezone.localtime(row["submitted_at"]).date(), today())
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days} if days else _now("today")


class RequestList(ListPage):
    """Requests: what waits for me, what I submitted, and all that the role sees."""

    key = "approvals.request"
    model = Request
    title = _("Approvals")
    unit = npgettext_lazy("counted", "request", "requests")
    filterset_class = RequestFilter
    default_sort = "-submitted"
    search_hint = _("Client or number")
    empty_text = _("Nothing here. What is submitted for decision appears in this list.")
    columns = (
        Column("asked", _("What is asked"), asked, reads=("account_name", "number"), load=asked_words, fixed=True),
        Column("status", _("State"), status, reads=("status",), sort=("status", "pk")),
        Column(
            "amount",
            _("Amount"),
            lambda row: cells.money(row["amount"]),
            reads=("amount",),
            sort=("amount", "pk"),
            numeric=True,
            descending_first=True,
        ),
        Column(
            "requester",
            _("Submitted by"),
            lambda row: cells.phrase(row["requester__full_name"]),
            reads=("requester__full_name",),
        ),
        Column(
            "submitted",
            _("Submitted"),
            lambda row: cells.phrase(cells.moment_text(row["submitted_at"])),
            reads=("submitted_at",),
            sort=("submitted_at", "pk"),
            descending_first=True,
        ),
        Column("waited", _("Waiting"), lambda row: cells.phrase(waited(row)), reads=("submitted_at", "status")),
        Column("closed", _("Finished"), lambda row: cells.day(row["closed_at"]), reads=("closed_at",), hidden=True),
    )
    built_in_views = (
        BuiltInView(_("Waiting for me"), f"mine={DECIDE}&sort=submitted"),
        BuiltInView(_("Submitted by me"), f"mine={ASKED}"),
        BuiltInView(_("All"), f"mine={ANY}"),
    )

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Without a word in the address: what waits for the member, or else what the member submitted."""
        if not request.GET:
            view = self.built_in_views[0 if self._decides() else 1]
            return redirect(f"{reverse('approvals:request_list')}?{view.query}")
        return super().get(request)

    def empty_state(self) -> dict[str, Any] | None:
        """An empty inbox is good news; other empty views lead to all requests."""
        everything = {
            "action_url": f"{reverse('approvals:request_list')}?mine={ANY}",
            "action_label": _now("Show all"),
        }
        only_whose = not self.search_text and not any(self.state.get(key) for key in self.filter_keys if key != "mine")
        match self.state.get("mine") if only_whose else "":
            case filters.DECIDE:
                return {
                    "title": _now("Nothing waits for you"),
                    "text": _now("What is put before you appears here, the longest waiting first."),
                    **everything,
                }
            case filters.ASKED:
                return {
                    "title": _now("You have submitted nothing"),
                    "text": _now("Ask for credit or a share on a client's page; here you see how far it is."),
                    **everything,
                }
            case filters.ANY:
                return {"title": _now("Nothing here yet"), "text": self.empty_text}
            case _:
                return {
                    "title": _now("Nothing matches these conditions"),
                    "text": _now("Take one away, or look under another name."),
                    **everything,
                }

    def _decides(self) -> bool:
        return self.user.role in ("director", "executive", "finance") or waiting_for(self.user, on=today()).exists()

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the client's name or the request's number."""
        return rows.filter(Q(account_name__icontains=text) | Q(title__icontains=text) | Q(number__icontains=text))

    def card_reads(self) -> tuple[str, ...]:
        """What, who, where it stands."""
        return ("account_name", "number", "status", "requester__full_name", "submitted_at")

    def card(self, row: Row) -> Card:
        """What is asked, who asks, how long it waits."""
        title, heading = row["asked"]
        facts: list[Cell] = [{"label": _("Submitted by"), "value": row["requester__full_name"]}]
        if waiting := waited(row):
            facts.append({"label": _("Waiting"), "value": waiting})
        return {
            "title": f"{row['account_name']} · {heading}",
            "url": request_url(row),
            "sub": f"{title} · {row['number']}",
            "status": status(row),
            "facts": facts,
        }
