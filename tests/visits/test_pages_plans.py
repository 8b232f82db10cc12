"""Pages of plans: form contracts, the plan's page, the director's line decisions on the intranet and in the panel."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kam.core.calendar import now, today
from kam.core.contributions import collect
from kam.people.choices import Role
from tests import factories
from tests.support.forms import FormContract, opened, signed_in
from tests.support.lists import ListContract
from tests.support.people import member
from tests.support.requests import waiting_step
from visits.lists import PlanList
from visits.models import VisitLog, VisitPlan, VisitPlanLine
from visits.services import plan_submit

pytestmark = pytest.mark.django_db


class TestPlans(ListContract):
    page_class = PlanList
    url = "/visits/plans/"

    def make(self, user, text):
        made = VisitPlan.objects.for_system().filter(member=user).count()
        month = (today().replace(day=1) + timedelta(days=32 * (made + 1))).replace(day=1)
        return factories.visit_plan(member=user, month=month)

    def make_foreign(self):
        return factories.visit_plan(member=member())


class TestLineAdd(FormContract):
    page = "visits:line_add"
    model = VisitPlanLine
    good = {"matters": "年度框架", "opportunity": "续签", "opportunity_amount": "68万", "probability": "80"}
    texts = ("matters", "opportunity")
    missing = "/visits/plans/987654321/"
    refused = ("director", "clerk")
    unseeing = ("executive", "legal", "partner", "manager", "finance")

    def prepare(self):
        self.plan = factories.visit_plan(member=self.owner)

    def url(self):
        return reverse("visits:line_add", args=[self.plan.pk, self.account.pk])

    def test_120_per_cent_and_another_client_s_person_are_faults_of_their_fields(self):
        stranger = factories.contact(account=factories.account(owner=self.owner))
        client = signed_in(self.actor)
        response = client.post(self.url(), self.typed(client, probability="120", contacts=[stranger.pk]))
        assert response.status_code == 422
        assert {"probability", "contacts"} <= response.context["form"].errors.keys()
        assert not VisitPlanLine.objects.for_system().exists()


class TestLineEdit(FormContract):
    page = "visits:line_edit"
    model = VisitPlanLine
    good = {"matters": "改谈价格"}
    texts = ("matters", "opportunity")
    missing = "/visits/plans/987654321/"
    refused = ("director", "clerk")
    unseeing = ("executive", "legal", "partner", "manager", "finance")

    def prepare(self):
        plan = factories.visit_plan(member=self.owner)
        self.line = factories.plan_line(plan=plan, account=self.account)

    def url(self):
        return reverse("visits:line_edit", args=[self.line.pk])


class TestLineCancel(TestLineEdit):
    page = "visits:line_cancel"
    good = {"reason": "客户出差"}
    texts = ()

    def url(self):
        return reverse("visits:line_cancel", args=[self.line.pk])


def test_a_month_is_opened_from_the_list_and_a_closed_one_is_not_offered():
    client = signed_in(member())
    url = reverse("visits:plan_open")
    response = client.post(url, opened(client, url))
    plan = VisitPlan.objects.for_system().get()
    assert response["Location"] == plan.get_absolute_url()
    closed = {**opened(client, url), "month": "2020-01-01"}
    assert client.post(url, closed).status_code == 422
    assert signed_in(member(Role.CLERK)).get(url).status_code == 403


def test_the_plan_s_page_costs_the_same_for_3_and_30_lines():
    user = member()
    plan = factories.visit_plan(member=user)
    client = signed_in(user)

    def add():
        account = factories.account(owner=user, grade="A")
        factories.plan_line(plan=plan, account=account)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(plan.get_absolute_url()).status_code == 200
        return len(caught)

    for _ in range(3):
        add()
    queries()
    few = queries()
    for _ in range(27):
        add()
    assert queries() == few <= 24


def test_lines_of_a_client_given_away_leave_the_plan_s_page():
    from accounts.services import account_assign

    user = member()
    account = factories.account(owner=user, name="金丝雀贸易")
    plan = factories.visit_plan(member=user)
    factories.plan_line(plan=plan, account=account)
    client = signed_in(user)
    assert "金丝雀" in client.get(plan.get_absolute_url()).content.decode()
    account_assign(account_pk=account.pk, owner=member(), deputy=None, actor=None)
    assert "金丝雀" not in client.get(plan.get_absolute_url()).content.decode()


@pytest.mark.parametrize("place", ["approvals:request_decide", "admin:approvals_request_decide"])
def test_the_director_returns_a_line_and_approves_the_rest(place):
    director, user = member(Role.DIRECTOR), member()
    account = factories.account(owner=user)
    plan = factories.visit_plan(member=user)
    lines = [factories.plan_line(plan=plan, account=account, on=plan.month.replace(day=day)) for day in (3, 17)]
    request = plan_submit(plan_pk=plan.pk, actor=user, now=now())
    client = signed_in(director)
    detail = place.replace("_decide", "_detail")
    page = client.get(reverse(detail, args=[request.pk])).content.decode()
    assert f'name="return_line" value="{lines[0].pk}" form="decision"' in page
    data = {"step": waiting_step(request).pk, "revision": request.revision, "decision": "approve", "comment": ""}
    url = reverse(place, args=[request.pk])
    assert client.post(url, {**data, "return_line": [lines[1].pk]}).status_code in (400, 422)
    posted = {**data, "return_line": [lines[1].pk], f"why_{lines[1].pk}": "并作一次"}
    assert client.post(url, posted).status_code == 302
    for line in lines:
        line.refresh_from_db()
    assert [line.status for line in lines] == ["approved", "returned"]
    assert "并作一次" in signed_in(user).get(plan.get_absolute_url()).content.decode()


def test_today_shows_planned_visits_and_the_log_starts_from_them():
    user = member()
    account = factories.account(owner=user)
    plan = factories.visit_plan(member=user, month=today())
    line = factories.plan_line(plan=plan, account=account, on=today(), matters="谈年货")
    rows = [row for row in collect("today", user, today()) if row.kind == "visit"]
    client = signed_in(user)
    data = opened(client, rows[0].url)
    assert data["matters"] == "谈年货"
    assert client.post(rows[0].url, data).status_code == 302
    assert VisitLog.objects.for_system().get().line_id == line.pk
    assert not [row for row in collect("today", user, today()) if row.kind == "visit"]
    other = factories.account(owner=user)
    assert client.get(f"{reverse('visits:log_file', args=[other.pk])}?line={line.pk}").status_code == 404
    assert client.get(f"{reverse('visits:log_file', args=[account.pk])}?line=x").status_code == 404
