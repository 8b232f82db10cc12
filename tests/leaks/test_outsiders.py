"""Outsiders try every surface: none of the canary's words may come back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account, AccountGrant
from accounts.services import account_assign, account_change
from kam.core.calendar import today
from kam.core.exceptions import NotAllowed
from kam.outbox.models import Notice
from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.leaks.canary import Canary, hatch, tell, text_of
from tests.matrix.answers import address_of
from tests.matrix.rows import lines
from tests.support.people import member

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WORDS = {"bankaccount", "history", "people", "cancel", "2026-12"}
"""Parts of addresses that are words and no keys."""
TYPED = ("金丝雀", "jinsique", "jsq", "13912340987", "0987", "柳莺莺", "911100008021", "绝密", "秘密巷")


def stranger(_canary: Canary) -> Member:
    """A manager with clients of his own."""
    found = member(Role.MANAGER)
    factories.account(owner=found)
    return found


def late_sharer(canary: Canary) -> Member:
    """A manager whose share has ended, and who was told of the client while it lasted."""
    found = member(Role.MANAGER)
    factories.expired_share(account=canary.account, member=found)
    tell(found, canary)
    return found


def former_owner(canary: Canary) -> Member:
    """A manager who gave the client away."""
    found = member(Role.MANAGER)
    account_assign(account_pk=canary.account.pk, owner=found, deputy=None, actor=None)
    tell(found, canary)
    account_assign(account_pk=canary.account.pk, owner=canary.owner, deputy=None, actor=None)
    return found


def superuser(_canary: Canary) -> Member:
    """A manager whom Django would let do everything."""
    return member(Role.MANAGER, is_superuser=True, is_staff=True)


def lawyer(_canary: Canary) -> Member:
    """Legal, before whom nothing was put."""
    return member(Role.LEGAL)


def partner(_canary: Canary) -> Member:
    """A partner department, before whom nothing was put."""
    return member(Role.PARTNER)


def executive(_canary: Canary) -> Member:
    """The executive, while the request stays within the director's limit."""
    return member(Role.EXECUTIVE)


OUTSIDERS: tuple[Callable[[Canary], Member], ...] = (
    stranger,
    late_sharer,
    former_owner,
    superuser,
    lawyer,
    partner,
    executive,
)


@pytest.fixture(params=OUTSIDERS, ids=lambda make: make.__name__)
def outsider(request: pytest.FixtureRequest) -> Iterator[tuple[Client, Canary, Member]]:
    """A signed-in outsider and the canary."""
    canary = hatch()
    viewer = request.param(canary)
    browser = Client()
    browser.force_login(viewer, backend="kam.people.backends.MemberBackend")
    yield browser, canary, viewer


def clean(response: Any, canary: Canary, where: str) -> None:
    """No word of the canary, apart from what was typed by the outsider itself."""
    text = text_of(response)
    found = [word for word in canary.words if word in text]
    assert not found, f"{where} ({response.status_code}) tells {found}"


def test_no_page_of_the_product_tells(outsider: tuple[Client, Canary, Member]) -> None:
    browser, canary, _viewer = outsider
    things = {
        "client": canary.account.pk,
        "contact": canary.contact.pk,
        "bank": canary.account.bank_accounts.get().pk,
        "attachment": canary.attachment.pk,
        "request": canary.request.pk,
    }
    for line in lines():
        if line.method == "GET":
            keys = [things.get(key, key if key in WORDS else 1) for key in line.keys]
            address = address_of(line.name, keys)
            response = browser.get(address, follow=True)
            text = text_of(response).replace(address, "")
            found = [word for word in canary.words if word in text]
            assert not found, f"{line.name} ({response.status_code}) tells {found}"


def test_no_list_filter_sum_or_export_tells(outsider: tuple[Client, Canary, Member]) -> None:
    browser, canary, _viewer = outsider
    pk = canary.account.pk
    for address in (
        "/clients/?sort=-credit&columns=client&columns=credit&columns=contacts&columns=birthday&columns=owner",
        "/clients/?grade=A",
        f"/clients/?owner={canary.owner.pk}",
        "/clients/?shared=any",
        "/clients/?export=csv",
        "/clients/?export=xlsx",
        "/clients/?page=-1&size=100",
        "/approvals/?mine=any",
        "/approvals/?mine=any&export=csv",
        "/exports/",
        f"/clients/?parent={pk}",
    ):
        clean(browser.get(address), canary, address)
        clean(browser.get(address, headers={**HTMX, "HX-Target": "listing"}), canary, f"fragment {address}")
    clean(browser.post("/clients/?export=csv", {"pk": [pk]}), canary, "export of a posted key")
    clean(browser.post("/clients/?export=xlsx", {"pk": [pk]}), canary, "export of a posted key")


def test_no_search_tells(outsider: tuple[Client, Canary, Member]) -> None:
    browser, canary, viewer = outsider
    for typed in TYPED:
        for address, headers in (("/search/", HTMX), ("/search/", {}), ("/clients/suggest/", HTMX), ("/clients/", {})):
            response = browser.get(address, {"q": typed}, headers=headers)
            nothing = browser.get(address, {"q": "绝无此客户"}, headers=headers)
            assert response.status_code == nothing.status_code, f"{address}?q={typed} answers otherwise than a miss"
            text = text_of(response)
            told = [word for word in canary.words if word in text and word not in typed and typed not in word]
            assert not told, f"{address}?q={typed} as {viewer.role} tells {told}"


def test_no_notice_tells(outsider: tuple[Client, Canary, Member]) -> None:
    browser, canary, viewer = outsider
    others = Notice.objects.filter(recipient=viewer).exclude(account_id=canary.account.pk).count()
    for address in ("/notices/", "/notices/?unread=1", "/"):
        response = browser.get(address)
        clean(response, canary, address)
        assert response.context["frame"].unread == others


def test_no_form_tells_in_its_choices_or_errors(outsider: tuple[Client, Canary, Member]) -> None:
    browser, canary, viewer = outsider
    if viewer.role != Role.MANAGER:
        return
    pk = canary.account.pk
    own = factories.account(owner=viewer)
    posts = [
        ("/clients/new/", {"name": "新客户", "kind": "enterprise", "parent": str(pk)}),
        ("/clients/new/", {"name": "新客户", "kind": "enterprise", "parent": "金丝雀"}),
        ("/clients/new/", {"name": "新客户", "kind": "enterprise", "parent": canary.account.number}),
        (f"/clients/{own.pk}/edit/", {"name": own.name, "kind": "enterprise", "parent": str(pk), "version": "1"}),
        (f"/clients/{own.pk}/people/{canary.contact.pk}/edit/", {"name": "x"}),
        (f"/clients/{own.pk}/files/{canary.attachment.pk}/remove/", {}),
    ]
    for address, data in posts:
        response = browser.post(address, data)
        typed = {str(value) for value in data.values()}
        told = [
            word
            for word in canary.words
            if word in text_of(response) and not any(word in each or word == f'value="{each}"' for each in typed)
        ]
        assert not told, f"{address} tells {told}"


def test_children_are_not_reached_through_an_own_client(outsider: tuple[Client, Canary, Member]) -> None:
    browser, canary, viewer = outsider
    if viewer.role != Role.MANAGER:
        return
    own = factories.account(owner=viewer)
    bank = canary.account.bank_accounts.get().pk
    for address in (
        f"/clients/{own.pk}/files/{canary.attachment.pk}/",
        f"/clients/{own.pk}/people/{canary.contact.pk}/edit/",
        f"/clients/{own.pk}/parts/bankaccount/{bank}/edit/",
        f"/approvals/{canary.request.pk}/files/{canary.attachment.pk}/",
    ):
        assert browser.get(address).status_code == 404, address


def test_an_open_session_ends_with_the_employment() -> None:
    canary = hatch()
    browser = Client()
    browser.force_login(canary.owner, backend="kam.people.backends.MemberBackend")
    address = f"/clients/{canary.account.pk}/"
    assert browser.get(address).status_code == 200
    Member.objects.filter(pk=canary.owner.pk).update(left_on=today())
    response = browser.get(address)
    assert response.status_code == 302
    assert "/people/sign-in/" in response["Location"]


@pytest.mark.parametrize("make", [lawyer, partner, executive], ids=lambda make: make.__name__)
def test_a_grant_gives_nothing_to_a_role_that_sees_no_clients(make: Callable[[Canary], Member]) -> None:
    canary = hatch()
    viewer = make(canary)
    owned = AccountGrant.objects.filter(content_object=canary.account, user=canary.owner)
    assert owned.exists()
    for grant in owned:
        grant.pk, grant.user = None, viewer
        grant.save(force_insert=True)
    browser = Client()
    browser.force_login(viewer, backend="kam.people.backends.MemberBackend")
    assert browser.get(f"/clients/{canary.account.pk}/").status_code == 404
    assert browser.get("/clients/").status_code == 403
    assert "金丝雀" not in text_of(browser.get("/"))


@pytest.mark.parametrize("make", [stranger, late_sharer, former_owner], ids=lambda make: make.__name__)
def test_services_refuse_too(make: Callable[[Canary], Member]) -> None:
    canary = hatch()
    viewer = make(canary)
    version = Account.objects.get(pk=canary.account.pk).version
    with pytest.raises((NotAllowed, Account.DoesNotExist)):
        account_change(account_pk=canary.account.pk, actor=viewer, data={"industry": "x"}, version=version)
    canary.account.refresh_from_db()
    assert canary.account.industry == "金丝雀业"
