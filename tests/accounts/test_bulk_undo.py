"""A bulk assignment is taken back whole: owners, deputies, grants, shares; or the clients in the way are named."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, AccountGrant
from accounts.services import account_assign, account_change, accounts_assign, assignment_undo, check_grants
from kam.core.calendar import now, today
from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.history import Operation
from kam.outbox.models import Notice
from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db


def grants() -> set[tuple[object, ...]]:
    """Every grant as plain values."""
    return set(
        AccountGrant.objects.for_system().values_list("content_object", "user", "permission", "source", "ends_on")
    )


@pytest.fixture
def director() -> Member:
    """Who assigns."""
    return member(Role.DIRECTOR)


def test_everything_is_as_it_was(director: Member) -> None:
    one, two, new = member(), member(), member()
    rows = [
        factories.account(owner=one, deputy=new),
        factories.account(owner=two, deputy=one),
        factories.account(owner=new),
        factories.account(),
    ]
    factories.share(account=rows[1], member=new, permission="change", ends_on=today() + timedelta(days=9))
    people = [(row.owner, row.deputy) for row in rows]
    before = grants()
    operation, changed = accounts_assign(account_pks=[row.pk for row in rows], owner=new, actor=director)
    assert len(changed) == 3
    assert grants() != before
    Notice.objects.all().delete()
    account_change(account_pk=rows[0].pk, actor=director, data={"industry": "百货"}, version=rows[0].version)

    back = assignment_undo(operation_pk=operation.pk, actor=director, now=now())

    assert {row.pk for row in back} == {row.pk for row in changed}
    for row in rows:
        row.refresh_from_db()
    assert [(row.owner, row.deputy) for row in rows] == people
    assert rows[0].industry == "百货"
    assert grants() == before
    assert check_grants() == []
    assert {notice.recipient for notice in Notice.objects.all()} == {one, two}
    latest = rows[0].history.latest()
    assert (latest.history_user, latest.operation.kind) == (director, Operation.Kind.UNDO)
    operation.refresh_from_db()
    assert operation.undone_at is not None


def test_a_share_that_ended_meanwhile_stays_ended(director: Member) -> None:
    new = member()
    row = factories.account(owner=member())
    factories.share(account=row, member=new, ends_on=today() + timedelta(days=2))
    operation, _changed = accounts_assign(account_pks=[row.pk], owner=new, actor=director)
    assignment_undo(operation_pk=operation.pk, actor=director, now=now() + timedelta(days=3))
    assert not AccountGrant.objects.for_system().filter(user=new).exists()


def test_a_client_assigned_again_stops_all_and_is_named(director: Member, client: Client) -> None:
    old, new = member(), member()
    rows = [factories.account(owner=old, name="云岭百货"), factories.account(owner=old, name="锦川物流")]
    operation, _changed = accounts_assign(account_pks=[row.pk for row in rows], owner=new, actor=director)
    account_assign(account_pk=rows[1].pk, owner=member(), deputy=None, actor=director)
    account_assign(account_pk=rows[1].pk, owner=new, deputy=None, actor=director)
    before = grants()
    with pytest.raises(DomainError, match="锦川物流") as caught:
        assignment_undo(operation_pk=operation.pk, actor=director, now=now())
    assert "云岭百货" not in str(caught.value)
    assert grants() == before
    assert set(Account.objects.values_list("owner", flat=True)) == {new.pk}
    client.force_login(director)
    page = client.get(f"/clients/assigned/{operation.pk}/").content.decode()
    assert page.count("此后又改派过") == 2
    assert "撤销这次分配" not in page


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.FINANCE}])
def test_nobody_gets_a_client_back_who_could_not_have_it(director: Member, change: dict[str, object]) -> None:
    old = member(full_name="罗嘉禾")
    row = factories.account(owner=old)
    operation, _changed = accounts_assign(account_pks=[row.pk], owner=member(), actor=director)
    Member.objects.filter(pk=old.pk).update(**change)
    with pytest.raises(DomainError, match="罗嘉禾"):
        assignment_undo(operation_pk=operation.pk, actor=director, now=now())


def test_once_and_within_thirty_days(director: Member) -> None:
    row = factories.account(owner=member())
    operation, _changed = accounts_assign(account_pks=[row.pk], owner=member(), actor=director)
    with pytest.raises(DomainError, match="30"):
        assignment_undo(operation_pk=operation.pk, actor=director, now=now() + timedelta(days=31))
    assignment_undo(operation_pk=operation.pk, actor=director, now=now() + timedelta(days=29))
    with pytest.raises(ChangedMeanwhile):
        assignment_undo(operation_pk=operation.pk, actor=director, now=now())
    assert Operation.objects.filter(kind=Operation.Kind.UNDO).count() == 1


def test_another_operation_is_no_assignment(director: Member) -> None:
    operation = Operation.objects.create(kind=Operation.Kind.IMPORT, actor=director)
    with pytest.raises(Operation.DoesNotExist):
        assignment_undo(operation_pk=operation.pk, actor=director, now=now())


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.DIRECTOR])
def test_only_the_director_may(director: Member, client: Client, role: str) -> None:
    actor = member(role)
    row = factories.account(owner=actor if role == Role.MANAGER else member())
    operation, _changed = accounts_assign(account_pks=[row.pk], owner=member(), actor=director)
    before = grants()
    with pytest.raises(NotAllowed):
        assignment_undo(operation_pk=operation.pk, actor=actor, now=now())
    client.force_login(actor)
    assert client.get(f"/clients/assigned/{operation.pk}/").status_code == 404
    assert client.post(f"/clients/assigned/{operation.pk}/undo/").status_code == 404
    assert grants() == before


def test_the_director_is_led_there_and_back(director: Member, client: Client) -> None:
    old, new = member(full_name="方瑾程"), member()
    row = factories.account(owner=old, name="青禾生鲜")
    client.force_login(director)
    done = client.post("/clients/assign/", {"pk": [row.pk], "owner": new.pk}, follow=True).content.decode()
    operation = Operation.objects.get()
    url = f"/clients/assigned/{operation.pk}/"
    assert f'<a href="{url}">' in done
    assert f'href="{url}"' in client.get("/clients/assign/").content.decode()
    assert f'href="{url}"' in client.get(f"/clients/{row.pk}/history/").content.decode()
    page = client.get(url).content.decode()
    assert "青禾生鲜" in page
    assert "方瑾程" in page
    after = client.post(f"{url}undo/", follow=True).content.decode()
    assert "已撤销，1 户客户" in after
    assert "撤销这次分配" not in after
    row.refresh_from_db()
    assert row.owner == old
    again = client.post(f"{url}undo/", follow=True).content.decode()
    assert "已经撤销" in again


def test_as_many_queries_for_many_clients(director: Member, client: Client) -> None:

    client.force_login(director)
    client.get("/clients/")
    asked = []
    for number in (3, 30):
        rows = [factories.account(owner=member()) for _ in range(number)]
        operation, _changed = accounts_assign(account_pks=[row.pk for row in rows], owner=member(), actor=director)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/clients/assigned/{operation.pk}/").status_code == 200
        asked.append(len(caught))
    assert asked[0] == asked[1]
