"""The header of a client's page: who it is, whose it is, how it stands."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import AccountStatus, GrantSource
from accounts.models import Account, Contact
from accounts.selectors import LiveGrant, Person, term_in_words
from kam.approvals.kinds import kind_of
from kam.approvals.models import Request
from kam.core.contributions import collect
from kam.core.lists.cells import row_url
from kam.core.money import format_money
from kam.core.scoping import Reach, reach
from kam.core.words import days_away, listed

SAID_SHOWN = 3
STATUS_TONES = {
    AccountStatus.PROSPECT: "info",
    AccountStatus.ACTIVE: "ok",
    AccountStatus.PAUSED: "warn",
    AccountStatus.ENDED: "idle",
}

DONE_WITHOUT_ASKING = {"request_grade": "grade", "request_handover": "assign"}
"""What is asked for by those who may not do it themselves."""


def header_of(account: Any, user: Any, acts: frozenset[str]) -> dict[str, Any]:
    """Name, number, owner, links to what the member may do (`acts`), and what was said last.

    The client carries the names of its people, `owner_name` and `deputy_name`.
    """
    since = account.customer_since
    sub = [account.number, account.get_kind_display(), account.territory, account.industry]
    if since:
        sub.append(_("client since %(year)s") % {"year": since.year})
    actions = [*collect("actions", user, account, acts), *_actions(account, acts)]
    return {
        "grade": account.grade,
        "name": account.name,
        "sub": [part for part in sub if part],
        "status": {"tone": STATUS_TONES[AccountStatus(account.status)], "word": account.get_status_display()},
        "owner": account.owner_name,
        "shared": _("deputy %(name)s") % {"name": account.deputy_name} if account.deputy_name else "",
        "actions": actions,
        "menu": _menu(account, acts),
        "phone_actions": actions,
        "said": collect("said", user, account, SAID_SHOWN),
    }


def _action(label: str, url_name: str, account: Account, icon: str, *, primary: bool = False) -> dict[str, Any]:
    return {"label": label, "url": row_url(url_name, account.pk), "icon": icon, "primary": primary}


def _actions(account: Account, acts: frozenset[str]) -> list[dict[str, Any]]:
    found = []
    if "change" in acts:
        found.append(_action(_("Edit"), "accounts:account_edit", account, "pencil"))
    if "request_credit" in acts:
        found.append(_action(_("Request credit"), "accounts:credit_request", account, "file-dollar", primary=True))
    return found


def _menu(account: Account, acts: frozenset[str]) -> list[dict[str, Any]]:
    entries = (
        ("change", _("Add a person"), "accounts:contact_create", "plus"),
        ("assign", _("Assign"), "accounts:account_assign", "user-share"),
        ("share", _("Share"), "accounts:account_share", "users-group"),
        ("grade", _("Set the grade"), "accounts:account_grade", "flag"),
        ("request_grade", _("Ask for another grade"), "accounts:grade_request", "flag"),
        ("request_handover", _("Ask to hand over"), "accounts:handover_request", "user-share"),
        ("change", _("Change the status"), "accounts:account_status", "arrow-right"),
    )
    needless = {asking for asking, doing in DONE_WITHOUT_ASKING.items() if doing in acts}
    return [
        _action(label, url_name, account, icon)
        for action, label, url_name, icon in entries
        if action in acts and action not in needless
    ]


def header_facts(
    account: Account, user: Any, people: list[Person], grants: list[LiveGrant], requests: list[Request], *, on: date
) -> list[dict[str, Any]]:
    """Credit with what was asked (`requests`), people, next birthday, shares, and what other areas contribute."""
    contributed = [
        {"label": fact.label, "value": fact.value, "measure": fact.measure, "tone": fact.tone, "url": fact.url}
        for fact in sorted(collect("facts", user, account, on), key=lambda fact: fact.order)
    ]
    sees_people = reach(user, Contact, "view") is not Reach.NONE
    of_people = [_birthday(people, on), _people(people)] if sees_people else []
    return [_credit(account, requests), *of_people, _shares(grants), *contributed]


def _credit(account: Account, requests: list[Request]) -> dict[str, Any]:
    lines = []
    waiting = next((request for request in requests if request.kind == "credit" and request.is_live), None)
    if waiting:
        lines.append(f"{waiting.get_status_display()}: {kind_of(waiting.kind).heading(waiting)}")
    if account.credit_ends_on:
        lines.append(_("valid until %(day)s") % {"day": account.credit_ends_on})
    prepaid = account.credit_limit == 0
    return {
        "label": _("Credit limit"),
        "value": _("Prepayment only") if prepaid else format_money(account.credit_limit),
        "measure": "" if prepaid else term_in_words(account),
        "url": waiting.get_absolute_url() if waiting else "",
        "lines": lines,
    }


def _birthday(people: list[Person], on: date) -> dict[str, Any]:
    coming = sorted((person.next_birthday, person.contact.pk, person) for person in people if person.next_birthday)
    if not coming:
        return {"label": _("Next birthday"), "value": "–", "lines": []}
    day, _pk, person = coming[0]
    return {
        "label": _("Next birthday"),
        "value": f"{day:%m-%d} {person.contact.name}",
        "lines": [f"{person.birthday} · {days_away((day - on).days)}"],
    }


def _people(people: list[Person]) -> dict[str, Any]:
    here = [person for person in people if person.contact.left_on is None]
    key = [person.contact.name for person in here if person.contact.is_key]
    return {
        "label": _("People"),
        "value": str(len(here)),
        "lines": [_("key: %(names)s") % {"names": listed(key[:3])}] if key else [],
    }


def _shares(grants: list[LiveGrant]) -> dict[str, Any]:
    shares = {grant.member: grant.ends_on for grant in grants if grant.source == GrantSource.SHARE}
    lines = [_("%(name)s until %(day)s") % {"name": name, "day": day} for name, day in list(shares.items())[:3]]
    return {"label": _("Shared with"), "value": str(len(shares)) if shares else "–", "lines": lines}
