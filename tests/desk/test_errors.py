"""Pages that say what went wrong, and the language switch."""

import pytest
from django.test import Client, RequestFactory
from django.urls import get_resolver

from kam.people.choices import Role
from kam.people.models import Member
from tests.support.people import member

pytestmark = pytest.mark.django_db


def test_what_does_not_exist_is_said_with_the_frame_around_it(client: Client) -> None:
    client.force_login(member())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "这里没有" in response.content.decode() or "没有这" in response.content.decode()
    assert '<nav class="side"' in response.content.decode()


def test_what_does_not_exist_is_said_without_a_frame_to_nobody(client: Client) -> None:
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert '<nav class="side"' not in page.content.decode()


@pytest.mark.parametrize("status", [400, 403])
def test_other_refusals_have_pages_too(status: int) -> None:
    request = RequestFactory().get("/x/")
    request.user = member()
    request.session = {}  # type: ignore[assignment]
    response = get_resolver().resolve_error_handler(status)(request, exception=ValueError("原因"))
    assert response.status_code == status
    assert ("原因" in response.content.decode()) is (status == 403)


def test_a_crash_is_said_without_the_database() -> None:
    """No database fixture is asked for inside: the page is rendered from files alone."""
    response = get_resolver().resolve_error_handler(500)(RequestFactory().get("/x/"))
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()
    assert "Something went wrong" in response.content.decode()


def test_the_language_is_kept_in_the_browser_and_with_the_member(client: Client) -> None:
    user = member()
    client.force_login(user)
    response = client.post("/language/", {"language": "en", "next": "/clients/?q=1"})
    assert (response.status_code, response["Location"]) == (302, "/clients/?q=1")
    assert response.cookies["kam_language"].value == "en"
    assert Member.objects.get(pk=user.pk).language == "en"


def test_a_language_that_does_not_exist_changes_nothing(client: Client) -> None:
    user = member(Role.CLERK)
    client.force_login(user)
    response = client.post("/language/", {"language": "xx", "next": "https://evil.example/"})
    assert response["Location"] == "/"
    assert "kam_language" not in response.cookies
    assert Member.objects.get(pk=user.pk).language == "zh-hans"


def test_nobody_may_choose_a_language_too(client: Client) -> None:
    assert client.post("/language/", {"language": "en"}).cookies["kam_language"].value == "en"


@pytest.mark.parametrize(
    "target", ["Infinity", "9" * 20, "", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_what_is_no_address_leads_home(client: Client, target: str) -> None:
    assert client.post("/language/", {"language": "en", "next": target})["Location"] == "/"
