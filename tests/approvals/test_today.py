"""What approvals put on the workbench."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from kam.approvals.today import decided_today, decisions_waiting, requests_returned, requests_waiting
from kam.core.contributions import contributed
from kam.people.choices import Role
from kam.people.models import Member
from tests.support.people import member
from tests.support.requests import NOW, TODAY, asked_credit, client_of, decide, delegated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def director() -> Member:
    return member(Role.DIRECTOR, full_name="沈砚清")


@pytest.fixture
def manager() -> Member:
    return member(Role.MANAGER, full_name="陆以宁")


@pytest.fixture
def account(manager: Member) -> Account:
    return client_of(manager, credit_limit=200_000, term_kind="days", term_days=45)


def test_what_waits_names_client_amount_and_days(director: Member, manager: Member, account: Account) -> None:
    member(Role.FINANCE)
    asked_credit(manager, account, now=NOW - timedelta(days=3))
    (row,) = requests_waiting(director, TODAY)
    assert row.title.endswith("：恒泽连锁商业有限公司")
    assert row.meta == ("20 万 → 28 万", "陆以宁提交")
    assert (row.status_text, row.late, row.waits_for_me) == ("等了 3 天", True, True)
    assert str(row.figures[0].label) == "您的权限"
    assert decisions_waiting(director, TODAY) == [1]


def test_nothing_waits_for_others(director: Member, manager: Member, account: Account) -> None:
    asked_credit(manager, account)
    for other in (manager, member(), member(Role.CLERK), member(Role.LEGAL), member(Role.PARTNER)):
        assert list(requests_waiting(other, TODAY)) == []
        assert decisions_waiting(other, TODAY) == [0]


def test_it_waits_for_whoever_holds_the_authority_and_says_on_whose_behalf(
    director: Member, manager: Member, account: Account
) -> None:
    clerk = member(Role.CLERK)
    delegated(director, clerk)
    request = asked_credit(manager, account)
    assert len(list(requests_waiting(clerk, TODAY))) == 1
    decide(request, clerk)
    assert list(requests_waiting(clerk, TODAY)) == []
    (done,) = decided_today(clerk, TODAY)
    assert done.done_at == NOW
    assert "沈砚清" in done.meta[1]
    assert done.actions == ()


def inline_form(client: Client, user: Member) -> dict[str, str]:
    """The hidden values of the form in the first row of the workbench, and where it is sent to."""
    client.force_login(user)
    (form,) = re.findall(r'<form class="choice".*?</form>', client.get("/?kind=approval").content.decode(), re.DOTALL)
    values = dict(re.findall(r'<input type="hidden" name="(step|revision|next)" value="([^"]*)">', form))
    return {**values, "action": re.findall(r'action="([^"]+)"', form)[0], "html": form}


def test_the_first_row_decides_in_place_and_comes_back(
    client: Client, director: Member, manager: Member, account: Account
) -> None:
    first = asked_credit(manager, account, now=NOW - timedelta(days=2))
    asked_credit(manager, client_of(manager, "云岭百货有限公司"))
    form = inline_form(client, director)
    assert (form["action"], form["next"]) == (f"/approvals/{first.pk}/decide/", "/?kind=approval")
    assert "批准 28 万" in form["html"]
    posted = {name: form[name] for name in ("step", "revision", "next")} | {"comment": "同意", "decision": "approve"}
    answer = client.post(form["action"], posted, follow=True)
    assert answer.redirect_chain == [("/?kind=approval", 302)]
    assert f"{first.number}" in answer.content.decode().partition('id="messages"')[2].partition("</div>")[0]
    step = first.steps.get()
    assert (step.outcome, step.comment, step.decided_by) == ("approve", "同意", director)
    assert inline_form(client, director)["action"] != form["action"]


def test_a_return_without_a_word_is_mended_on_the_full_page_and_comes_back(
    client: Client, director: Member, manager: Member, account: Account
) -> None:
    request = asked_credit(manager, account)
    form = inline_form(client, director)
    posted = {name: form[name] for name in ("step", "revision", "next")} | {"comment": " ", "decision": "return"}
    page = client.post(form["action"], posted)
    assert page.status_code == 400
    assert '<input type="hidden" name="next" value="/?kind=approval">' in page.content.decode()
    request.refresh_from_db()
    assert request.status == "pending"
    posted["comment"] = "补充合同"
    assert client.post(form["action"], posted)["Location"] == "/?kind=approval"
    request.refresh_from_db()
    assert request.status == "returned"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil", "evil"]
)
def test_a_decision_leads_to_pages_of_the_product_alone(
    client: Client, director: Member, manager: Member, account: Account, address: str
) -> None:
    asked_credit(manager, account)
    form = inline_form(client, director)
    posted = {"step": form["step"], "revision": form["revision"], "decision": "approve", "next": address}
    assert client.post(form["action"], posted)["Location"] == "/approvals/"


def test_a_version_that_was_not_seen_is_not_decided(
    client: Client, director: Member, manager: Member, account: Account
) -> None:
    request = asked_credit(manager, account)
    form = inline_form(client, director)
    posted = {"step": form["step"], "revision": "2", "decision": "approve", "next": "/"}
    answer = client.post(form["action"], posted)
    assert answer["Location"] == f"/approvals/{request.pk}/"
    request.refresh_from_db()
    assert request.status == "pending"


def test_the_first_row_says_on_whose_behalf_and_what_was_said_before(
    client: Client, director: Member, manager: Member, account: Account
) -> None:
    clerk = member(Role.CLERK)
    delegated(director, clerk)
    asked_credit(manager, account)
    assert "沈砚清" in inline_form(client, clerk)["html"]
    assert "沈砚清" not in inline_form(client, director)["html"]


def test_what_is_to_be_opened_is_not_decided_in_the_row(
    client: Client, director: Member, manager: Member, account: Account
) -> None:
    finance = member(Role.FINANCE)
    decide(asked_credit(manager, account), director)
    client.force_login(finance)
    assert 'class="choice"' not in client.get("/").content.decode()


def test_finance_is_told_what_to_open(director: Member, manager: Member, account: Account) -> None:
    finance = member(Role.FINANCE)
    decide(asked_credit(manager, account), director)
    (row,) = requests_waiting(finance, TODAY)
    assert row.kind == "carry_out"
    assert list(requests_waiting(director, TODAY)) == []


def test_what_came_back_waits_for_the_requester(director: Member, manager: Member, account: Account) -> None:
    request = asked_credit(manager, account)
    assert requests_returned(manager, TODAY) == []
    decide(request, director, "return", comment="补充合同")
    (row,) = requests_returned(manager, TODAY)
    assert row.url == request.get_absolute_url()
    assert requests_returned(director, TODAY) == []


def test_the_workbench_asks_no_more_for_many_requests(
    client: Client, director: Member, manager: Member, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client.force_login(director)

    def queries(rows: int) -> int:
        for number in range(rows):
            asked_credit(manager, client_of(manager, f"客户{number}-{rows}号"))
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/").status_code == 200
        return len(caught)

    queries(1)
    few, many = queries(2), queries(27)
    areas = {function.__module__ for function in contributed("today")}
    assert few == many <= 15 + len(areas)
