"""Members, units and delegations in the admin panel: to look at, by those who have a panel."""

import pytest
from django.test import Client
from django.urls import reverse

from kam.core.calendar import today
from kam.people.choices import Authority, Role
from kam.people.models import Delegation, Member
from tests.support.people import member, unit

pytestmark = pytest.mark.django_db
PANEL = (Role.DIRECTOR, Role.CLERK)


def browser(role):
    client = Client()
    client.force_login(member(role), backend="kam.people.backends.MemberBackend")
    return client


@pytest.mark.parametrize("role", PANEL)
def test_the_panel_shows_and_changes_nothing(role):
    who = member(unit=unit())
    Delegation.objects.create(
        grantor=member(Role.DIRECTOR), delegate=who, authority=Authority.SHARE, starts_on=today(), ends_on=today()
    )
    client = browser(role)
    for model in ("member", "unit", "delegation"):
        assert client.get(reverse(f"admin:people_{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:people_{model}_add")).status_code == 403
    page = reverse("admin:people_member_change", args=[who.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"full_name": "anders", "role": "director"}).status_code == 403
    assert client.post(reverse("admin:people_member_delete", args=[who.pk]), {"post": "yes"}).status_code == 403
    stored = Member.objects.get(pk=who.pk)
    assert (stored.full_name, stored.role) == (who.full_name, who.role)


def test_no_password_reaches_the_panel():
    who = member(password="Juzi-2026-hong")
    page = browser(Role.DIRECTOR).get(reverse("admin:people_member_change", args=[who.pk])).content.decode()
    assert who.password not in page
