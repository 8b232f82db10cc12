from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType

from accounts.models import Account, AccountGrant
from accounts.services import account_change, credit_open
from kam.approvals.client import requests_about
from kam.approvals.models import Request, RequestStep
from kam.approvals.services import (
    request_decide,
    request_resubmit,
    request_void,
    request_withdraw,
    requests_remind,
)
from kam.core.exceptions import ChangedMeanwhile, DomainError, FieldErrors, NotAllowed
from kam.core.states import Transition
from kam.outbox.models import Notice
from kam.outbox.selectors import notices_for
from kam.people.choices import Role
from kam.people.services import delegation_revoke
from tests.support.people import member
from tests.support.requests import (
    NOW,
    TODAY,
    asked_credit,
    asked_share,
    client_of,
    credit,
    decide,
    delegated,
    waiting_step,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    """A director, an executive, finance, and two managers."""
    return {
        "director": member(Role.DIRECTOR, full_name="沈砚清"),
        "executive": member(Role.EXECUTIVE, full_name="顾承远"),
        "finance": member(Role.FINANCE, full_name="段文静"),
        "manager": member(Role.MANAGER, full_name="陆以宁"),
        "colleague": member(Role.MANAGER, full_name="周牧野"),
    }


@pytest.fixture
def account(people):
    return client_of(people["manager"], credit_limit=Decimal(200_000), term_kind="days", term_days=45)


def told(who, kind=None):
    rows = Notice.objects.filter(recipient=who, kind__startswith="approval")
    return [row.text_zh for row in (rows.filter(kind=kind) if kind else rows)]


def trace():
    """Everything a refused act must leave as it was."""
    return (
        list(Request.objects.values_list("pk", "status", "revision", "snapshot_hash")),
        list(RequestStep.objects.values_list("pk", "progress", "outcome", "decided_by", "comment")),
        Transition.objects.count(),
        Notice.objects.count(),
        list(Account.objects.values_list("pk", "credit_limit", "version")),
        AccountGrant.objects.count(),
    )


def refused(error, call, *args, **kwargs):
    before = trace()
    with pytest.raises(error) as caught:
        call(*args, **kwargs)
    assert trace() == before
    return str(caught.value)


def test_a_credit_is_asked_decided_and_opened_exactly_as_approved(people, account):
    request = asked_credit(people["manager"], account)
    assert request.number == "SX-2026-0001"
    assert request.amount == Decimal("280000.00")
    assert len(told(people["director"])) == 1
    assert told(people["executive"]) == []
    request = decide(request, people["director"], comment="同意")
    assert request.status == "approved"
    account.refresh_from_db()
    assert account.credit_limit == 200_000
    assert len(told(people["finance"])) == 1
    request = credit_open(request_pk=request.pk, seen_revision=1, actor=people["finance"], now=NOW)
    assert request.status == "effected"
    account.refresh_from_db()
    assert (account.credit_limit, account.term_days, account.credit_rating) == (Decimal("280000.00"), 45, "AA")
    assert (account.monthly_purchase_amount, account.credit_ends_on) == (
        Decimal("158700.00"),
        credit().ends_on,
    )
    newest = account.history.first()
    assert (newest.history_user, newest.history_change_reason) == (people["finance"], request.number)
    moves = Transition.objects.filter(
        content_type=ContentType.objects.get_for_model(Request), object_id=request.pk
    ).order_by("pk")
    assert [(row.old, row.new, row.actor) for row in moves] == [
        ("", "pending", people["manager"]),
        ("pending", "approved", people["director"]),
        ("approved", "effected", people["finance"]),
    ]
    assert len(told(people["manager"])) == 2


def test_above_his_limit_the_executive_follows_the_director(people, account):
    request = asked_credit(people["manager"], account, 300_001)
    refused(NotAllowed, decide, request, people["executive"])
    request = decide(request, people["director"])
    assert request.status == "pending"
    assert len(told(people["executive"])) == 1
    refused(NotAllowed, decide, request, people["director"])
    request = decide(request, people["executive"])
    assert request.status == "approved"


@pytest.mark.parametrize("who", ["manager", "colleague", "finance", "executive"])
def test_nobody_else_decides_and_nothing_changes(people, account, who):
    request = asked_credit(people["manager"], account)
    refused(NotAllowed, decide, request, people[who])


def test_a_return_needs_a_comment_and_goes_back_to_the_requester(people, account):
    request = asked_credit(people["manager"], account)
    refused(DomainError, decide, request, people["director"], "return", comment="  ")
    request = decide(request, people["director"], "return", comment="先把 9 月逾期收回。")
    assert request.status == "returned"
    assert not RequestStep.objects.filter(request=request, progress__in=["ahead", "current"]).exists()
    assert "退回" in told(people["manager"])[0] or "returned" in told(people["manager"])[0]


def test_an_outcome_that_the_step_does_not_know_is_refused(people, account):
    request = asked_credit(people["manager"], account)
    refused(DomainError, decide, request, people["director"], "agree")
    refused(DomainError, decide, request, people["director"], "explode")
    refused(DomainError, decide, request, people["director"], "return", comment="长" * 1001)


def test_posting_the_same_decision_again_changes_nothing(people, account):
    request = asked_credit(people["manager"], account)
    step = waiting_step(request)
    decide(request, people["director"])
    before = trace()
    again = decide(request, people["director"], step_pk=step.pk)
    assert again.status == "approved"
    assert trace() == before


def test_the_second_decider_is_told_who_decided_what(people, account):
    second = member(Role.DIRECTOR, full_name="代部长")
    request = asked_credit(people["manager"], account)
    step = waiting_step(request)
    decide(request, people["director"])
    text = refused(ChangedMeanwhile, decide, request, second, "return", comment="不", step_pk=step.pk)
    assert "沈砚清" in text


def test_a_delegate_decides_on_behalf_and_everybody_reads_so(people, account):
    delegation = delegated(people["director"], people["colleague"])
    request = asked_credit(people["manager"], account)
    assert any("沈砚清" in text for text in told(people["colleague"]))
    decide(request, people["colleague"], comment="同意")
    step = RequestStep.objects.get(request=request)
    assert (step.decided_by, step.on_behalf_of, step.delegation) == (
        people["colleague"],
        people["director"],
        delegation,
    )
    assert Transition.objects.latest("pk").on_behalf_of == people["director"]
    assert "沈砚清" in told(people["manager"])[-1]
    assert "周牧野" in told(people["manager"])[-1]


def test_a_delegate_stops_at_the_ceiling_at_the_director_s_limit_and_at_the_end(people, account):
    delegation = delegated(people["director"], people["colleague"], ceiling_amount=Decimal(250_000))
    request = asked_credit(people["manager"], account)
    assert "250,000.00" in refused(NotAllowed, decide, request, people["colleague"])
    assert told(people["colleague"]) == []
    small = client_of(people["manager"], "青禾物流有限公司")
    request = asked_credit(people["manager"], small, 250_000)
    refused(NotAllowed, decide, request, people["colleague"], now=NOW + timedelta(days=11))
    delegation_revoke(actor=people["director"], delegation_pk=delegation.pk, at=NOW, on=TODAY)
    refused(NotAllowed, decide, request, people["colleague"])


def test_a_delegation_without_ceiling_reaches_to_the_director_s_own_limit(people, account):
    delegated(people["director"], people["colleague"])
    request = asked_credit(people["manager"], account, 300_001)
    assert "300,000.00" in refused(NotAllowed, decide, request, people["colleague"])


def test_the_requester_never_decides_not_even_under_a_delegation(people, account):
    delegated(people["director"], people["manager"])
    request = asked_credit(people["manager"], account)
    refused(NotAllowed, decide, request, people["manager"])
    assert told(people["manager"]) == []


def test_what_the_director_asks_is_decided_by_the_executive_and_not_by_his_delegate(people, account):
    delegated(people["director"], people["colleague"])
    request = asked_credit(people["director"], account)
    assert [step.role for step in RequestStep.objects.filter(request=request)] == ["executive"]
    refused(NotAllowed, decide, request, people["colleague"])
    refused(NotAllowed, decide, request, people["director"])
    assert decide(request, people["executive"]).status == "approved"


def test_the_executive_stands_in_for_a_role_that_nobody_holds(people, account):
    people["director"].is_active = False
    people["director"].save()
    request = asked_credit(people["manager"], account, 500_000)
    assert len(told(people["executive"])) == 1
    assert decide(request, people["executive"]).status == "approved"


def test_nobody_to_decide_is_said_at_submission(people, account):
    for name in ("director", "executive"):
        people[name].is_active = False
        people[name].save()
    refused(DomainError, asked_credit, people["manager"], account)


def test_a_form_posted_twice_makes_one_request_and_a_second_matter_waits(people, account):
    request = asked_credit(people["manager"], account)
    assert asked_credit(people["manager"], account) == request
    assert request.number in refused(ChangedMeanwhile, asked_credit, people["manager"], account, 290_000)
    refused(ChangedMeanwhile, asked_credit, people["director"], account)
    assert Request.objects.count() == 1


def test_who_may_not_ask(people, account):
    refused(Account.DoesNotExist, asked_credit, people["colleague"], account)
    refused(Account.DoesNotExist, asked_credit, people["executive"], account)
    refused(NotAllowed, asked_credit, people["finance"], account)


def test_what_is_wrong_is_said_beside_each_field(people, account):
    with pytest.raises(FieldErrors) as caught:
        asked_credit(people["manager"], account, -5, reason="  ", attachment_pks=[999])
    assert set(caught.value.errors) == {"limit", "reason", "attachments"}
    refused(FieldErrors, asked_credit, people["manager"], account, 10**13)
    refused(FieldErrors, asked_credit, people["manager"], account, reason="长" * 10_000)


def test_an_edit_of_the_client_voids_what_waits_and_the_decider_is_told(people, account):
    request = asked_credit(people["manager"], account)
    step = waiting_step(request)
    Account.objects.filter(pk=account.pk).update(name="恒泽连锁商业集团有限公司")
    with pytest.raises(ChangedMeanwhile):
        decide(request, people["director"], step_pk=step.pk)
    request.refresh_from_db()
    assert request.status == "void"
    step.refresh_from_db()
    assert (step.progress, step.decided_by) == ("skipped", None)
    assert len(told(people["manager"])) == 1


def test_the_edit_service_voids_at_once(people, account):
    request = asked_credit(people["manager"], account)
    account_change(
        account_pk=account.pk, actor=people["manager"], data={"name": "恒泽百货有限公司"}, version=account.version
    )
    request.refresh_from_db()
    assert request.status == "void"
    other = asked_credit(people["manager"], account)
    account.refresh_from_db()
    account_change(account_pk=account.pk, actor=people["manager"], data={"note": "老客户"}, version=account.version)
    other.refresh_from_db()
    assert other.status == "pending"


def test_finance_opens_nothing_that_changed_after_the_decision(people, account):
    request = decide(asked_credit(people["manager"], account), people["director"])
    Account.objects.filter(pk=account.pk).update(credit_limit=1)
    with pytest.raises(ChangedMeanwhile):
        credit_open(request_pk=request.pk, seen_revision=1, actor=people["finance"], now=NOW)
    request.refresh_from_db()
    account.refresh_from_db()
    assert (request.status, account.credit_limit) == ("void", 1)


@pytest.mark.parametrize("who", ["manager", "director", "executive", "colleague"])
def test_only_finance_opens(people, account, who):
    request = decide(asked_credit(people["manager"], account), people["director"])
    refused(NotAllowed, credit_open, request_pk=request.pk, seen_revision=1, actor=people[who], now=NOW)


def test_opening_waits_for_the_decision_and_happens_once(people, account):
    request = asked_credit(people["manager"], account)
    refused(ChangedMeanwhile, credit_open, request_pk=request.pk, seen_revision=1, actor=people["finance"], now=NOW)
    decide(request, people["director"])
    credit_open(request_pk=request.pk, seen_revision=1, actor=people["finance"], now=NOW)
    before = trace()
    credit_open(request_pk=request.pk, seen_revision=1, actor=people["finance"], now=NOW)
    assert trace() == before


def test_withdrawing_is_the_requester_s_and_only_before_the_decision(people, account):
    request = asked_credit(people["manager"], account)
    refused(NotAllowed, request_withdraw, request_pk=request.pk, actor=people["director"], seen_revision=1, now=NOW)
    request = request_withdraw(request_pk=request.pk, actor=people["manager"], seen_revision=1, now=NOW)
    assert request.status == "withdrawn"
    assert len(told(people["director"])) == 2
    before = trace()
    request_withdraw(request_pk=request.pk, actor=people["manager"], seen_revision=1, now=NOW)
    assert trace() == before
    step = RequestStep.objects.get(request=request)
    refused(ChangedMeanwhile, decide, request, people["director"], step_pk=step.pk)
    second = decide(asked_credit(people["manager"], account, 210_000), people["director"])
    refused(ChangedMeanwhile, request_withdraw, request_pk=second.pk, actor=people["manager"], seen_revision=1, now=NOW)


def test_a_returned_request_comes_again_as_a_new_revision(people, account):
    request = asked_credit(people["manager"], account)
    first = waiting_step(request)
    decide(request, people["director"], "return", comment="少一点")
    request = asked_credit(people["manager"], account, 250_000, resubmitted=request, seen_revision=1)
    assert (request.revision, request.status, request.amount) == (2, "pending", Decimal(250_000))
    assert request.past[0]["amount"] == "280000.00"
    assert request.past[0]["revision"] == 1
    refused(ChangedMeanwhile, decide, request, people["director"], step_pk=first.pk, seen_revision=2, comment="")
    refused(ChangedMeanwhile, decide, request, people["director"], seen_revision=1)
    assert decide(request, people["director"]).status == "approved"


def test_resubmitting_twice_makes_one_revision_and_is_the_requester_s(people, account):
    request = asked_credit(people["manager"], account)
    decide(request, people["director"], "return", comment="少一点")
    snapshot = {**request.snapshot, "asked": {**request.snapshot["asked"], "limit": "1.00"}}
    again = {"request_pk": request.pk, "seen_revision": 1, "snapshot": snapshot, "now": NOW}
    refused(NotAllowed, request_resubmit, actor=people["colleague"], **again)
    request_resubmit(actor=people["manager"], **again)
    before = trace()
    assert request_resubmit(actor=people["manager"], **again).revision == 2
    assert trace() == before


def test_a_returned_request_does_not_come_again_beside_a_newer_one(people, account):
    request = asked_credit(people["manager"], account)
    decide(request, people["director"], "return", comment="少一点")
    asked_credit(people["manager"], account, 220_000)
    refused(ChangedMeanwhile, asked_credit, people["manager"], account, 250_000, resubmitted=request, seen_revision=1)


def test_voiding_twice_is_once(people, account):
    request = asked_credit(people["manager"], account)
    request_void(request_pk=request.pk, actor=None, reason="资料已改", now=NOW)
    before = trace()
    request_void(request_pk=request.pk, actor=None, reason="资料已改", now=NOW)
    assert trace() == before


def test_an_approved_share_is_granted_and_named(people, account):
    request = asked_share(people["manager"], account, people["colleague"], permission="change")
    refused(NotAllowed, decide, request, people["colleague"])
    request = decide(request, people["director"])
    assert request.status == "effected"
    grants = AccountGrant.objects.filter(user=people["colleague"], content_object=account)
    assert {grant.permission.codename for grant in grants} == {"view_account", "change_account"}
    assert {grant.ends_on for grant in grants} == {TODAY + timedelta(days=30)}
    assert Account.objects.visible_to(people["colleague"]).filter(pk=account.pk).exists()


def test_a_share_ends_within_a_year_and_goes_to_another_manager(people, account):
    for wrong in (
        {"ends_on": None},
        {"ends_on": TODAY - timedelta(days=1)},
        {"ends_on": TODAY + timedelta(days=400)},
        {"permission": "delete"},
        {"reason": ""},
    ):
        refused(FieldErrors, asked_share, people["manager"], account, people["colleague"], **wrong)
    refused(FieldErrors, asked_share, people["manager"], account, people["finance"])
    refused(FieldErrors, asked_share, people["manager"], account, people["manager"])
    refused(Account.DoesNotExist, asked_share, people["colleague"], account, people["manager"])


def test_reminders_go_to_who_may_decide_once_per_period(people, account):
    request = asked_credit(people["manager"], account)
    assert requests_remind(now=NOW + timedelta(days=1)) == 0
    assert requests_remind(now=NOW + timedelta(days=2)) == 1
    assert requests_remind(now=NOW + timedelta(days=2)) == 0
    assert requests_remind(now=NOW + timedelta(days=3)) == 0
    assert requests_remind(now=NOW + timedelta(days=4)) == 1
    assert len(told(people["director"], "approvals.waiting")) == 2
    decide(request, people["director"], now=NOW + timedelta(days=4))
    assert requests_remind(now=NOW + timedelta(days=5)) == 0
    assert requests_remind(now=NOW + timedelta(days=8)) == 1
    assert len(told(people["finance"], "approvals.waiting")) == 1


def test_notices_are_in_both_languages_and_vanish_with_the_request(people, account):
    delegation = delegated(people["director"], people["colleague"])
    asked_credit(people["manager"], account)
    notice = Notice.objects.get(recipient=people["colleague"], kind="approvals.asked")
    assert "28 万" in notice.text_zh
    assert "280,000" in notice.text_en
    assert notices_for(people["director"]).count() == 1
    delegation_revoke(actor=people["director"], delegation_pk=delegation.pk, at=NOW, on=TODAY)
    assert not notices_for(people["colleague"]).filter(kind="approvals.asked").exists()


def test_who_sees_requests(people, account):
    request = asked_credit(people["manager"], account, 400_000)
    outsider = member(Role.PARTNER, full_name="林舒")

    def seen(who):
        return Request.objects.visible_to(people[who]).filter(pk=request.pk).exists()

    assert [seen(who) for who in people] == [True, True, True, True, False]
    assert not Request.objects.visible_to(outsider).exists()
    delegated(people["director"], people["colleague"], ceiling_amount=Decimal(100_000))
    assert not seen("colleague")


def test_whoever_sees_a_client_sees_on_its_page_all_requests_in_sight(people, account):
    asked_credit(people["manager"], account, 400_000)
    asked_credit(people["manager"], client_of(people["manager"], "青禾物流有限公司"))
    in_sight = [who for who in people.values() if Account.objects.visible_to(who).filter(pk=account.pk).exists()]
    assert {who.role for who in in_sight} == {Role.DIRECTOR, Role.MANAGER, Role.FINANCE}
    for who in in_sight:
        expected = Request.objects.visible_to(who).filter(account_id=account.pk)
        assert [row.pk for row in requests_about(who, account.pk)] == [row.pk for row in expected]
    assert requests_about(people["colleague"], account.pk) == []


def test_a_decision_is_bound_to_its_own_request(people, account):
    request = asked_credit(people["manager"], account)
    other = asked_credit(people["manager"], client_of(people["manager"], "青禾物流有限公司"))
    with pytest.raises(RequestStep.DoesNotExist):
        request_decide(
            request_pk=request.pk,
            step_pk=waiting_step(other).pk,
            seen_revision=1,
            actor=people["director"],
            outcome="approve",
            now=NOW,
        )
