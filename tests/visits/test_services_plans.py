"""Planning a month: what is kept, what is refused, what becomes of it by decision and by change."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from kam.approvals.models import Request
from kam.core.exceptions import ChangedMeanwhile, DomainError, FieldErrors, NotAllowed
from kam.core.row_history import row_history
from kam.outbox.models import Notice
from kam.people.choices import Role
from tests import factories
from tests.support.people import member
from tests.support.requests import decide, delegated
from visits.models import VisitLog, VisitPlan, VisitPlanLine
from visits.selectors import keys_of, suggestions
from visits.services import (
    plan_line_add,
    plan_line_cancel,
    plan_line_change,
    plan_open,
    plan_submit,
    visit_log_file,
)
from visits.services.plans import suggested_lines_add

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MONTH = date(2026, 12, 1)


@pytest.fixture
def director():
    return member(Role.DIRECTOR, full_name="沈砚清")


@pytest.fixture
def owner(director):
    return member(Role.MANAGER, full_name="陆以宁")


@pytest.fixture
def client_(owner):
    return factories.account(owner=owner, name="恒泽连锁商业", grade="A")


@pytest.fixture
def plan(owner):
    return plan_open(actor=owner, month=MONTH, now=NOW)


def line_of(plan, account, **more):
    data = {"on": date(2026, 12, 15), "matters": "年货", **more}
    return plan_line_add(plan_pk=plan.pk, account_pk=account.pk, actor=plan.member, data=data, now=NOW)


def submitted(plan, account, count=2):
    lines = [line_of(plan, account, on=date(2026, 12, 1 + 3 * number)) for number in range(count)]
    return plan_submit(plan_pk=plan.pk, actor=plan.member, now=NOW), lines


def statuses(plan):
    plan.refresh_from_db()
    return plan.status, list(VisitPlanLine.objects.filter(plan=plan).order_by("on").values_list("status", flat=True))


def test_a_month_has_one_plan_and_a_closed_month_none(owner, plan):
    assert plan_open(actor=owner, month=date(2026, 12, 24), now=NOW) == plan
    assert plan_open(actor=owner, month=date(2026, 11, 30), now=NOW).month == date(2026, 11, 1)
    with pytest.raises(FieldErrors) as error:
        plan_open(actor=owner, month=date(2026, 10, 1), now=NOW)
    assert "month" in error.value.errors
    with pytest.raises(NotAllowed):
        plan_open(actor=member(Role.CLERK), month=MONTH, now=NOW)


def test_nothing_is_planned_in_a_month_that_has_ended_since(plan, client_):
    with pytest.raises(DomainError):
        data = {"on": date(2026, 12, 15), "matters": "x"}
        later = NOW + timedelta(days=40)
        plan_line_add(plan_pk=plan.pk, account_pk=client_.pk, actor=plan.member, data=data, now=later)
    assert not VisitPlanLine.objects.for_system().exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"probability": 120}, "probability"),
        ({"probability": -1}, "probability"),
        ({"on": date(2027, 1, 1)}, "on"),
        ({"on": date(2026, 11, 30)}, "on"),
        ({"on": None}, "on"),
        ({"matters": " "}, "matters"),
        ({"matters": "长" * 1001}, "matters"),
        ({"opportunity_amount": Decimal(-1)}, "opportunity_amount"),
        ({"begins": time(10), "ends": time(9)}, "ends"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(plan, client_, wrong, field):
    with pytest.raises(FieldErrors) as error:
        line_of(plan, client_, **wrong)
    assert field in error.value.errors


def test_another_client_s_person_and_a_foreign_client_are_refused(plan, client_, owner):
    stranger = factories.contact(account=factories.account(owner=owner))
    with pytest.raises(FieldErrors) as error:
        line_of(plan, client_, contacts={stranger.pk})
    assert "contacts" in error.value.errors
    foreign = factories.account(owner=member())
    with pytest.raises(type(foreign).DoesNotExist):
        line_of(plan, foreign)


def test_a_day_that_has_passed_is_not_planned(owner, client_):
    this_month = plan_open(actor=owner, month=NOW.date(), now=NOW)
    with pytest.raises(FieldErrors) as error:
        line_of(this_month, client_, on=date(2026, 11, 20))
    assert "on" in error.value.errors


def test_nobody_is_planned_to_be_at_two_places_at_once(plan, client_, owner):
    other = factories.account(owner=owner)
    line_of(plan, client_, begins=time(10), ends=time(11))
    with pytest.raises(FieldErrors) as error:
        line_of(plan, other, begins=time(10, 30))
    assert "begins" in error.value.errors
    assert line_of(plan, other, begins=time(11)).pk


def test_the_database_refuses_120_per_cent(plan, client_):
    line = line_of(plan, client_, probability=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitPlanLine.objects.filter(pk=line.pk).update(probability=120)


def test_a_plan_is_bound_to_what_was_submitted(plan, client_):
    request, lines = submitted(plan, client_)
    assert [line["id"] for line in request.snapshot["lines"]] == [line.pk for line in lines]
    assert statuses(plan) == ("submitted", ["submitted", "submitted"])
    with pytest.raises(DomainError):
        plan_submit(plan_pk=plan.pk, actor=plan.member, now=NOW)


def test_the_director_approves_one_line_and_returns_the_other(plan, client_, director):
    request, lines = submitted(plan, client_)
    decided = decide(request, director, returned_lines={str(lines[1].pk): "并作一次"})
    assert decided.status == "effected"
    assert statuses(plan) == ("returned", ["approved", "returned"])
    lines[1].refresh_from_db()
    assert lines[1].returned_why == "并作一次"
    again = plan_submit(plan_pk=plan.pk, actor=plan.member, now=NOW)
    assert again.pk != request.pk
    assert [line["id"] for line in again.snapshot["lines"]] == [lines[1].pk]
    decide(again, director)
    assert statuses(plan) == ("approved", ["approved", "approved"])


def test_lines_are_returned_with_a_reason_and_never_all_of_them(plan, client_, director):
    request, lines = submitted(plan, client_)
    for returned in (
        {str(lines[0].pk): " "},
        {str(line.pk): "不行" for line in lines},
        {"987654": "没有"},
        {str(lines[0].pk): "长" * 1001},
    ):
        with pytest.raises(DomainError):
            decide(request, director, returned_lines=returned)
    assert statuses(plan) == ("submitted", ["submitted", "submitted"])


def test_a_plan_returned_as_a_whole_is_submitted_again_as_its_next_version(plan, client_, director):
    request, _lines = submitted(plan, client_)
    decide(request, director, "return", comment="太少")
    assert statuses(plan) == ("returned", ["returned", "returned"])
    again = plan_submit(plan_pk=plan.pk, actor=plan.member, now=NOW)
    assert (again.pk, again.revision) == (request.pk, 2)


def test_a_change_while_it_waits_voids_the_request_and_is_traced(plan, client_, director):
    request, lines = submitted(plan, client_)
    line, _edited = plan_line_change(
        line_pk=lines[0].pk, actor=plan.member, data={"on": date(2026, 12, 9)}, version=1, now=NOW
    )
    request.refresh_from_db()
    assert (request.status, line.status) == ("void", "draft")
    assert statuses(plan) == ("draft", ["draft", "draft"])
    assert "2026-12-09" in [change.after for entry in row_history(line) for change in entry.changes]
    with pytest.raises(ChangedMeanwhile):
        step = request.steps.get()
        decide(request, director, step_pk=step.pk)


def test_a_change_after_approval_needs_a_new_one_for_that_line_alone(plan, client_, director):
    request, lines = submitted(plan, client_)
    decide(request, director)
    plan_line_change(line_pk=lines[0].pk, actor=plan.member, data={"matters": "改谈价"}, version=1, now=NOW)
    assert statuses(plan) == ("draft", ["draft", "approved"])
    again = plan_submit(plan_pk=plan.pk, actor=plan.member, now=NOW)
    assert [line["id"] for line in again.snapshot["lines"]] == [lines[0].pk]
    request.refresh_from_db()
    assert request.status == "effected"


def test_saving_without_a_change_voids_nothing(plan, client_):
    request, lines = submitted(plan, client_)
    plan_line_change(line_pk=lines[0].pk, actor=plan.member, data={"matters": "年货"}, version=1, now=NOW)
    request.refresh_from_db()
    assert request.status == "pending"


def test_a_visit_is_called_off_with_a_reason(plan, client_):
    line = line_of(plan, client_)
    with pytest.raises(FieldErrors):
        plan_line_cancel(line_pk=line.pk, actor=plan.member, reason=" ", now=NOW)
    assert plan_line_cancel(line_pk=line.pk, actor=plan.member, reason="客户出差", now=NOW).status == "cancelled"
    with pytest.raises(DomainError):
        plan_line_change(line_pk=line.pk, actor=plan.member, data={"matters": "x"}, version=1, now=NOW)


def test_only_the_planner_changes_the_plan(plan, client_, director):
    line = line_of(plan, client_)
    colleague = member()
    factories.share(account=client_, member=colleague, permission="change")
    for other in (director, member(Role.CLERK)):
        with pytest.raises(NotAllowed):
            plan_line_change(line_pk=line.pk, actor=other, data={"matters": "x"}, version=1, now=NOW)
    with pytest.raises(VisitPlan.DoesNotExist):
        plan_line_change(line_pk=line.pk, actor=colleague, data={"matters": "x"}, version=1, now=NOW)
    with pytest.raises(NotAllowed):
        plan_submit(plan_pk=plan.pk, actor=director, now=NOW)


def test_the_director_s_own_plan_goes_to_the_executive(director):
    executive = member(Role.EXECUTIVE)
    account = factories.account(owner=director)
    own = plan_open(actor=director, month=MONTH, now=NOW)
    line_of(own, account)
    request = plan_submit(plan_pk=own.pk, actor=director, now=NOW)
    with pytest.raises(NotAllowed):
        decide(request, director)
    decide(request, executive)
    assert statuses(own) == ("approved", ["approved"])


def test_a_delegate_decides_and_the_lines_remember_for_whom(plan, client_, director):
    request, lines = submitted(plan, client_, count=1)
    delegate = member(Role.CLERK)
    delegated(director, delegate, authority="visit_plan")
    decide(request, delegate)
    newest = row_history(lines[0])[0]
    assert newest.behalf_of == "沈砚清"


def test_finance_hears_of_no_plan(plan, client_):
    request, _lines = submitted(plan, client_)
    assert not Request.objects.visible_to(member(Role.FINANCE)).filter(pk=request.pk).exists()
    assert Request.objects.visible_to(member(Role.CLERK)).filter(pk=request.pk).exists()


def test_a_log_of_a_planned_visit_closes_the_line_once(owner, client_):
    this_month = plan_open(actor=owner, month=NOW.date(), now=NOW)
    person = factories.contact(account=client_)
    line = line_of(this_month, client_, on=NOW.date(), contacts={person.pk})
    data = {"on": NOW.date(), "contacts": keys_of(line, "contacts"), "matters": "已谈"}

    def file():
        return visit_log_file(account_pk=client_.pk, actor=owner, data=data, now=NOW, line_pk=line.pk)

    assert file().line_id == line.pk
    with pytest.raises(ChangedMeanwhile):
        file()
    assert VisitLog.objects.for_system().count() == 1


def test_an_overlap_of_plans_is_told_to_both(plan, client_):
    person = factories.contact(account=client_)
    colleague = member(full_name="周牧野")
    factories.share(account=client_, member=colleague, permission="change")
    line_of(plan, client_, contacts={person.pk})
    theirs = plan_open(actor=colleague, month=MONTH, now=NOW)
    line_of(theirs, client_, on=date(2026, 12, 20), contacts={person.pk})
    notices = Notice.objects.for_system().filter(kind="visits.overlap")
    assert {row.recipient for row in notices} == {plan.member, colleague}


def test_suggestions_follow_the_cadence_and_say_why(plan, client_, owner):
    found = suggestions(owner, plan, today=NOW.date())
    assert [each.account for each in found] == [client_] * 3
    assert "从未走访" in found[0].why
    factories.visit_log(account=client_, visitor=owner, on=date(2026, 11, 20), at=NOW)
    found = suggestions(owner, plan, today=NOW.date())
    assert [each.on for each in found] == [date(2026, 12, 4), date(2026, 12, 18)]
    assert "11-20" in found[0].why
    added = suggested_lines_add(plan_pk=plan.pk, actor=owner, chosen=[found[0].key, "x", "1:2"], now=NOW)
    assert [line.on for line in added] == [date(2026, 12, 4)]
    assert [each.on for each in suggestions(owner, plan, today=NOW.date())] == [date(2026, 12, 18)]
