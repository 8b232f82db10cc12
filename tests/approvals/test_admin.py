from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kam.approvals.kinds import all_kinds
from kam.approvals.models import Policy, PolicyStep, Request, RequestStep
from kam.core.states import Transition
from kam.people.choices import Role
from tests.support.people import member
from tests.support.requests import NOW, asked_credit, asked_share, client_of, decide, waiting_step

pytestmark = pytest.mark.django_db
INBOX = "/admin/approvals/request/"
PANEL = ("director", "clerk", "executive", "finance")


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def people(db):
    """One of each role, and a second manager."""
    return {**{role: member(role) for role in Role.values}, "colleague": member(Role.MANAGER)}


@pytest.fixture
def account(people):
    return client_of(people["manager"])


@pytest.fixture
def request_(people, account):
    return asked_credit(people["manager"], account)


def browser(user):
    client = Client()
    client.force_login(user, backend="kam.people.backends.MemberBackend")
    return client


def trace():
    return (
        list(Request.objects.values_list("pk", "status", "revision")),
        list(RequestStep.objects.values_list("pk", "progress", "outcome")),
        list(PolicyStep.objects.values_list("pk", "position", "step_kind", "role", "above_amount")),
        list(Policy.objects.values_list("pk", "allows_bulk", "remind_after_days", "version")),
        Transition.objects.count(),
    )


def url(name, *args):
    return reverse(f"admin:approvals_{name}", args=args)


def take(user, request, **data):
    posted = {"decision": "approve", "comment": "", "step": waiting_step(request).pk, "revision": request.revision}
    return browser(user).post(url("request_decide", request.pk), posted | data)


def test_the_inbox_shows_what_waits_longest_first_and_counts_in_the_menu(people, request_, account):
    newer = asked_share(people["manager"], account, people["colleague"], now=NOW + timedelta(hours=3))
    shown = browser(people["director"]).get(INBOX).content.decode()
    assert 0 < shown.index(request_.number) < shown.index(newer.number)
    assert '<span class="n">2</span>' in shown
    decide(request_, people["director"])
    shown = browser(people["director"]).get(INBOX).content.decode()
    assert request_.number not in shown
    shown = browser(people["director"]).get(f"{INBOX}?mine=any").content.decode()
    assert shown.index(newer.number) < shown.index(request_.number)


def test_the_decision_page_is_made_of_the_intranet_s_parts(people, request_):
    answer = browser(people["director"]).get(url("request_detail", request_.pk))
    parts = {template.name for template in answer.templates}
    assert {"partials/_decision_ask.html", "partials/_changes.html", "partials/_decision.html"} <= parts
    shown = answer.content.decode()
    assert "批准 28 万" in shown
    assert url("request_decide", request_.pk) in shown


def test_the_director_approves_and_returns_in_the_panel(people, account, request_):
    other = asked_share(people["manager"], account, people["colleague"])
    answer = take(people["director"], request_)
    assert answer.url == url("request_detail", other.pk)
    request_.refresh_from_db()
    assert request_.status == "approved"
    before = trace()
    assert take(people["director"], other, decision="return").status_code == 400
    assert trace() == before
    assert take(people["director"], other, decision="return", comment="写明照看哪些事").url == INBOX
    other.refresh_from_db()
    assert other.status == "returned"


def test_finance_opens_in_the_panel(people, account, request_):
    decide(request_, people["director"])
    assert url("request_carry_out", request_.pk) in (
        browser(people["finance"]).get(url("request_detail", request_.pk)).content.decode()
    )
    answer = browser(people["finance"]).post(url("request_carry_out", request_.pk), {"revision": 1})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert account.credit_limit == Decimal(280_000)


@pytest.mark.parametrize("role", Role.values)
def test_nobody_but_the_director_decides_here_and_nothing_changes(people, request_, role):
    if role == Role.DIRECTOR:
        return
    before = trace()
    answer = take(people[role], request_)
    assert answer.status_code in {302, 403, 404}
    assert browser(people[role]).post(url("request_carry_out", request_.pk), {"revision": 1}).status_code >= 300
    answer = browser(people[role]).post(url("request_bulk"), {"chosen": f"{request_.pk}.{waiting_step(request_).pk}.1"})
    assert trace() == before


def test_out_of_sight_does_not_exist(people, request_):
    for name in ("request_detail", "request_change"):
        assert browser(people["executive"]).get(url(name, request_.pk)).status_code == 404
    for wrong in ("999999", "abc", "9" * 30):
        assert browser(people["director"]).get(f"{INBOX}{wrong}/change/").status_code == 404


def test_a_get_never_decides(people, request_):
    before = trace()
    for name in ("request_decide", "request_carry_out"):
        assert browser(people["director"]).get(url(name, request_.pk)).status_code == 403
    assert browser(people["director"]).get(url("request_bulk")).status_code == 302
    assert trace() == before


def test_nothing_is_added_or_deleted_here(people, request_):
    client = browser(people["director"])
    assert client.get(f"{INBOX}add/").status_code == 403
    assert client.get(f"{INBOX}{request_.pk}/delete/").status_code == 403
    assert client.post(f"{INBOX}{request_.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(INBOX, {"action": "delete_selected", "_selected_action": request_.pk}).status_code in {200, 302}
    assert Request.objects.count() == 1


def test_several_at_once_only_for_kinds_that_allow_it_each_by_the_same_service(people, account, request_):
    shares = [
        asked_share(people["manager"], client_of(people["manager"], f"第{n}号客户"), people["colleague"])
        for n in range(2)
    ]
    own = asked_share(people["clerk"], account, people["colleague"])
    client = browser(people["director"])
    picked = [request.pk for request in (*shares, request_, own)]
    shown = client.post(INBOX, {"action": "approve_selected", "_selected_action": picked}).content.decode()
    seen = [f"{share.pk}.{waiting_step(share).pk}.1" for share in shares]
    for words in seen:
        assert words in shown
    assert f"{request_.pk}.{waiting_step(request_).pk}.1" not in shown
    decide(shares[1], people["director"], "return", comment="不需要")
    forged = f"{request_.pk}.{waiting_step(request_).pk}.1"
    answer = client.post(url("request_bulk"), {"chosen": [*seen, forged, "x", "1.2", "9" * 40]}, follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert len(told) == 3
    assert {request.status for request in Request.objects.filter(pk__in=[shares[0].pk])} == {"effected"}
    assert {request.status for request in Request.objects.filter(pk__in=[request_.pk, own.pk])} == {"pending"}


def management(total, initial):
    return {
        "steps-TOTAL_FORMS": total,
        "steps-INITIAL_FORMS": initial,
        "steps-MIN_NUM_FORMS": 0,
        "steps-MAX_NUM_FORMS": 8,
    }


def policy_data(steps, **fields):
    policy = Policy.objects.get(kind="credit")
    present = list(PolicyStep.objects.filter(policy=policy).order_by("position"))
    data = {"remind_after_days": 2, "seen_version": policy.version} | management(len(steps), len(present)) | fields
    for place, step in enumerate(steps):
        row = dict(zip(("position", "step_kind", "role", "above_amount"), step, strict=True))
        if place < len(present):
            row |= {"id": present[place].pk}
        data |= {f"steps-{place}-{name}": value for name, value in row.items()}
        data[f"steps-{place}-policy"] = policy.pk
    return f"/admin/approvals/policy/{policy.pk}/change/", data


def rows():
    return list(
        PolicyStep.objects.filter(policy__kind="credit").values_list("position", "step_kind", "role", "above_amount")
    )


def test_the_director_edits_a_policy_through_the_service(people):
    where, data = policy_data(
        [(2, "decision", "director", ""), (3, "decision", "executive", "500000"), (1, "opinion", "finance", "")],
        remind_after_days=4,
        allows_bulk="on",
    )
    answer = browser(people["director"]).post(where, data)
    assert answer.status_code == 302, answer.context["errors"]
    assert rows() == [
        (1, "opinion", "finance", None),
        (2, "decision", "director", None),
        (3, "decision", "executive", Decimal(500_000)),
    ]
    policy = Policy.objects.get(kind="credit")
    assert (policy.version, policy.remind_after_days, policy.allows_bulk) == (2, 4, True)
    assert policy.history.first().history_user == people["director"]


def test_a_step_is_struck_off(people):
    where, data = policy_data([(1, "decision", "director", ""), (2, "decision", "executive", "300000")])
    data["steps-1-DELETE"] = "on"
    assert browser(people["director"]).post(where, data).status_code == 302
    assert rows() == [(1, "decision", "director", None)]


@pytest.mark.parametrize(
    "steps",
    [
        [(1, "opinion", "director", ""), (2, "opinion", "executive", "")],
        [(1, "decision", "director", ""), (1, "decision", "executive", "")],
        [(1, "decision", "director", "5"), (2, "decision", "executive", "9")],
        [(1, "decision", "director", ""), (2, "decision", "executive", "-1")],
        [(1, "decision", "emperor", ""), (2, "decision", "executive", "")],
        [(1, "decision", "director", ""), (2, "decision", "executive", "9" * 20)],
    ],
)
def test_wrong_steps_come_back_with_a_reason_and_change_nothing(people, steps):
    before = trace()
    where, data = policy_data(steps)
    answer = browser(people["director"]).post(where, data)
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert trace() == before


def test_a_policy_saved_by_somebody_else_meanwhile_is_not_overwritten(people):
    before = trace()
    where, data = policy_data([(1, "decision", "director", ""), (2, "decision", "executive", "1")], seen_version=9)
    assert browser(people["director"]).post(where, data).status_code == 200
    assert trace() == before


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.DIRECTOR])
def test_others_read_policies_at_most(people, role):
    before = trace()
    where, data = policy_data([(1, "decision", "director", ""), (2, "decision", "executive", "1")])
    client = browser(people[role])
    assert client.get(where).status_code == (200 if role in PANEL else 302)
    assert client.post(where, data).status_code == (403 if role in PANEL else 302)
    assert trace() == before


def test_policies_are_neither_added_nor_deleted(people):
    client = browser(people["director"])
    policy = Policy.objects.first()
    assert client.get("/admin/approvals/policy/add/").status_code == 403
    assert client.post(f"/admin/approvals/policy/{policy.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Policy.objects.count() == len(all_kinds())


def test_the_same_queries_for_three_and_thirty_in_the_inbox(people, request_):
    client = browser(people["director"])

    def queries():
        client.get(INBOX)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(INBOX).status_code == 200
        return len(seen)

    for number in range(2):
        asked_credit(people["manager"], client_of(people["manager"], f"第{number}号客户"))
    three = queries()
    for number in range(2, 29):
        asked_credit(people["manager"], client_of(people["manager"], f"第{number}号客户"))
    assert queries() == three <= 25
