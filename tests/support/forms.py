"""What every form page must hold: a subclass names the page and good data, the tests come with it."""

from typing import Any, ClassVar

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kam.people.models import Member
from tests.factories import account
from tests.support.people import member

LONG = "长" * 10_000
HTML = "<script>alert(1)</script><b>粗</b>"


def signed_in(person: Member, language: str = "zh-hans") -> Client:
    """A browser of that member, with pages in the language."""
    client = Client()
    client.force_login(person, backend="kam.people.backends.MemberBackend")
    client.cookies["kam_language"] = language
    return client


def opened(client: Client, url: str) -> dict[str, Any]:
    """The form of a page as a browser would post it untouched."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return posted(response.context["form"])


def posted(form: Any) -> dict[str, Any]:
    """What a browser posts of a drawn form: hidden fields and all the values it shows."""
    data: dict[str, Any] = {}
    for field in form:
        value = field.value()
        widget = field.field.widget
        if getattr(widget, "input_type", "") == "checkbox" and not value:
            continue
        shown = widget.format_value(value)
        if getattr(widget, "allow_multiple_selected", False):
            if shown:
                data[field.html_name] = list(shown)
            continue
        if isinstance(shown, list):
            shown = shown[0] if shown else ""
        if getattr(widget, "input_type", "") != "file":
            data[field.html_name] = "on" if shown is True else (shown or "")
    return data


class FormContract:
    """Subclass as `class TestX(FormContract)`; the row of the page belongs to the client of `self.owner`.

    `allowed` and `refused` are roles that do not own the client: 200 against 403 for who sees it, 404 for who does not.
    """

    page: ClassVar[str]
    """Name of the page's address, by which `tests/core/test_form_contracts.py` knows that it has a contract."""
    model: ClassVar[type[Model]]
    """Of which a repeated post makes no second row."""
    good: ClassVar[dict[str, Any]]
    """What a person types."""
    texts: ClassVar[tuple[str, ...]] = ()
    """Text fields: kept as typed, refused when endless."""
    refused: ClassVar[tuple[str, ...]] = ("finance",)
    unseeing: ClassVar[tuple[str, ...]] = ("executive", "legal", "partner", "manager")
    actor_role: ClassVar[str] = "manager"
    missing: ClassVar[str] = "/clients/987654321/"
    """An address of the same part of the product behind which there is nothing."""

    owner: Member
    actor: Member

    @pytest.fixture(autouse=True)
    def _people(self, db: None) -> None:
        self.owner = member("manager")
        self.actor = self.owner if self.actor_role == "manager" else member(self.actor_role)
        self.account = account(owner=self.owner)
        self.prepare()

    def prepare(self) -> None:
        """Rows that the page needs besides the client."""

    def url(self) -> str:
        """Address of the page."""
        raise NotImplementedError

    def typed(self, client: Client, **changes: Any) -> dict[str, Any]:
        """The opened form filled in."""
        return {**opened(client, self.url()), **self.good, **changes}

    def stored(self) -> list[Any]:
        """Everything the page could have changed."""
        return list(self.model._default_manager.for_system().order_by("pk").values())  # type: ignore[attr-defined]

    def test_it_saves_and_goes_on(self) -> None:
        client = signed_in(self.actor)
        before = self.stored()
        response = client.post(self.url(), self.typed(client))
        assert response.status_code == 302, response.context["form"].errors
        assert self.stored() != before

    def test_the_same_post_again_does_nothing_twice(self) -> None:
        client = signed_in(self.actor)
        data = self.typed(client)
        first = client.post(self.url(), data)
        after = self.stored()
        for value in data.values():
            if hasattr(value, "seek"):
                value.seek(0)
        second = client.post(self.url(), data)
        assert (second.status_code, second["Location"]) == (302, first["Location"])
        assert self.stored() == after

    def test_it_speaks_both_languages(self) -> None:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert signed_in(self.actor, language).get(self.url()).status_code == 200

    def test_who_sees_but_may_not_is_told_why(self) -> None:
        for role in self.refused:
            before = self.stored()
            client = signed_in(member(role))
            assert client.get(self.url()).status_code == 403, role
            assert client.post(self.url(), self.good).status_code == 403, role
            assert self.stored() == before

    def test_out_of_sight_is_as_if_there_were_none(self) -> None:
        for role in self.unseeing:
            before = self.stored()
            client = signed_in(member(role))
            hidden, missing = client.get(self.url()), client.get(self.missing)
            assert hidden.status_code == missing.status_code == 404, role
            assert client.post(self.url(), self.good).status_code == 404, role
            assert _body(hidden, self.url()) == _body(missing, self.missing)
            assert self.stored() == before

    def test_a_session_that_ended_leads_back_to_the_form(self) -> None:
        client = signed_in(self.actor)
        data = self.typed(client)
        before = self.stored()
        client.logout()
        response = client.post(self.url(), data, headers={"referer": f"http://testserver{self.url()}"})
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("people:sign_in"))
        assert self.stored() == before

    def test_endless_text_is_refused_beside_its_field_and_kept(self) -> None:
        client = signed_in(self.actor)
        for name in self.texts:
            before = self.stored()
            response = client.post(self.url(), self.typed(client, **{name: LONG}))
            assert response.status_code == 422, name
            assert name in response.context["form"].errors
            assert LONG in response.content.decode()
            assert self.stored() == before

    def test_odd_text_is_kept_as_text(self) -> None:
        for name in self.texts:
            client = signed_in(self.actor)
            text = "<b>😀</b>\x00"
            response = client.post(self.url(), self.typed(client, **{name: text}))
            if response.status_code == 422:
                assert "<b>😀" not in response.content.decode(), name
                assert "&lt;b&gt;😀&lt;/b&gt;" in response.content.decode(), name
            else:
                assert response.status_code == 302, name
                assert any("<b>😀</b>" in row.values() for row in self.stored()), name


def _body(response: Any, path: str) -> str:
    text: str = response.content.decode()
    token = str(response.context["csrf_token"]) if response.context else ""
    return text.replace(token, "").replace(path, "") if token else text.replace(path, "")
