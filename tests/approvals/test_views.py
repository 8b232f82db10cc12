from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from kam.approvals.models import Policy, Request, RequestStep
from kam.approvals.services import PolicyStepData, policy_change
from kam.outbox.models import Notice
from kam.people.choices import Role
from tests.support.people import member
from tests.support.requests import NOW, TODAY, asked_credit, asked_share, client_of, decide, delegated, waiting_step

pytestmark = pytest.mark.django_db
BEHIND = "kam.people.backends.MemberBackend"


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        yield


@pytest.fixture
def people(db):
    """One of each role, and a second manager."""
    found = {role: member(role) for role in Role.values}
    return {**found, "colleague": member(Role.MANAGER, full_name="周牧野")}


@pytest.fixture
def account(people):
    return client_of(people["manager"], credit_limit=Decimal(200_000), term_kind="days", term_days=45)


@pytest.fixture
def request_(people, account):
    return asked_credit(people["manager"], account)


def browser(user):
    client = Client()
    client.force_login(user, backend=BEHIND)
    return client


def page(user, request):
    return browser(user).get(reverse("approvals:request_detail", args=[request.pk]))


def send(user, request, name="request_decide", **data):
    step = RequestStep.objects.filter(request=request, progress="current").first()
    posted = {"decision": "approve", "comment": "", "step": step.pk if step else 0, "revision": request.revision}
    return browser(user).post(reverse(f"approvals:{name}", args=[request.pk]), posted | data)


def state(request):
    return (
        Request.objects.values_list("status", "revision").get(pk=request.pk),
        list(RequestStep.objects.filter(request=request).values_list("progress", "outcome", "decided_by")),
        Notice.objects.count(),
        Account.objects.values_list("credit_limit", flat=True).get(pk=request.account_id),
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("director", 200),
        ("clerk", 200),
        ("manager", 200),
        ("colleague", 404),
        ("executive", 404),
        ("finance", 200),
        ("legal", 404),
        ("partner", 404),
    ],
)
def test_who_reads_a_request(people, request_, role, status):
    assert page(people[role], request_).status_code == status


@pytest.mark.parametrize("role", ["clerk", "manager", "finance"])
def test_who_sees_it_and_may_not_decide_is_told_why_and_nothing_changes(people, request_, role):
    shown = page(people[role], request_).content.decode()
    assert 'name="decision"' not in shown
    before = state(request_)
    assert send(people[role], request_).status_code == 403
    assert state(request_) == before


@pytest.mark.parametrize("role", ["colleague", "executive", "legal", "partner"])
def test_who_does_not_see_it_cannot_decide_either(people, request_, role):
    before = state(request_)
    for name in ("request_decide", "request_withdraw", "request_carry_out"):
        assert send(people[role], request_, name).status_code == 404
    assert state(request_) == before


def test_the_decision_page_shows_what_is_asked_and_names_the_amount_on_the_button(people, request_):
    shown = page(people["director"], request_).content.decode()
    for words in ("恒泽连锁商业", "280,000.00", "200,000.00", "12 月年货备货", request_.number, "158,700.00"):
        assert words in shown
    assert "批准 28 万" in shown
    assert "93%" in shown
    assert "等了 3 天" in shown


def test_the_director_approves_and_goes_to_the_next_one(people, account, request_):
    other = asked_share(people["manager"], account, people["colleague"])
    answer = send(people["director"], request_)
    assert answer.status_code == 302
    assert answer.url == reverse("approvals:request_detail", args=[other.pk])
    request_.refresh_from_db()
    assert request_.status == "approved"
    answer = send(people["director"], other)
    assert answer.url == reverse("approvals:request_list")


def test_a_return_without_a_word_comes_back_with_the_error_beside_the_comment(people, request_):
    before = state(request_)
    answer = send(people["director"], request_, decision="return", comment=" ")
    assert answer.status_code == 400
    assert 'id="decision-error"' in answer.content.decode()
    assert state(request_) == before
    typed = "长" * 1001
    answer = send(people["director"], request_, decision="return", comment=typed)
    assert answer.status_code == 400
    assert typed in answer.content.decode()
    assert state(request_) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "0"},
        {"step": "x"},
        {"step": "9" * 30},
        {"revision": "7"},
        {"revision": ""},
        {"decision": "explode"},
        {"decision": ""},
    ],
)
def test_a_stale_or_forged_form_changes_nothing_and_says_so(people, request_, wrong):
    before = state(request_)
    client = browser(people["director"])
    data = {"decision": "approve", "comment": "", "step": waiting_step(request_).pk, "revision": 1} | wrong
    answer = client.post(reverse("approvals:request_decide", args=[request_.pk]), data, follow=True)
    assert answer.status_code == 200
    assert list(answer.context["messages"])
    assert state(request_) == before


def test_a_comment_holds_only_characters_that_every_database_takes(people, request_):
    assert send(people["director"], request_, comment="同意\x00\x07").status_code == 302
    assert request_.steps.get().comment == "同意"


def test_a_return_of_nothing_but_control_characters_is_a_return_without_a_word(people, request_):
    assert send(people["director"], request_, decision="return", comment="\x00").status_code == 400


def test_the_second_decider_reads_who_was_first(people, request_):
    second = member(Role.DIRECTOR)
    step = waiting_step(request_)
    decide(request_, people["director"])
    answer = browser(second).post(
        reverse("approvals:request_decide", args=[request_.pk]),
        {"decision": "return", "comment": "不", "step": step.pk, "revision": 1},
        follow=True,
    )
    assert people["director"].full_name in str(next(iter(answer.context["messages"])))


def test_a_delegate_decides_on_behalf_without_seeing_the_client(people, request_):
    delegated(people["director"], people["colleague"], on=TODAY)
    shown = page(people["colleague"], request_).content.decode()
    assert people["director"].full_name in shown
    assert reverse("accounts:account_detail", args=[request_.account_id]) not in shown
    assert browser(people["colleague"]).get(f"/clients/{request_.account_id}/").status_code == 404
    assert send(people["colleague"], request_).status_code == 302
    shown = page(people["manager"], request_).content.decode()
    assert f"代{people['director'].full_name}" in shown


def test_the_executive_decides_what_is_put_up_without_seeing_the_client(people, account):
    request = decide(asked_credit(people["manager"], account, 400_000), people["director"])
    shown = page(people["executive"], request)
    assert shown.status_code == 200
    assert reverse("accounts:account_detail", args=[account.pk]) not in shown.content.decode()
    assert send(people["executive"], request).status_code == 302
    request.refresh_from_db()
    assert request.status == "approved"


def test_finance_opens_and_only_finance_has_the_button(people, request_):
    decide(request_, people["director"])
    url = reverse("approvals:request_carry_out", args=[request_.pk])
    assert url in page(people["finance"], request_).content.decode()
    assert url not in page(people["director"], request_).content.decode()
    before = state(request_)
    assert send(people["director"], request_, "request_carry_out").status_code == 403
    assert state(request_) == before
    assert send(people["finance"], request_, "request_carry_out").status_code == 302
    account = Account.objects.get(pk=request_.account_id)
    assert account.credit_limit == Decimal("280000.00")


def test_the_requester_withdraws_and_others_have_no_button(people, request_):
    url = reverse("approvals:request_withdraw", args=[request_.pk])
    assert url not in page(people["director"], request_).content.decode()
    before = state(request_)
    assert send(people["director"], request_, "request_withdraw").status_code == 403
    assert state(request_) == before
    assert url in page(people["manager"], request_).content.decode()
    assert send(people["manager"], request_, "request_withdraw").status_code == 302
    request_.refresh_from_db()
    assert request_.status == "withdrawn"


def test_acts_are_posted(people, request_):
    for name in ("request_decide", "request_withdraw", "request_carry_out"):
        answer = browser(people["director"]).get(reverse(f"approvals:{name}", args=[request_.pk]))
        assert answer.status_code == 405


def test_the_list_opens_on_what_waits_for_whoever_decides(people, request_):
    def shown(who, query=""):
        answer = browser(people[who]).get(reverse("approvals:request_list") + query, follow=True)
        assert answer.status_code == 200
        return request_.number in answer.content.decode()

    assert shown("director")
    assert shown("manager")
    assert not shown("finance")
    assert shown("finance", "?mine=any")
    assert not shown("colleague", "?mine=any")
    assert not shown("executive", "?mine=any")
    assert shown("director", "?mine=any&kind=credit&status=pending")
    assert not shown("director", "?mine=any&kind=share")
    assert not shown("director", "?mine=any&status=void")
    assert shown("director", "?mine=any&q=恒泽")


def test_an_empty_inbox_says_so_and_leads_to_all_requests(people):
    answer = browser(people["director"]).get(reverse("approvals:request_list"), follow=True).content.decode()
    assert "没有等您办的事" in answer
    assert "?mine=any" in answer
    answer = browser(people["manager"]).get(reverse("approvals:request_list"), follow=True).content.decode()
    assert "您还没有提交过" in answer


def test_a_request_shows_every_earlier_revision_and_decision(people, account, request_):
    decide(request_, people["director"], "return", comment="先把 9 月逾期收回。")
    request = asked_credit(people["manager"], account, 250_000, resubmitted=request_, seen_revision=1)
    shown = page(people["director"], request).content.decode()
    assert "先把 9 月逾期收回。" in shown
    assert "25 万" in shown
    decide(request, people["director"])
    send(people["finance"], request, "request_carry_out")
    later = asked_credit(people["manager"], account, 270_000, now=NOW + timedelta(days=3, minutes=1))
    shown = page(people["director"], later).content.decode()
    assert request.number in shown
    assert "25 万 → 27 万" in shown


def test_an_opinion_page_asks_for_an_opinion(people, account):
    policy = Policy.objects.get(kind="credit")
    policy_change(
        policy_pk=policy.pk,
        actor=people["director"],
        seen_version=1,
        allows_bulk=False,
        remind_after_days=2,
        steps=[PolicyStepData(1, "opinion", Role.LEGAL), PolicyStepData(2, "decision", Role.DIRECTOR)],
    )
    request = asked_credit(people["manager"], account)
    assert page(people["legal"], request).status_code == 200
    assert send(people["legal"], request, decision="return", comment="条款不清").status_code == 302
    assert RequestStep.objects.get(request=request, position=1).outcome == "object"


def test_the_same_queries_for_three_and_thirty(people, request_):
    user = browser(people["director"])
    paths = [
        reverse("approvals:request_list") + "?mine=decide",
        reverse("approvals:request_detail", args=[request_.pk]),
    ]

    def queries():
        counts = []
        for path in paths:
            user.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert user.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    def submit(numbers):
        for number in numbers:
            asked_credit(people["manager"], client_of(people["manager"], f"第{number}号客户"), 100_000 + number)

    submit(range(2))
    three = queries()
    submit(range(2, 29))
    assert queries() == three
    assert three[0] <= 15
    assert three[1] <= 20
