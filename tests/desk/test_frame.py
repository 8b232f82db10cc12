"""The menu around every page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _

from kam.desk.context import frame
from kam.desk.frame import Frame
from kam.people.choices import Role
from tests.support.people import member

pytestmark = pytest.mark.django_db


def frame_of(user: object) -> Frame:
    request = RequestFactory().get("/")
    request.user = user  # type: ignore[assignment]
    return frame(request)["frame"]


def test_nobody_gets_no_menu_and_costs_no_query() -> None:
    with CaptureQueriesContext(connection) as caught:
        shown = frame_of(AnonymousUser())
        assert (shown.nav, shown.foot, shown.quick_add, shown.unread, shown.todo_count) == ([], [], [], 0, 0)
    assert len(caught) == 0


def test_a_frame_nobody_looks_at_costs_no_query() -> None:
    user = member()
    with CaptureQueriesContext(connection) as caught:
        frame_of(user)
    assert len(caught) == 0


@pytest.mark.parametrize(
    ("role", "has_clients", "has_panel", "may_add"),
    [
        (Role.DIRECTOR, True, True, True),
        (Role.CLERK, True, True, True),
        (Role.MANAGER, True, False, True),
        (Role.EXECUTIVE, False, True, False),
        (Role.FINANCE, True, True, False),
        (Role.LEGAL, False, False, False),
        (Role.PARTNER, False, False, False),
    ],
)
def test_each_role_is_offered_its_work(role: str, has_clients: bool, has_panel: bool, may_add: bool) -> None:
    with CaptureQueriesContext(connection) as caught:
        shown = frame_of(member(role))
        assert ("/clients/" in [link.url for link in shown.nav]) is has_clients
        assert ("/admin/" in [link.url for link in shown.foot]) is has_panel
        assert may_add or str(_("New client")) not in [str(link.title) for link in shown.quick_add]
        assert shown.unread == 0
    assert len([query for query in caught if query["sql"].startswith("SELECT")]) <= 5


def test_whoever_must_set_a_password_is_led_nowhere_else() -> None:
    assert frame_of(member(must_change_password=True)).nav == []


def test_the_place_one_is_at_is_marked(client: Client) -> None:
    client.force_login(member())
    page = client.get("/clients/").content.decode()
    assert 'href="/clients/" aria-current="page"' in page
    assert 'href="/" aria-current="page"' not in page
