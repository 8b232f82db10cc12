"""One search for everything."""

from collections.abc import Iterator

import pytest
from django.test import Client

from kam.core import contributions
from kam.core.contributions import SearchHit
from tests.support.people import member

pytestmark = pytest.mark.django_db
URL = "/search/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SearchHit]]:
    """What the areas answer."""
    hits: list[SearchHit] = []
    monkeypatch.setitem(contributions._functions, contributions.Place.SEARCH, {"x": lambda user, q, n: hits[:n]})
    yield hits


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(member())
    return client


def test_hits_stand_under_the_heading_of_their_area(browser: Client, found: list[SearchHit]) -> None:
    found += [
        SearchHit("客户", "苏宁", "/clients/1/", "KA-0001"),
        SearchHit("联系人", "苏联系", "/clients/2/"),
        SearchHit("客户", "苏果", "/clients/3/"),
    ]
    response = browser.get(URL, {"q": "su"})
    assert [(group["title"], len(group["items"])) for group in response.context["groups"]] == [
        ("客户", 2),
        ("联系人", 1),
    ]
    assert 'value="su"' in response.content.decode()


def test_a_single_hit_is_opened_at_once(browser: Client, found: list[SearchHit]) -> None:
    found.append(SearchHit("客户", "苏宁", "/clients/1/"))
    response = browser.get(URL, {"q": "sn"})
    assert (response.status_code, response["Location"]) == (302, "/clients/1/")


def test_suggestions_are_a_fragment_that_never_leads_away(browser: Client, found: list[SearchHit]) -> None:
    found.append(SearchHit("客户", "苏宁<b>", "/clients/1/"))
    response = browser.get(URL, {"q": "s&n"}, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert "苏宁&lt;b&gt;" in page
    assert "/search/?q=s%26n" in page


def test_a_miss_and_an_empty_box_say_what_to_do(browser: Client, found: list[SearchHit]) -> None:
    assert "没有找到“没有的”" in browser.get(URL, {"q": "没有的"}).content.decode()
    assert "您要找什么" in browser.get(URL).content.decode()
    assert browser.get(URL, {"q": ""}, headers=HTMX).content.decode().strip() == ""


@pytest.mark.parametrize("words", ["\x00", "%", "'--", "<script>", "😀" * 300, " " * 500])
def test_anything_can_be_typed(browser: Client, words: str) -> None:
    response = browser.get(URL, {"q": words})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_nobody_searches_without_signing_in(client: Client) -> None:
    assert client.get(URL, {"q": "x"}).status_code == 302
