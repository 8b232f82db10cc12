"""The director gives ticked clients to somebody else, as one operation."""

import pytest
from django.test import Client

from accounts.models import Account, AccountGrant
from accounts.services import accounts_assign
from kam.core.exceptions import DomainError, FieldErrors, NotAllowed
from kam.core.history import Operation
from kam.outbox.models import Notice
from kam.people.choices import Role
from tests import factories
from tests.support.people import member

URL = "/clients/assign/"


@pytest.mark.django_db
def test_ticked_clients_change_hands_together(client: Client) -> None:
    director, old, new = member(Role.DIRECTOR), member(), member(full_name="周牧野")
    rows = [factories.account(owner=old, deputy=new, name="甲"), factories.account(owner=old, name="乙")]
    left = factories.account(owner=old)
    Notice.objects.all().delete()
    client.force_login(director)
    query = "&".join(f"pk={row.pk}" for row in rows)
    page = client.get(f"{URL}?{query}").content.decode()
    assert "甲" in page
    assert page.count('name="pk"') == 2
    response = client.post(URL, {"pk": [row.pk for row in rows], "owner": new.pk, "reason": "换人"})
    assert response.status_code == 302
    assert response["Location"] == f"/clients/?owner={new.pk}&sort=-changed"
    operation = Operation.objects.get()
    for row in rows:
        row.refresh_from_db()
        assert (row.owner, row.deputy) == (new, None)
        assert row.history.latest().operation_id == operation.pk
        assert not Account.objects.visible_to(old).filter(pk=row.pk).exists()
        assert Account.objects.visible_to(new).filter(pk=row.pk).exists()
    assert Account.objects.visible_to(old).filter(pk=left.pk).exists()
    assert [notice.recipient for notice in Notice.objects.all()] == [new]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.FINANCE, Role.EXECUTIVE, Role.LEGAL, Role.PARTNER])
def test_nobody_else_may(client: Client, role: str) -> None:
    actor, new = member(role), member()
    row = factories.account(owner=actor if role == Role.MANAGER else member())
    owner = row.owner
    client.force_login(actor)
    assert client.get(f"{URL}?pk={row.pk}").status_code == 403
    assert client.post(URL, {"pk": [row.pk], "owner": new.pk}).status_code == 403
    with pytest.raises((NotAllowed, Account.DoesNotExist)):
        accounts_assign(account_pks=[row.pk], owner=new, actor=actor)
    row.refresh_from_db()
    assert row.owner == owner
    assert not Operation.objects.exists()


@pytest.mark.django_db
def test_one_wrong_person_stops_all() -> None:
    director, old = member(Role.DIRECTOR), member()
    row = factories.account(owner=old)
    before = AccountGrant.objects.for_system().count()
    with pytest.raises(FieldErrors):
        accounts_assign(account_pks=[row.pk], owner=member(Role.FINANCE), actor=director)
    with pytest.raises(DomainError):
        accounts_assign(account_pks=[], owner=old, actor=director)
    assert AccountGrant.objects.for_system().count() == before
    assert not Operation.objects.exists()


@pytest.mark.django_db
def test_nothing_ticked_or_nothing_to_change_is_said(client: Client) -> None:
    director, owner = member(Role.DIRECTOR), member()
    row = factories.account(owner=owner)
    client.force_login(director)
    assert "请先勾选客户" in client.get(URL).content.decode()
    assert client.post(URL, {"owner": owner.pk}).status_code == 422
    assert client.post(URL, {"pk": [row.pk], "owner": owner.pk}).status_code == 422
    assert client.post(URL, {"pk": ["99999999"], "owner": owner.pk}).status_code == 422
    assert not Operation.objects.exists()


@pytest.mark.django_db
def test_keys_that_no_row_can_have_tick_nothing(client: Client) -> None:
    client.force_login(member("director"), backend="kam.people.backends.MemberBackend")
    for key in ("9" * 30, "x", "\x00", "-1"):
        assert client.get(URL, {"pk": key}).status_code == 200
        assert client.post(URL, {"pk": key, "owner": key}).status_code == 422
