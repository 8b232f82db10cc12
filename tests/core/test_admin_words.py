"""The panel speaks the language of the page down to its pictures."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kam.approvals.models import Policy
from kam.people.choices import Role
from tests.support.people import member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "yes", "no"), [("zh-hans", "是", "否"), ("en", "Yes", "No")])
def test_yes_and_no_are_words_of_the_page(client: Client, language: str, yes: str, no: str) -> None:
    client.force_login(director := member(Role.DIRECTOR, must_change_password=False))
    client.cookies["kam_language"] = language
    member(Role.MANAGER, is_active=False)
    page = client.get(reverse("admin:people_member_changelist")).content.decode()
    assert set(re.findall(r'field-is_active">([^<]*)<', page)) == {yes, no}
    assert f">{no}<" in client.get(reverse("admin:people_member_change", args=[director.pk])).content.decode()
    policies = client.get(reverse("admin:approvals_policy_changelist")).content.decode()
    assert "alt=" not in policies.partition('id="result_list"')[2].partition("</table>")[0]


def test_a_chinese_list_and_form_of_the_panel_carry_no_english(client: Client) -> None:
    client.force_login(member(Role.DIRECTOR, username="1", full_name="沈砚清"))
    addresses = [
        reverse("admin:people_member_changelist"),
        reverse("admin:approvals_policy_change", args=[Policy.objects.order_by("pk")[0].pk]),
    ]
    for address in addresses:
        page = client.get(address).content.decode().partition('id="content"')[2].partition(">")[2]
        words = re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)
        said = " ".join(
            [*re.findall(r'(?:alt|title|aria-label|placeholder)="([^"]*)"', words), re.sub(r"<[^>]+>", " ", words)]
        )
        assert re.findall(r".{0,60}[A-Za-z]{3,}.{0,60}", said) == []
