"""Two people at once, on two connections: the first counts, the second is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from accounts.models import Account
from accounts.services import account_change, credit_open
from kam.approvals.models import Request, RequestStep
from kam.approvals.services import request_withdraw
from kam.core.exceptions import ChangedMeanwhile, DomainError
from kam.core.states import Transition
from kam.people.choices import Role
from tests.support.people import member
from tests.support.requests import NOW, asked_credit, client_of, decide, waiting_step

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _two_connections():
    if connection.vendor != "postgresql":
        pytest.skip("races run on PostgreSQL")


def at_once(*acts):
    """Run the acts at the same moment, each on a connection of its own; what each returned or raised."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=10)
            return act()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refused(results):
    return [result for result in results if isinstance(result, ChangedMeanwhile)]


def moves(request):
    return list(Transition.objects.filter(object_id=request.pk, old="pending").values_list("new", flat=True))


def test_two_directors_deciding_at_once_one_wins_and_the_other_is_told():
    first, second = member(Role.DIRECTOR, full_name="沈砚清"), member(Role.DIRECTOR, full_name="温若谷")
    manager = member(Role.MANAGER)
    request = asked_credit(manager, client_of(manager))
    step = waiting_step(request)
    results = at_once(
        lambda: decide(request, first, "approve", step_pk=step.pk),
        lambda: decide(request, second, "return", comment="先收款", step_pk=step.pk),
    )
    losers = refused(results)
    assert len(losers) == 1
    step.refresh_from_db()
    assert step.decided_by.full_name in str(losers[0])
    request.refresh_from_db()
    assert moves(request) == ["approved" if step.decided_by == first else "returned"] == [request.status]


def test_a_decision_sent_twice_at_once_is_one_decision():
    director, manager = member(Role.DIRECTOR), member(Role.MANAGER)
    request = asked_credit(manager, client_of(manager))
    step = waiting_step(request)
    results = at_once(*[lambda: decide(request, director, step_pk=step.pk)] * 2)
    assert refused(results) == []
    assert moves(request) == ["approved"]


def test_withdrawing_against_approving_only_one_happens():
    director, manager = member(Role.DIRECTOR), member(Role.MANAGER)
    request = asked_credit(manager, client_of(manager))
    step = waiting_step(request)
    results = at_once(
        lambda: decide(request, director, step_pk=step.pk),
        lambda: request_withdraw(request_pk=request.pk, actor=manager, seen_revision=1, now=NOW),
    )
    assert len(refused(results)) == 1
    request.refresh_from_db()
    assert moves(request) == [request.status]
    decided = RequestStep.objects.get(pk=step.pk).decided_by is not None
    assert decided == (request.status == "approved")


def test_two_submissions_on_one_client_make_one_request():
    manager, clerk = member(Role.MANAGER), member(Role.CLERK)
    member(Role.DIRECTOR)
    account = client_of(manager)
    results = at_once(
        lambda: asked_credit(manager, account, 210_000),
        lambda: asked_credit(clerk, account, 220_000),
    )
    assert len(refused(results)) == 1
    assert Request.objects.count() == 1


def test_numbers_stay_apart_when_many_submit_at_once():
    managers = [member(Role.MANAGER) for _ in range(4)]
    member(Role.DIRECTOR)
    clients = [client_of(manager, f"第{place}号客户") for place, manager in enumerate(managers)]
    results = at_once(
        *[
            lambda manager=manager, account=account: asked_credit(manager, account)
            for manager, account in zip(managers, clients, strict=True)
        ]
    )
    assert len({request.number for request in results}) == 4


def test_an_edit_against_a_decision_never_approves_what_was_not_seen():
    director, manager = member(Role.DIRECTOR), member(Role.MANAGER)
    account = client_of(manager)
    request = asked_credit(manager, account)
    step = waiting_step(request)
    at_once(
        lambda: decide(request, director, step_pk=step.pk),
        lambda: account_change(
            account_pk=account.pk, actor=manager, data={"name": "青禾物流有限公司"}, version=account.version
        ),
    )
    request.refresh_from_db()
    account.refresh_from_db()
    assert account.name == "青禾物流有限公司"
    assert request.status == "void"


def test_two_openings_at_once_write_the_credit_once():
    director, manager = member(Role.DIRECTOR), member(Role.MANAGER)
    finance = [member(Role.FINANCE), member(Role.FINANCE)]
    account = client_of(manager)
    request = decide(asked_credit(manager, account), director)
    at_once(
        *[lambda who=who: credit_open(request_pk=request.pk, seen_revision=1, actor=who, now=NOW) for who in finance]
    )
    assert Account.history.filter(id=account.pk, history_change_reason=request.number).count() == 1
