"""Two at the same moment: one plan a month, nobody at two places, a change against a decision."""

from datetime import time

import pytest

from kam.approvals.services import policies_ensure
from kam.core.calendar import now, today
from kam.core.exceptions import ChangedMeanwhile, FieldErrors
from kam.people.choices import Role
from tests import factories
from tests.support.people import member
from tests.support.races import at_once
from tests.support.requests import decide, waiting_step
from visits.models import VisitLog, VisitPlan, VisitPlanLine
from visits.services import plan_line_change, plan_open, plan_submit, visit_log_file

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_month_opened_twice_is_one_plan():
    user = member()
    month = today().replace(day=1)
    one, other = at_once(*[lambda: plan_open(actor=user, month=month, now=now())] * 2)
    assert one == other == VisitPlan.objects.get()


def test_two_logs_at_the_same_time_in_two_places_are_one():
    user = member()
    places = [factories.account(owner=user) for _ in range(2)]
    people = [factories.contact(account=place) for place in places]

    def file(number):
        data = {"on": today(), "begins": time(10), "contacts": {people[number].pk}, "matters": "谈价"}
        return lambda: visit_log_file(account_pk=places[number].pk, actor=user, data=data, now=now())

    results = at_once(file(0), file(1))
    assert sorted(type(result) is FieldErrors for result in results) == [False, True]
    assert VisitLog.objects.count() == 1


def test_a_visit_planned_is_logged_once():
    user = member()
    account = factories.account(owner=user)
    plan = factories.visit_plan(member=user, month=today())
    line = factories.plan_line(plan=plan, account=account, on=today())
    data = {"on": today(), "others_met": "值班经理", "matters": "谈价", "contacts": set()}
    acts = [lambda: visit_log_file(account_pk=account.pk, actor=user, data=data, now=now(), line_pk=line.pk)] * 2
    results = at_once(*acts)
    assert sorted(type(result) is ChangedMeanwhile for result in results) == [False, True]
    assert VisitLog.objects.count() == 1


def test_a_change_and_a_decision_never_both_count():
    policies_ensure()
    director, user = member(Role.DIRECTOR), member()
    account = factories.account(owner=user)
    plan = factories.visit_plan(member=user)
    line = factories.plan_line(plan=plan, account=account)
    request = plan_submit(plan_pk=plan.pk, actor=user, now=now())
    step = waiting_step(request)
    decided, changed = at_once(
        lambda: decide(request, director, step_pk=step.pk, now=now()),
        lambda: plan_line_change(
            line_pk=line.pk, actor=user, data={"matters": "改谈价格"}, version=line.version, now=now()
        ),
    )
    assert not isinstance(changed, Exception)
    line = VisitPlanLine.objects.get()
    request.refresh_from_db()
    assert (line.status, line.matters) == ("draft", "改谈价格")
    assert request.status in ("void", "effected")
    assert isinstance(decided, ChangedMeanwhile) is (request.status == "void")
