"""The admin panel: who gets in, and that its own doors lead to the product's."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from kam.core.scoped_admin import ScopedModelAdmin
from kam.desk.panel import PANEL_ROLES
from kam.people.choices import Role
from tests.support.people import member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(PANEL_ROLES))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_roles_that_decide_find_a_clean_panel(client: Client, role: str, language: str) -> None:
    client.force_login(member(role, full_name="Ann Lee"))
    client.cookies["kam_language"] = language
    response = client.get("/admin/")
    page = response.content.decode()
    assert response.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", page)
    body = re.sub(r"<[^>]+>", " ", page.partition('id="main"')[2].partition(">")[2].partition("</main>")[0])
    wrong = r"[\u4e00-\u9fff]" if language == "en" else r"[A-Za-z]{3,}"
    assert not re.search(wrong, body), body


@pytest.mark.parametrize("role", sorted(set(Role.values) - PANEL_ROLES))
def test_other_roles_are_told_why_not(client: Client, role: str) -> None:
    client.force_login(member(role))
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "审批" in response.content.decode()
    assert client.get("/admin/people/member/").status_code in (302, 404)


def test_nobody_is_sent_to_the_sign_in_of_the_product(client: Client) -> None:
    for address in ("/admin/", "/admin/login/", "/admin/people/member/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/people/sign-in/?next=")


def test_a_password_is_changed_and_a_session_ended_on_the_product_s_own_pages(client: Client) -> None:
    client.force_login(member(Role.DIRECTOR))
    assert client.get("/admin/password_change/")["Location"] == "/people/password/"
    assert client.get("/admin/login/")["Location"] == "/admin/"
    assert client.post("/admin/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_whoever_must_set_a_password_sets_it_first(client: Client) -> None:
    client.force_login(member(Role.DIRECTOR, must_change_password=True))
    assert client.get("/admin/")["Location"].startswith("/people/password/")


def test_every_page_of_the_panel_stands_on_the_scoped_base() -> None:
    for model, page in admin.site._registry.items():
        assert isinstance(page, ScopedModelAdmin), model
        assert not page.has_delete_permission(None)  # type: ignore[arg-type]
        assert type(page).delete_view is ModelAdmin.delete_view


def test_a_list_edited_in_place_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        type("Page", (ScopedModelAdmin,), {"list_editable": ("name",)})
