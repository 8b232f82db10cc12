"""Pages of logs: the form contracts, bad input by hand, what each page shows and to whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from kam.core.calendar import today
from kam.core.contributions import collect
from kam.people.choices import Role
from tests import factories
from tests.support.files import picture
from tests.support.forms import FormContract, opened, signed_in
from tests.support.people import member
from visits.models import VisitLog, VisitPhoto
from visits.selectors import keys_of

pytestmark = pytest.mark.django_db


class TestLogFile(FormContract):
    page = "visits:log_file"
    model = VisitLog
    good = {"matters": "年货备货", "said": "希望提前到货", "others_met": "值班经理"}
    texts = ("matters", "said", "result", "place", "next_step")
    missing = "/visits/987654321/"

    def url(self):
        return reverse("visits:log_file", args=[self.account.pk])

    def test_only_this_client_s_people_are_offered_and_taken(self):
        person = factories.contact(account=self.account)
        stranger = factories.contact(account=factories.account(owner=self.owner))
        client = signed_in(self.actor)
        page = client.get(self.url()).content.decode()
        assert person.name in page
        assert stranger.name not in page
        for key in (stranger.pk, "x", "9" * 30):
            response = client.post(self.url(), self.typed(client, contacts=[person.pk, key]))
            assert response.status_code == 422
            assert "contacts" in response.context["form"].errors
        assert client.post(self.url(), self.typed(client, contacts=[person.pk])).status_code == 302
        assert keys_of(VisitLog.objects.for_system().get(), "contacts") == {person.pk}

    def test_several_photos_come_with_it(self):
        client = signed_in(self.actor)
        data = self.typed(client, photos=[picture("a"), picture("b", (1, 2, 3))])
        assert client.post(self.url(), data).status_code == 302
        photo = VisitPhoto.objects.for_system().first()
        answer = client.get(photo.get_absolute_url())
        assert answer["Content-Type"] == "image/png"
        assert answer["Cache-Control"] == "private, no-store"
        assert VisitPhoto.objects.for_system().count() == 2

    def test_all_faults_are_told_at_once(self):
        client = signed_in(self.actor)
        bad = {"on": "2099-01-01", "matters": "", "begins": "25:00", "next_on": "2026-02-30"}
        response = client.post(self.url(), self.typed(client, **bad))
        assert {"on", "matters", "begins", "next_on"} <= response.context["form"].errors.keys()
        assert "2026-02-30" in response.content.decode()

    def test_two_places_at_once_are_refused_beside_the_time(self):
        client = signed_in(self.actor)
        other = factories.account(owner=self.owner)
        there = reverse("visits:log_file", args=[other.pk])
        assert client.post(there, {**opened(client, there), **self.good, "begins": "10:00"}).status_code == 302
        response = client.post(self.url(), self.typed(client, begins="10:30"))
        assert response.status_code == 422
        assert "begins" in response.context["form"].errors
        assert VisitLog.objects.for_system().count() == 1

    def test_an_overlap_is_said_at_once(self):
        colleague = member(full_name="周牧野")
        factories.share(account=self.account, member=colleague, permission="change")
        factories.visit_log(account=self.account, visitor=colleague)
        client = signed_in(self.actor)
        page = client.post(self.url(), self.typed(client), follow=True).content.decode()
        assert "周牧野" in page
        assert "重叠走访" in page


class LogContract(FormContract):
    model = VisitLog
    missing = "/visits/987654321/"
    refused = ("director", "clerk")
    unseeing = ("executive", "legal", "partner", "manager", "finance")

    def prepare(self):
        self.log = factories.visit_log(account=self.account, visitor=self.owner)


class TestLogEdit(LogContract):
    page = "visits:log_edit"
    good = {"result": "已答应"}
    texts = ("matters", "said", "result")

    def url(self):
        return reverse("visits:log_edit", args=[self.log.pk])

    def typed(self, client, **changes):
        met = keys_of(self.log, "contacts")
        return {**opened(client, self.url()), "contacts": list(met), **self.good, **changes}


class TestLogHandle(LogContract):
    page = "visits:log_handle"
    good = {"handling": "已转售后", "comment": "跟紧"}
    texts = ("handling", "comment")
    actor_role = "clerk"
    refused = ()

    def url(self):
        return reverse("visits:log_handle", args=[self.log.pk])

    def test_the_visitor_does_not_handle_the_own_log(self):
        assert signed_in(self.owner).get(self.url()).status_code == 403


class TestPhotosAdd(LogContract):
    page = "visits:photos_add"
    model = VisitPhoto

    @property
    def good(self):
        return {"photos": picture("新")}

    def url(self):
        return reverse("visits:photos_add", args=[self.log.pk])

    def test_no_picture_is_a_fault_of_the_field(self):
        client = signed_in(self.actor)
        response = client.post(self.url(), opened(client, self.url()))
        assert response.status_code == 422
        assert "photos" in response.context["form"].errors


def test_start_leads_to_the_client_by_tap_or_by_name():
    user = member()
    account = factories.account(owner=user, name="苏宁电器")
    client = signed_in(user)
    url, there = reverse("visits:log_start"), reverse("visits:log_file", args=[account.pk])
    assert there in client.get(url).content.decode()
    for typed in (account.number, "苏宁电器"):
        assert client.get(url, {"client": typed})["Location"] == there
    stranger = factories.account(owner=member())
    assert client.get(url, {"client": stranger.number}).status_code == 422
    assert signed_in(member(Role.FINANCE)).get(url).status_code == 403


def test_the_brief_holds_what_one_needs_to_know():
    user = member()
    account = factories.account(owner=user, grade="A", credit_limit=200_000)
    person = factories.contact(
        account=account, name="曹敏", birthday_calendar="solar", birthday_month=1, birthday_day=5
    )
    for days, words in ((40, "最早的话"), (30, "第三句"), (20, "第二句"), (10, "第一句")):
        on = today() - timedelta(days=days)
        factories.visit_log(account=account, visitor=user, contacts={person.pk}, on=on, said=words)
    page = signed_in(user).get(reverse("visits:brief", args=[account.pk])).content.decode()
    for words in ("第一句", "第二句", "第三句", "曹敏", "01-05", "200,000.00", "10 天前", "每 14 天"):
        assert words in page, words
    assert "最早的话" not in page
    assert signed_in(member(Role.FINANCE)).get(reverse("visits:brief", args=[account.pk])).status_code == 404


def test_brief_and_detail_take_the_same_queries_for_3_and_30():
    user = member()
    account = factories.account(owner=user)
    people = {factories.contact(account=account).pk for _ in range(3)}
    client = signed_in(user)
    log = factories.visit_log(account=account, visitor=user, contacts=people)

    def queries(url):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    urls = [reverse("visits:brief", args=[account.pk]), log.get_absolute_url(), account.get_absolute_url()]
    for url in urls:
        queries(url)
    few = [queries(url) for url in urls]
    for number in range(30):
        factories.visit_log(account=account, visitor=user, contacts=people, on=today() - timedelta(days=number))
    assert [queries(url) for url in urls] == few
    assert max(few) <= 22


def test_the_client_page_knows_of_its_visits():
    user, on = member(), today()
    account = factories.account(owner=user, grade="A")
    facts = {fact.value: fact for fact in collect("facts", user, account, on)}
    assert (
        facts["从未走访"].tone == "warn" if "从未走访" in facts else any(fact.tone == "warn" for fact in facts.values())
    )
    log = factories.visit_log(account=account, visitor=user, on=on - timedelta(days=15))
    account = Account.objects.get(pk=account.pk)
    fact = next(fact for fact in collect("facts", user, account, on) if "15" in str(fact.value))
    assert (fact.tone, fact.url) == ("bad", f"/visits/?client={account.pk}")
    assert [event.url for event in collect("said", user, account, 3)] == [log.get_absolute_url()]
    assert log.get_absolute_url() in [event.url for event in collect("timeline", user, account, 12)]
    acts = [action.url for action in collect("actions", user, account, frozenset({"change"}))]
    assert reverse("visits:log_file", args=[account.pk]) in acts
    finance = member(Role.FINANCE)
    for place, more in (("facts", on), ("said", 3), ("actions", frozenset())):
        assert not [found for found in collect(place, finance, account, more) if "visits" in getattr(found, "url", "")]


def test_the_workbench_shows_next_steps_that_are_due_and_lets_them_be_done():
    user, on = member(), today()
    account = factories.account(owner=user)
    due = factories.visit_log(account=account, visitor=user, next_step="寄样", next_on=on)
    factories.visit_log(account=account, visitor=user, next_step="下月再访", next_on=on + timedelta(days=20))
    rows = [row for row in collect("today", user, on) if row.kind == "next_step"]
    assert [row.title for row in rows] == ["寄样"]
    client = signed_in(user)
    assert client.post(rows[0].actions[0].url).status_code == 302
    due.refresh_from_db()
    assert due.next_done_on == on
    assert not [row for row in collect("today", user, on) if row.kind == "next_step"]


def test_logs_of_past_months_wait_for_director_and_clerk():
    user, on = member(), today()
    account = factories.account(owner=user)
    factories.visit_log(account=account, visitor=user, on=on.replace(day=1) - timedelta(days=1))
    factories.visit_log(account=account, visitor=user)
    for role, count in ((Role.DIRECTOR, 1), (Role.CLERK, 1), (Role.MANAGER, 0)):
        rows = [row for row in collect("today", member(role), on) if row.kind == "visit_review"]
        assert len(rows) == count
        assert all("1" in str(row.title) for row in rows)


def test_the_one_search_finds_words_of_one_s_own_visits_only():
    user, other = member(), member()
    factories.visit_log(account=factories.account(owner=user), visitor=user, said="样机少一台")
    assert len([hit for hit in collect("search", user, "样机", 5) if hit.url.startswith("/visits/")]) == 1
    for looker in (other, member(Role.FINANCE), member(Role.PARTNER)):
        assert not [hit for hit in collect("search", looker, "样机", 5) if hit.url.startswith("/visits/")]


def test_the_director_sets_the_rules_in_the_panel():
    from visits.models import VisitRules

    rules = VisitRules.objects.for_system().get()
    url = f"/admin/visits/visitrules/{rules.pk}/change/"
    director = signed_in(member(Role.DIRECTOR))
    form = director.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data["same_day"] = "on"
    assert director.post(url, {**data, "cadence_a_days": "10"}).status_code == 302
    rules.refresh_from_db()
    assert (rules.cadence_a_days, rules.version) == (10, 2)
    assert director.post(url, {**data, "cadence_a_days": "0"}).status_code == 200
    assert signed_in(member(Role.CLERK)).post(url, {**data, "cadence_a_days": "9"}).status_code == 403
    rules.refresh_from_db()
    assert rules.cadence_a_days == 10
