"""Counts beside the menu: kept for seconds, anew after what one did oneself."""

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy

from kam.core.badges import kept_count
from kam.people.models import Member
from tests.support.messages import tell
from tests.support.people import member


@pytest.fixture
def user() -> Member:
    """Whoever looks."""
    return member()


@pytest.mark.django_db
def test_a_count_is_worked_out_once(user: Member) -> None:
    asked: list[int] = []

    def count() -> int:
        asked.append(1)
        return 7

    assert [kept_count("unread", user, count) for _turn in range(3)] == [7, 7, 7]
    assert kept_count("unread", member(), count) == 7
    assert len(asked) == 2


@pytest.mark.django_db
def test_what_one_does_shows_at_once(client: Client, user: Member) -> None:
    client.force_login(user)
    assert client.get("/exports/").context["frame"].unread == 0
    tell(user, text=gettext_lazy("Clients"), url="/clients/")
    assert client.get("/exports/").context["frame"].unread == 0
    client.post("/exports/", {"act": "save_view", "name": "全部的"})
    assert client.get("/exports/").context["frame"].unread == 1
