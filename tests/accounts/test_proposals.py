"""Asking for another grade and for a hand-over: who may, what is refused, what approval does."""

import pytest
from django.urls import reverse

from accounts.models import Account
from accounts.services import account_assign, grade_request, handover_request
from kam.approvals.models import Request
from kam.core.exceptions import ChangedMeanwhile, FieldErrors, NotAllowed
from tests.factories import account
from tests.support.people import member
from tests.support.requests import NOW, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    found = {role: member(role) for role in ("director", "clerk", "finance", "executive")}
    return found | {"owner": member(full_name="卫东升"), "other": member(full_name="吴思远")}


@pytest.fixture
def known(people):
    return account(name="江州大学", owner=people["owner"], deputy=people["other"])


def ask_for_grade(known, actor, grade="B", **more):
    return grade_request(account_pk=known.pk, actor=actor, grade=grade, reason="采购量上升", now=NOW, **more)


def ask_to_hand_over(known, actor, owner, **more):
    return handover_request(account_pk=known.pk, actor=actor, owner=owner, reason="调区", now=NOW, **more)


def test_the_owner_asks_and_the_director_grades(people, known):
    request = ask_for_grade(known, people["owner"])
    assert request.number.startswith("FJ-2026-")
    assert decide(request, people["director"]).status == "effected"
    known.refresh_from_db()
    assert known.grade == "B"
    assert known.history.latest().history_user == people["director"]


def test_the_deputy_who_takes_over_is_no_longer_deputy(people, known):
    request = ask_to_hand_over(known, people["owner"], people["other"])
    decide(request, people["director"])
    known.refresh_from_db()
    assert (known.owner, known.deputy) == (people["other"], None)
    assert not Account.objects.visible_to(people["owner"]).exists()


def test_a_deputy_who_stays_is_deputy_still(people, known):
    third = member()
    decide(ask_to_hand_over(known, people["clerk"], third), people["director"])
    known.refresh_from_db()
    assert (known.owner, known.deputy) == (third, people["other"])


@pytest.mark.parametrize("grade", ["", "E", "a"])
def test_only_grades_of_the_list_can_be_asked_for(people, known, grade):
    with pytest.raises(FieldErrors):
        ask_for_grade(known, people["owner"], grade)


def test_what_is_there_already_cannot_be_asked_for(people, known):
    Account.objects.filter(pk=known.pk).update(grade="B")
    with pytest.raises(FieldErrors):
        ask_for_grade(known, people["owner"])
    with pytest.raises(FieldErrors):
        ask_to_hand_over(known, people["clerk"], people["owner"])
    for nobody in (None, people["finance"], member(is_active=False)):
        with pytest.raises(FieldErrors):
            ask_to_hand_over(known, people["clerk"], nobody)
    with pytest.raises(FieldErrors):
        grade_request(account_pk=known.pk, actor=people["owner"], grade="A", reason="  ", now=NOW)


def test_who_may_ask(people, known):
    stranger = member()
    for call in (ask_for_grade, lambda *who: ask_to_hand_over(*who, people["other"])):
        with pytest.raises(Account.DoesNotExist):
            call(known, stranger)
        with pytest.raises(NotAllowed):
            call(known, people["finance"])
    assert not Request.objects.exists()


def test_one_request_at_a_time_on_one_matter(people, known):
    ask_for_grade(known, people["owner"])
    with pytest.raises(ChangedMeanwhile):
        ask_for_grade(known, people["clerk"], "A")
    ask_to_hand_over(known, people["owner"], people["other"])


def test_a_client_that_changed_hands_meanwhile_is_not_handed_over(people, known):
    request = ask_to_hand_over(known, people["owner"], people["other"])
    third = member()
    account_assign(account_pk=known.pk, owner=third, deputy=None, actor=people["director"])
    request.refresh_from_db()
    assert request.status == "void"
    known.refresh_from_db()
    assert known.owner == third


@pytest.mark.parametrize(
    ("page", "values", "words"),
    [
        ("grade_request", {"grade": "B", "reason": "采购量上升"}, "批准 B 级"),
        ("handover_request", {"owner": "other", "reason": "调区"}, "移交给吴思远"),
    ],
)
def test_the_pages_ask_show_and_revise(client, people, known, page, values, words):
    sent = {name: people[value].pk if value == "other" else value for name, value in values.items()}
    url = reverse(f"accounts:{page}", args=[known.pk])
    client.force_login(people["owner"], backend="kam.people.backends.MemberBackend")
    assert client.get(url).status_code == 200
    assert client.post(url, sent | {"reason": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302
    request = Request.objects.get()
    client.force_login(people["director"], backend="kam.people.backends.MemberBackend")
    shown = client.get(request.get_absolute_url()).content.decode()
    assert words in shown
    assert "江州大学" in shown
    decide(request, people["director"], "return", comment="再说明一下")
    client.force_login(people["owner"], backend="kam.people.backends.MemberBackend")
    again = f"{url}?request={request.pk}"
    assert "再说明一下" in client.get(again).content.decode()
    assert client.post(again, sent | {"reason": "已说明", "seen_revision": 1}).status_code == 302
    request.refresh_from_db()
    assert (request.revision, request.status, request.reason) == (2, "pending", "已说明")


def test_who_may_do_it_is_not_offered_to_ask(client, people, known):
    for who, offered in ((people["owner"], True), (people["director"], False)):
        client.force_login(who, backend="kam.people.backends.MemberBackend")
        page = client.get(known.get_absolute_url()).content.decode()
        links = {name: reverse(f"accounts:{name}", args=[known.pk]) for name in ("grade_request", "account_grade")}
        assert (f'"{links["grade_request"]}"' in page) is offered
        assert (f'"{links["account_grade"]}"' in page) is not offered
