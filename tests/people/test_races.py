"""Two people at once, on two connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from kam.core.calendar import today
from kam.core.exceptions import DomainError
from kam.jobs import engine
from kam.jobs.models import JobRun
from kam.people.choices import Authority, Role
from kam.people.models import Delegation, Member
from kam.people.services import delegation_grant, delegation_revoke, member_add, member_leave
from tests.support.people import member

pytestmark = [pytest.mark.race, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls on a connection each, started together; gives results, or the errors of the trade."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def refused(results: list[Any]) -> int:
    return sum(isinstance(result, DomainError) for result in results)


def test_two_directors_do_not_leave_each_other():
    first, second = member(Role.DIRECTOR), member(Role.DIRECTOR)

    def leave(who, actor):
        return lambda: member_leave(actor=actor, member_pk=who.pk, left_on=today(), at=timezone.now(), on=today())

    assert refused(at_once(leave(first, second), leave(second, first))) == 1
    assert Member.objects.for_system().filter(role=Role.DIRECTOR, is_active=True).count() == 1


def test_the_same_authority_is_handed_over_once():
    director, delegate = member(Role.DIRECTOR), member()

    def grant():
        return delegation_grant(
            actor=director,
            delegate_pk=delegate.pk,
            authority=Authority.SHARE,
            starts_on=today(),
            ends_on=today() + timedelta(days=3),
            on=today(),
        )

    assert refused(at_once(grant, grant)) == 1
    assert Delegation.objects.for_system().count() == 1


def test_a_delegation_is_revoked_once():
    director = member(Role.DIRECTOR)
    given = Delegation.objects.create(
        grantor=director, delegate=member(), authority=Authority.SHARE, starts_on=today(), ends_on=today()
    )

    def revoke():
        return delegation_revoke(actor=director, delegation_pk=given.pk, at=timezone.now(), on=today())

    assert refused(at_once(revoke, revoke)) == 1


def test_one_name_is_given_once():
    def add():
        return member_add(actor=None, username="luyining", full_name="陆以宁", role=Role.MANAGER)

    assert refused(at_once(add, add)) == 1


def test_two_ticks_write_a_run_once_and_two_workers_share_the_runs():
    now = timezone.now()
    sent = [run.pk for runs in at_once(*[lambda: _tick(now)] * 2) for run in runs]
    assert JobRun.objects.for_system().count() == len(sent) == len(set(sent)) > 0
    pk = sent[0]

    def work():
        return engine.carry_out(run_pk=pk, now=now, clock=lambda: now)

    assert sorted(at_once(work, work)) == [False, True]


def _tick(now):
    handed: list[JobRun] = []
    engine.tick(now=now, send=handed.append)
    return handed
