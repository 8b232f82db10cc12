"""Two people work on the same client at the same moment, on PostgreSQL with two connections."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Account, AccountGrant, BankAccount
from accounts.services import account_assign, account_change, account_create, account_status_change, check_grants
from kam.core.exceptions import ChangedMeanwhile, EditConflict, FieldErrors
from kam.people.models import Member
from tests.factories import account
from tests.support.forms import opened, signed_in
from tests.support.people import member
from tests.support.races import at_once, while_held

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner() -> Member:
    return member("manager")


def held(service: Callable[..., Any], **words: Any) -> Callable[[Callable[[], None]], Any]:
    """The service, standing still after its work and before its commit."""

    def run(pause: Callable[[], None]) -> Any:
        with transaction.atomic():
            done = service(**words)
            pause()
            return done

    return run


def test_an_edit_that_waits_for_an_assignment_is_refused(owner: Member) -> None:
    row, successor, director = account(owner=owner), member("manager"), member("director")
    _assigned, edited = while_held(
        held(account_assign, account_pk=row.pk, owner=successor, deputy=None, actor=director),
        lambda: account_change(account_pk=row.pk, actor=owner, data={"industry": "百货"}, version=1),
    )
    assert isinstance(edited, Account.DoesNotExist)
    row.refresh_from_db()
    assert (row.owner, row.industry) == (successor, "")
    assert check_grants() == []


def test_an_assignment_that_waits_for_an_edit_keeps_it(owner: Member) -> None:
    row, successor, director = account(owner=owner), member("manager"), member("director")
    _edited, assigned = while_held(
        held(account_change, account_pk=row.pk, actor=owner, data={"industry": "百货"}, version=1),
        lambda: account_assign(account_pk=row.pk, owner=successor, deputy=None, actor=director),
    )
    assert assigned.owner == successor
    row.refresh_from_db()
    assert (row.owner, row.industry, row.version) == (successor, "百货", 2)
    newest = row.history.latest()
    assert (newest.industry, newest.owner) == ("百货", successor)
    assert not AccountGrant.objects.filter(user=owner).exists()
    assert check_grants() == []


def test_two_assignments_leave_one_owner(owner: Member) -> None:
    row, director = account(owner=owner), member("director")
    one, other = member("manager"), member("manager")
    at_once(
        lambda: account_assign(account_pk=row.pk, owner=one, deputy=None, actor=director),
        lambda: account_assign(account_pk=row.pk, owner=other, deputy=None, actor=director),
    )
    row.refresh_from_db()
    assert row.owner in (one, other)
    assert {grant.user_id for grant in AccountGrant.objects.filter(content_object=row)} == {row.owner_id}
    assert check_grants() == []


def test_of_two_editors_of_one_field_the_second_is_asked(owner: Member) -> None:
    row, director = account(owner=owner), member("director")
    results = at_once(
        lambda: account_change(account_pk=row.pk, actor=owner, data={"industry": "百货"}, version=1),
        lambda: account_change(account_pk=row.pk, actor=director, data={"industry": "家电"}, version=1),
    )
    refused = [result for result in results if isinstance(result, EditConflict)]
    assert len(refused) == 1
    row.refresh_from_db()
    assert (row.version, row.history.count()) == (2, 2)
    conflict = refused[0].conflicts[0]
    assert (conflict.theirs, {conflict.theirs, conflict.mine}) == (row.industry, {"百货", "家电"})


def test_two_editors_of_different_fields_both_save(owner: Member) -> None:
    row, director = account(owner=owner), member("director")
    at_once(
        lambda: account_change(account_pk=row.pk, actor=owner, data={"industry": "百货", "city": ""}, version=1),
        lambda: account_change(account_pk=row.pk, actor=director, data={"industry": "", "city": "江州"}, version=1),
    )
    row.refresh_from_db()
    assert (row.industry, row.city, row.version) == ("百货", "江州", 3)


def test_two_edits_cannot_close_a_circle(owner: Member) -> None:
    one, other = account(owner=owner), account(owner=owner)
    results = at_once(
        lambda: account_change(account_pk=one.pk, actor=owner, data={"parent": other}, version=1),
        lambda: account_change(account_pk=other.pk, actor=owner, data={"parent": one}, version=1),
    )
    assert sum(isinstance(result, FieldErrors) for result in results) == 1
    parents = set(Account.objects.for_system().values_list("parent", flat=True))
    assert len(parents - {None}) == 1


def test_two_people_open_clients_at_the_same_moment(owner: Member) -> None:
    one, other = at_once(
        lambda: account_create(actor=owner, data={"name": "甲有限公司", "kind": "enterprise"}),
        lambda: account_create(actor=member("manager"), data={"name": "乙有限公司", "kind": "enterprise"}),
    )
    assert {one.number, other.number} == {"KA-0001", "KA-0002"}
    assert check_grants() == []


def test_two_people_open_the_same_client(owner: Member) -> None:
    data = {"name": "甲有限公司", "kind": "enterprise", "credit_code": "914403001922038216"}
    results = at_once(
        lambda: account_create(actor=owner, data=data),
        lambda: account_create(actor=member("manager"), data={**data, "name": "乙有限公司"}),
    )
    assert sum(isinstance(result, Account) for result in results) == 1
    assert Account.objects.for_system().count() == 1


def test_of_two_moves_one_counts(owner: Member) -> None:
    row = account(owner=owner)
    results = at_once(
        lambda: account_status_change(account_pk=row.pk, actor=owner, to="active", seen="prospect"),
        lambda: account_status_change(account_pk=row.pk, actor=owner, to="ended", seen="prospect", reason="停业"),
    )
    assert sum(isinstance(result, ChangedMeanwhile) for result in results) == 1
    row.refresh_from_db()
    assert row.status in ("active", "ended")


def test_a_double_click_opens_one_client(owner: Member) -> None:
    url = reverse("accounts:account_create")
    one, other = signed_in(owner), signed_in(owner)
    data = {**opened(one, url), "name": "甲有限公司", "kind": "enterprise"}
    answers = at_once(lambda: one.post(url, data), lambda: other.post(url, data))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Account.objects.for_system().count() == 1


def test_a_double_click_adds_one_bank_account(owner: Member) -> None:
    row = account(owner=owner)
    url = reverse("accounts:part_create", args=[row.pk, "bankaccount"])
    one, other = signed_in(owner), signed_in(owner)
    data = {**opened(one, url), "bank_name": "农业银行", "account_number": "5750040793379156"}
    at_once(lambda: one.post(url, data), lambda: other.post(url, data))
    assert BankAccount.objects.for_system().count() == 1
