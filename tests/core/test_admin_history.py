"""The history pages of the panel show what services changed, not the panel's own empty log."""

import pytest
from django.test import Client
from django.urls import reverse

from kam.approvals.models import Policy
from kam.approvals.services import PolicyStepData, policy_change
from kam.core.calendar import today
from kam.people.choices import Role
from kam.people.services import member_change
from tests.support.people import member
from tests.support.requests import asked_credit, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(client: Client) -> Client:
    """The director in the panel."""
    client.force_login(member(Role.DIRECTOR, full_name="沈砚清"))
    return client


def test_the_history_of_a_policy_names_its_steps(panel: Client) -> None:
    director = member(Role.DIRECTOR, full_name="顾承远")
    policy = Policy.objects.get(kind="share")
    steps = [PolicyStepData(position=1, step_kind="decision", role=Role.EXECUTIVE, above_amount=None)]
    policy_change(
        policy_pk=policy.pk,
        actor=director,
        seen_version=policy.version,
        allows_bulk=policy.allows_bulk,
        remind_after_days=7,
        steps=steps,
    )
    page = panel.get(reverse("admin:approvals_policy_history", args=[policy.pk])).content.decode()
    assert "顾承远" in page
    assert "<ins>7</ins>" in page
    assert f"<ins>{Role.EXECUTIVE.label}</ins>" in page


def test_the_history_of_a_member_is_that_of_the_members_page(panel: Client) -> None:
    who = member(Role.MANAGER, full_name="周牧野")
    member_change(actor=member(Role.DIRECTOR), member_pk=who.pk, territory="江南省江州市", on=today())
    page = panel.get(reverse("admin:people_member_history", args=[who.pk])).content.decode()
    assert "江南省江州市" in page
    assert "password" not in page.partition('id="content-main"')[2]


def test_a_row_without_history_keeps_the_panels_own_page(panel: Client) -> None:
    owner = member()
    request = asked_credit(owner, client_of(owner))
    assert panel.get(reverse("admin:approvals_request_history", args=[request.pk])).status_code == 200
    assert panel.get(reverse("admin:people_member_history", args=[987654321])).status_code == 302
