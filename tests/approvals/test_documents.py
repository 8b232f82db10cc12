from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.credit import limit_figure, limit_words
from accounts.services import attachment_add, attachment_remove
from kam.approvals.client import request_events, requests_about
from kam.core.exceptions import ChangedMeanwhile, FieldErrors
from kam.people.choices import Role
from tests.support.people import member
from tests.support.requests import NOW, asked_credit, client_of, decide, delegated, waiting_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    """One of each role, and a second manager."""
    return {**{role: member(role) for role in Role.values}, "colleague": member(Role.MANAGER)}


@pytest.fixture
def account(people):
    return client_of(people["manager"])


@pytest.fixture
def files(people, account):
    """Two files of the client."""
    return [
        attachment_add(
            account_pk=account.pk, actor=people["manager"], upload=SimpleUploadedFile(name, text.encode(), "text/plain")
        )
        for name, text in (("信用调查表.txt", "近 12 月无逾期"), ("私下的话.txt", "不给别人看"))
    ]


def fetch(user, request, file):
    client = Client()
    client.force_login(user, backend="kam.people.backends.MemberBackend")
    return client.get(reverse("approvals:document", args=[request.pk, file.pk]))


def test_whoever_decides_reads_the_files_put_up_and_no_others(people, account, files):
    request = decide(
        asked_credit(people["manager"], account, 400_000, attachment_pks=[files[0].pk]), people["director"]
    )
    answer = fetch(people["executive"], request, files[0])
    assert b"".join(answer.streaming_content).decode() == "近 12 月无逾期"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert fetch(people["executive"], request, files[1]).status_code == 404
    for stranger in ("colleague", "legal", "partner"):
        assert fetch(people[stranger], request, files[0]).status_code == 404


def test_a_removed_file_voids_what_rests_on_it(people, account, files):
    request = asked_credit(people["manager"], account, attachment_pks=[files[0].pk])
    step = waiting_step(request)
    attachment_remove(attachment_pk=files[0].pk, actor=people["manager"], at=NOW)
    with pytest.raises(ChangedMeanwhile):
        decide(request, people["director"], step_pk=step.pk)
    request.refresh_from_db()
    assert request.status == "void"


def test_a_file_of_another_client_is_not_put_up(people, account, files):
    other = client_of(people["manager"], "青禾物流有限公司")
    with pytest.raises(FieldErrors) as caught:
        asked_credit(people["manager"], other, attachment_pks=[files[0].pk])
    assert set(caught.value.errors) == {"attachments"}


def test_the_timeline_names_whoever_a_decision_was_taken_for(people, account):
    delegated(people["director"], people["colleague"])
    request = decide(asked_credit(people["manager"], account, 100_000), people["colleague"], comment="同意")
    events = list(request_events(requests_about(people["manager"], account.pk), 10))
    decision = next(event for event in events if event.who == people["colleague"].full_name)
    assert decision.on_behalf_of == people["director"].full_name
    assert decision.quote == "同意"
    assert request.number in str(decision.text)
    assert requests_about(member(Role.MANAGER), account.pk) == []


@pytest.mark.parametrize(
    ("amount", "words", "figure"),
    [
        ("280000", "28 万", "28"),
        ("285000", "28.5 万", "28.5"),
        ("123456.78", "123,456.78", "123,456.78"),
        ("100000000", "100,000,000.00", "100,000,000.00"),
        ("0", "0", "0"),
    ],
)
def test_an_amount_on_a_button_is_never_rounded(amount, words, figure):
    assert limit_words(Decimal(amount)) == words
    assert limit_figure(Decimal(amount)) == figure
