"""The log list keeps what every list keeps."""

from datetime import timedelta

import pytest
from django.test import Client

from kam.core.calendar import now, today
from tests import factories
from tests.support.lists import ExportContract
from tests.support.people import member
from visits.lists import LogList
from visits.services import visit_log_handle

pytestmark = pytest.mark.django_db


class TestLogs(ExportContract):
    page_class = LogList
    url = "/visits/"
    text_heading = "Matters"

    def make(self, user, text):
        return factories.visit_log(account=factories.account(owner=user), visitor=user, matters=text.strip() or "x")

    def make_foreign(self):
        other = member()
        return factories.visit_log(account=factories.account(owner=other), visitor=other)

    def test_filters_tell_mine_late_handled_and_one_client_apart(self, browser: Client, user) -> None:
        mine = self.make(user, "a")
        late = factories.visit_log(account=mine.account, visitor=user, on=today() - timedelta(days=30))
        colleague = member()
        factories.share(account=mine.account, member=colleague, permission="change")
        theirs = factories.visit_log(account=mine.account, visitor=colleague, on=today() - timedelta(days=1))
        visit_log_handle(log_pk=theirs.pk, actor=member("clerk"), handling="好", comment="", now=now())
        other = self.make(user, "b")
        assert set(self.keys(browser, "?visitor=me")) == {mine.pk, late.pk, other.pk}
        assert self.keys(browser, f"?visitor={colleague.pk}") == [theirs.pk]
        assert self.keys(browser, "?late=yes") == [late.pk]
        assert self.keys(browser, "?status=handled") == [theirs.pk]
        assert set(self.keys(browser, f"?client={mine.account_id}")) == {mine.pk, late.pk, theirs.pk}
        assert self.keys(browser, "?client=x") == self.keys(browser, "?client=99999999999999999999") == []
        assert set(self.keys(browser, f"?on_before={today() - timedelta(days=1)}")) == {late.pk, theirs.pk}

    def test_found_by_client_person_and_words(self, browser: Client, user) -> None:
        account = factories.account(owner=user, name="苏宁电器")
        person = factories.contact(account=account, name="曹敏")
        log = factories.visit_log(account=account, visitor=user, contacts={person.pk}, said="样机少一台")
        self.make(user, "x")
        for typed in ("sn", "苏宁", "曹敏", "样机"):
            assert self.keys(browser, f"?q={typed}") == [log.pk]

    def test_the_filter_names_the_client_it_was_set_to(self, browser: Client, user) -> None:
        log = self.make(user, "a")
        active = self.listed(browser, f"?client={log.account_id}")["active_filters"]
        assert [entry["value"] for entry in active] == [log.account.name]
        foreign = self.make_foreign()
        active = self.listed(browser, f"?client={foreign.account_id}")["active_filters"]
        assert foreign.account.name not in [entry["value"] for entry in active]
