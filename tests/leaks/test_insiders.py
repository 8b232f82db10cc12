"""Those who see a part must not find the rest."""

import pytest
from django.test import Client

from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.leaks.canary import PEOPLE, Canary, hatch, text_of
from tests.support.people import member
from tests.support.requests import delegated

pytestmark = pytest.mark.django_db


@pytest.fixture
def canary() -> Canary:
    return hatch()


def signed_in(viewer: Member) -> Client:
    browser = Client()
    browser.force_login(viewer, backend="kam.people.backends.MemberBackend")
    return browser


def test_finance_sees_the_client_and_not_its_people(canary: Canary) -> None:
    browser = signed_in(member(Role.FINANCE))
    pk = canary.account.pk
    seen = text_of(browser.get(f"/clients/{pk}/"))
    assert "金丝雀" in seen
    addresses = [
        f"/clients/{pk}/",
        f"/clients/{pk}/people/",
        f"/clients/{pk}/credit/",
        f"/clients/{pk}/files/",
        f"/clients/{pk}/history/",
        f"/approvals/{canary.request.pk}/",
        f"/admin/approvals/request/{canary.request.pk}/change/",
        "/",
        "/clients/?columns=client&columns=contacts&columns=birthday",
    ]
    for address in addresses:
        text = text_of(browser.get(address, follow=True))
        assert not [word for word in PEOPLE if word in text], address


@pytest.mark.parametrize("typed", ["柳莺莺", "lyy", "13912340987", "0987"])
def test_finance_finds_nobody_by_the_people(canary: Canary, typed: str) -> None:
    browser = signed_in(member(Role.FINANCE))
    for address in ("/search/", "/clients/", "/clients/suggest/"):
        text = text_of(browser.get(address, {"q": typed}, headers={"HX-Request": "true"}))
        assert "金丝雀" not in text, f"{address}?q={typed}"


def test_finance_exports_no_client(canary: Canary) -> None:
    for address in ("/clients/?export=csv", "/clients/?export=xlsx"):
        assert "金丝雀" not in text_of(signed_in(member(Role.FINANCE)).get(address))


def test_a_delegate_decides_without_reaching_the_dossier(canary: Canary) -> None:
    delegate = member(Role.MANAGER)
    browser = signed_in(delegate)
    assert browser.get(f"/approvals/{canary.request.pk}/").status_code == 404
    delegated(Member.objects.get(role=Role.DIRECTOR), delegate)
    page = browser.get(f"/approvals/{canary.request.pk}/")
    assert page.status_code == 200
    assert not [word for word in (*PEOPLE, "6222029876543210", "秘密巷7号") if word in text_of(page)]
    assert browser.get(f"/clients/{canary.account.pk}/").status_code == 404
    assert "金丝雀" not in text_of(browser.get("/clients/"))
    assert "金丝雀" not in text_of(browser.get("/clients/?export=csv"))


def test_a_share_to_look_at_is_not_one_to_work_on(canary: Canary) -> None:
    viewer = member(Role.MANAGER)
    factories.share(account=canary.account, member=viewer, permission="view")
    browser = signed_in(viewer)
    assert browser.get(f"/clients/{canary.account.pk}/").status_code == 200
    for way in ("edit", "status", "share", "credit/request"):
        response = browser.get(f"/clients/{canary.account.pk}/{way}/")
        assert response.status_code in (403, 404), way


def test_history_of_other_clients_is_in_nobody_elses_timeline(canary: Canary) -> None:
    viewer = member(Role.MANAGER)
    own = factories.account(owner=viewer)
    browser = signed_in(viewer)
    for tab in ("", "people/", "credit/", "files/", "history/"):
        text = text_of(browser.get(f"/clients/{own.pk}/{tab}"))
        assert not [word for word in canary.words if word in text], tab
