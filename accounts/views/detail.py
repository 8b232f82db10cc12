"""The client page: a header that answers at a glance, and tabs. Out of sight the client does not exist."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F, Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.changes import ALL_ROWS, ROWS_READ, changes_of
from accounts.header import header_facts, header_of
from accounts.models import Account, Address, Attachment, BankAccount, Contact, Warehouse
from accounts.rules.phones import format_phone
from accounts.selectors import actions_allowed, live_grants, people_of, term_in_words, who_sees
from kam.approvals.choices import RequestStatus
from kam.approvals.client import request_events, requests_about
from kam.approvals.kinds import kind_of
from kam.approvals.models import Request
from kam.approvals.page import TONES
from kam.core.calendar import today
from kam.core.contributions import TimelineEvent, collect
from kam.core.lists.cells import row_url
from kam.core.scoping import Reach, reach
from kam.people.signed_in import member_of

TIMELINE_ROWS = 12
BRANCHES = 50
TABS = ("overview", "people", "credit", "files", "history")


@dataclass(frozen=True)
class Part:
    """Bank accounts, addresses or warehouses on the overview."""

    title: str
    rows: list[dict[str, str]]
    add_url: str


@login_required
@require_safe
def account_detail(request: HttpRequest, pk: int, tab: str = "overview") -> HttpResponse:
    """One client for one member. `tab` is one of `TABS`; people are for those who may see contacts."""
    user = member_of(request)
    account = client_in_sight(user, pk)
    if tab not in TABS or (tab == "people" and reach(user, Contact, "view") is Reach.NONE):
        raise Http404
    context = client_page(request, account, tab)
    context |= _tab_context(request, account, tab, context["requests_about"], context["acts"])
    return render(request, "accounts/account_detail.html", context)


def client_in_sight(user: Any, pk: int) -> Account:
    """The client with the names of its people, `owner_name` and `deputy_name`. Raises `Http404`."""
    named = {"owner_name": F("owner__full_name"), "deputy_name": F("deputy__full_name")}
    return get_object_or_404(Account.objects.visible_to(user).annotate(**named), pk=pk)


def client_page(request: HttpRequest, account: Account, tab: str) -> dict[str, Any]:
    """Context of everything around the tab: header, tabs, timeline. Other areas draw their own tabs inside it.

    `account` comes from `client_in_sight`; `tab` is one of `TABS`, or the key of a contributed tab.
    """
    user, on = member_of(request), today()
    grants = live_grants(account, on=on)
    acts = actions_allowed(user, grants)
    people = people_of(account, user, on=on)
    requests = requests_about(user, account.pk)
    return {
        "account": account,
        "tab": tab,
        "title": account.name,
        "head": header_of(account, user, acts),
        "facts": header_facts(account, user, people, grants, requests, on=on),
        "tabs": _tabs(account, user, tab, people),
        "people": people,
        "requests_about": requests,
        "entries": [] if tab == "history" else _timeline(account, user, requests),
        "acts": acts,
        "sights": who_sees(grants) if "explain" in acts else [],
    }


def _timeline(account: Account, user: Any, requests: list[Request]) -> list[TimelineEvent]:
    events = [*collect("timeline", user, account, TIMELINE_ROWS), *request_events(requests, TIMELINE_ROWS)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:TIMELINE_ROWS]


def _tabs(account: Account, user: Any, current: str, people: list[Any]) -> list[dict[str, Any]]:
    names = {
        "overview": (_("Overview"), None),
        "people": (_("People"), len(people)),
        "credit": (_("Credit"), None),
        "files": (_("Files"), None),
        "history": (_("History"), None),
    }
    if reach(user, Contact, "view") is Reach.NONE:
        del names["people"]
    own = [
        {"name": name, "count": count, "url": _tab_url(account, key), "current": key == current}
        for key, (name, count) in names.items()
    ]
    return own + [
        {"name": tab.title, "count": tab.count, "url": tab.url, "current": tab.key == current}
        for tab in sorted(collect("tabs", user, account), key=lambda tab: tab.order)
    ]


def _tab_url(account: Account, key: str) -> str:
    if key == "overview":
        return account.get_absolute_url()
    return reverse("accounts:account_tab", args=[account.pk, key])


def _asked(request: Request) -> dict[str, Any]:
    """A row of the client's requests: what was asked, and how it stands."""
    kind = kind_of(request.kind)
    tone = TONES[RequestStatus(request.status)]
    return {"request": request, "title": kind.title_of(request), "heading": kind.heading(request), "tone": tone}


def _tab_context(
    request: HttpRequest,
    account: Account,
    tab: str,
    requests: list[Request],
    acts: frozenset[str],
) -> dict[str, Any]:
    user = member_of(request)
    if tab == "overview":
        phone = format_phone(account.invoice_phone) if account.invoice_phone else ""
        facts = {"term": term_in_words(account), "invoice_phone": phone}
        return {"parts": _parts(account, user), **_group(account, user), **facts}
    if tab == "people":
        return {}
    if tab == "credit":
        asked = sorted(
            (row for row in requests if row.kind == "credit"), key=lambda row: row.submitted_at, reverse=True
        )
        return {"requests": [_asked(row) for row in asked], "term": term_in_words(account)}
    if tab == "files":
        return {"files": _files(account, user, removable="change" in acts)}
    everything = "all" in request.GET
    entries = changes_of(account, user, limit=ALL_ROWS if everything else ROWS_READ)
    return {"history": entries, "more_url": "?all" if len(entries) >= ROWS_READ and not everything else ""}


def _parts(account: Account, user: Any) -> list[Part]:
    """A client has few of each, so they are sorted here: an ORDER BY costs Django more than the rows themselves."""
    described: tuple[tuple[type[Model], str, Callable[[Any], tuple[str, str]], Callable[[Any], Any]], ...] = (
        (BankAccount, _("Bank accounts"), _bank_account, lambda row: (not row.is_default, row.pk)),
        (Address, _("Addresses"), _address, lambda row: (row.kind, row.pk)),
        (Warehouse, _("Warehouses"), _warehouse, lambda row: row.code),
    )
    found = []
    for model, title, words, place in described:
        name = model._meta.model_name or ""
        rows = model._default_manager.visible_to(user).filter(account=account).order_by()  # type: ignore[attr-defined]
        lines = []
        for row in sorted(rows, key=place):
            text, sub = words(row)
            url = reverse("accounts:part_edit", args=[account.pk, name, row.pk])
            lines.append({"text": text, "sub": sub, "edit_url": url})
        found.append(Part(title, lines, reverse("accounts:part_create", args=[account.pk, name])))
    return found


def _bank_account(row: BankAccount) -> tuple[str, str]:
    used = _("used on invoices") if row.is_default else ""
    return f"{row.bank_name} {row.account_number}", " · ".join(part for part in (row.holder, used) if part)


def _address(row: Address) -> tuple[str, str]:
    phone = format_phone(row.phone) if row.phone else ""
    kind = str(row.get_kind_display())
    return f"{row.province}{row.city}{row.line}", " · ".join(part for part in (kind, row.recipient, phone) if part)


def _warehouse(row: Warehouse) -> tuple[str, str]:
    phone = format_phone(row.phone) if row.phone else ""
    return f"{row.code} {row.name}".strip(), " · ".join(part for part in (row.line, row.recipient, phone) if part)


def _group(account: Account, user: Any) -> dict[str, Any]:
    """The group and the branches, as far as the member may see them."""
    seen = Account.objects.visible_to(user)
    parents = _linked(seen.filter(pk=account.parent_id)) if account.parent_id else []
    return {"parent": parents[0] if parents else None, "branches": _linked(seen.filter(parent=account)[:BRANCHES])}


def _linked(clients: QuerySet[Account]) -> list[dict[str, Any]]:
    rows = clients.values("pk", "name", "number")
    return [{**row, "url": row_url("accounts:account_detail", row["pk"])} for row in rows]


def _files(account: Account, user: Any, *, removable: bool) -> list[dict[str, Any]]:
    rows = Attachment.objects.visible_to(user).filter(account=account, removed_at__isnull=True)
    return [
        {
            "name": row.name,
            "url": row.get_absolute_url(),
            "size": row.size,
            "kind": _kind(row.content_type),
            "who": row.uploaded_by,
            "at": row.created_at,
            "delete_url": reverse("accounts:attachment_remove", args=[account.pk, row.pk]) if removable else "",
        }
        for row in rows.select_related("uploaded_by")
    ]


def _kind(content_type: str) -> str:
    if content_type.startswith("image/"):
        return "image"
    return "sheet" if "spreadsheet" in content_type else "other"


@login_required
@require_safe
def attachment_download(request: HttpRequest, account_pk: int, pk: int) -> FileResponse:
    """Hand the bytes over to who may see the client; never shown inside the browser as a page of ours."""
    attachment = get_object_or_404(
        Attachment.objects.visible_to(member_of(request)).filter(removed_at__isnull=True), account_id=account_pk, pk=pk
    )
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
