"""Pages of care: forms, lists, who sees what, how many queries."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.care.choices import CareStatus
from accounts.care.lists import CareList
from accounts.care.models import BirthdayCare
from accounts.models import Contact
from kam.core.calendar import today
from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.care.support import born, care_of
from tests.support.forms import FormContract, signed_in
from tests.support.lists import ExportContract
from tests.support.people import member

pytestmark = pytest.mark.django_db


class CareForm(FormContract):
    """Forms about the care of a person whose birthday is today."""

    model = BirthdayCare
    refused = ()
    missing = "/care/987654321/prepare/"
    unseeing = ("executive", "finance", "legal", "partner", "manager")
    person: Contact
    care: BirthdayCare

    def prepare(self) -> None:
        self.person = born(self.account, today(), name="姚素琴", mobile="13800138000", consent="given")
        self.care = care_of(self.person)

    def url(self) -> str:
        return reverse(self.page, args=[self.care.pk])


class TestPrepare(CareForm):
    page = "care:care_prepare"
    good: ClassVar[dict[str, Any]] = {"flowers": "ready", "card": "none", "gift_note": "鲜花 11:00 前送到"}
    texts = ("gift_note",)

    def test_nothing_left_to_order_is_prepared(self) -> None:
        client = signed_in(self.actor)
        client.post(self.url(), self.typed(client, flowers="wanted"))
        self.care.refresh_from_db()
        assert (self.care.status, self.care.prepared_at) == (CareStatus.PLANNED, None)
        client.post(self.url(), self.typed(client))
        self.care.refresh_from_db()
        assert (self.care.status, self.care.prepared_by) == (CareStatus.PREPARED, self.actor)

    def test_sms_only_needs_consent_and_a_mobile(self) -> None:
        client = signed_in(self.actor)
        for field, value in (("consent", "refused"), ("mobile", "")):
            Contact.objects.filter(pk=self.person.pk).update(**{"consent": "given", field: value})
            response = client.post(self.url(), self.typed(client, way="sms"))
            assert response.status_code == 422
            assert "way" in response.context["form"].errors

    def test_who_prepared_meanwhile_is_not_overwritten(self) -> None:
        client = signed_in(self.actor)
        data = self.typed(client)
        client.post(self.url(), self.typed(client, gift_note="先到的"))
        response = client.post(self.url(), {**data, "gift_note": "后到的"})
        assert response.status_code == 422
        self.care.refresh_from_db()
        assert self.care.gift_note == "先到的"


class TestGreeted(CareForm):
    page = "care:care_greeted"
    good: ClassVar[dict[str, Any]] = {"reaction": "pleased", "said": "谢谢"}
    texts = ("said",)

    def test_one_tap_on_the_care_page_is_enough(self) -> None:
        client = signed_in(self.actor)
        page = client.get(self.care.get_absolute_url()).content.decode()
        assert 'href="tel:+8613800138000"' in page
        response = client.post(self.url(), {"reaction": "plain", "said": ""})
        assert response.status_code == 302
        self.care.refresh_from_db()
        assert (self.care.status, self.care.greeted_by) == (CareStatus.DONE, self.actor)

    def test_the_answer_is_completed_and_a_mistake_taken_back(self) -> None:
        client = signed_in(self.actor)
        client.post(self.url(), self.typed(client))
        self.care.refresh_from_db()
        greeted_at = self.care.greeted_at
        client.post(self.url(), self.typed(client, said="年前见面"))
        self.care.refresh_from_db()
        assert (self.care.said, self.care.greeted_at) == ("年前见面", greeted_at)
        client.post(reverse("care:care_not_reached", args=[self.care.pk]), {"again_on": today().isoformat()})
        self.care.refresh_from_db()
        assert (self.care.status, self.care.reaction) == (CareStatus.NOT_REACHED, "")

    def test_too_early_is_refused_in_words(self) -> None:
        early = care_of(born(self.account, today() + timedelta(days=13)))
        response = signed_in(self.actor).post(
            reverse(self.page, args=[early.pk]), {"reaction": "plain", "said": ""}, headers={"accept-language": "zh"}
        )
        assert response.status_code == 422
        assert "还太早" in response.content.decode()


class TestNotReached(CareForm):
    page = "care:care_not_reached"
    good: ClassVar[dict[str, Any]] = {"said": "在开会"}
    texts = ("said",)

    def test_a_day_in_the_past_is_refused(self) -> None:
        client = signed_in(self.actor)
        yesterday = (today() - timedelta(days=1)).isoformat()
        response = client.post(self.url(), self.typed(client, again_on=yesterday))
        assert response.status_code == 422
        assert "again_on" in response.context["form"].errors


class TestLeaveOut(CareForm):
    page = "care:care_leave_out"
    good: ClassVar[dict[str, Any]] = {"note": "本人不过生日"}
    texts = ("note",)

    def test_it_is_taken_up_again(self) -> None:
        client = signed_in(self.actor)
        client.post(self.url(), self.typed(client))
        self.care.refresh_from_db()
        assert (self.care.status, self.care.left_out) == (CareStatus.SKIPPED, "by_hand")
        client.post(reverse("care:care_take_up", args=[self.care.pk]))
        self.care.refresh_from_db()
        assert (self.care.status, self.care.left_out, self.care.note) == (CareStatus.PLANNED, "", "")


class TestCorrect(CareForm):
    page = "care:care_correct"
    model = Contact
    good: ClassVar[dict[str, Any]] = {"name": "姚素芹", "address": "解放路18号"}
    texts = ("address",)

    def test_corrected_facts_are_marked_and_the_rest_is_right(self) -> None:
        client = signed_in(self.actor)
        client.post(self.url(), self.typed(client))
        self.care.refresh_from_db()
        assert self.care.verified_fields == {
            "name": "corrected",
            "gender": "right",
            "birthday": "right",
            "address": "corrected",
        }
        assert (self.care.verified_by, self.care.status) == (self.actor, CareStatus.PREPARED)

    def test_another_calendar_leads_to_the_care_that_stands_now(self) -> None:
        client = signed_in(self.actor)
        response = client.post(self.url(), self.typed(client, birthday_words="农历十二月三十"))
        assert response.status_code == 302
        self.care.refresh_from_db()
        assert self.care.left_out == "corrected"

    def test_an_impossible_birthday_is_told_beside_its_field(self) -> None:
        client = signed_in(self.actor)
        response = client.post(self.url(), self.typed(client, birthday_words="公历1981-02-29"))
        assert response.status_code == 422
        assert "birthday_words" in response.context["form"].errors


class TestCareList(ExportContract):
    page_class = CareList
    url = "/care/"
    text_heading = "Name"

    def make(self, user: Member, text: str) -> BirthdayCare:
        return care_of(born(factories.account(owner=user), today(), name=text or "某人"))

    def make_foreign(self) -> BirthdayCare:
        return care_of(born(factories.account(owner=member()), today()))

    def test_the_month_of_the_address(self, browser: Client, user: Member) -> None:
        row = self.make(user, "本月")
        following = (today().replace(day=1) + timedelta(days=32)).strftime("%Y-%m")
        assert [each["pk"] for each in self.listed(browser)["rows"]] == [row.pk]
        assert browser.get(f"/care/{following}/").context["list"]["rows"] == []
        for nonsense in ("2026-13", "1900-01", "2101-01", "0000-00", "2026-1"):
            assert browser.get(f"/care/{nonsense}/").status_code == 404

    def test_filters_by_owner_state_and_what_is_due(self, browser: Client, user: Member) -> None:
        row, late = self.make(user, "今天"), self.make(user, "晚了")
        BirthdayCare.objects.filter(pk=late.pk).update(falls_on=today() - timedelta(days=40), status="verified")
        assert self.keys(browser, "?owner=me") == [row.pk]
        assert self.keys(browser, "?owner=-") == []
        assert self.keys(browser, "?status=planned") == [row.pk]
        assert self.keys(browser, "?status=done") == []
        assert self.keys(browser, "?due=late") == [late.pk]
        assert self.keys(browser, "?due=today") == [row.pk]
        assert self.keys(browser, "?calendar=lunar") == []

    def test_figures_count_what_the_member_sees(self, browser: Client, user: Member) -> None:
        self.make(user, "甲")
        done = self.make(user, "乙")
        self.make_foreign()
        BirthdayCare.objects.filter(pk=done.pk).update(status="done")
        figures = browser.get(self.url).context["figures"]
        assert [figure["value"] for figure in figures] == [2, 0, 1, 1, 0]


@pytest.mark.parametrize("address", ["/care/", "/care/calendar/", "/care/recheck/", "/"])
def test_queries_do_not_grow_with_people(address: str) -> None:
    user = member()
    client = signed_in(user)

    def queries(people: int) -> int:
        account = factories.account(owner=user)
        for number in range(people):
            born(account, today(), name=f"某{number}", lunar=number % 2 == 0)
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    assert queries(3) == queries(27)


def test_the_recheck_shows_the_week_and_one_tap_verifies() -> None:
    user = member()
    client = signed_in(user)
    person = born(factories.account(owner=user, name="云岭图书馆"), today(), name="姚素琴", gender="female")
    page = client.get("/care/recheck/").content.decode()
    assert "姚素琴" in page
    assert "缺" in page
    care = care_of(person)
    assert client.post(f"/care/{care.pk}/verify/", {"from": "week"})["Location"] == "/care/recheck/"
    care.refresh_from_db()
    assert (care.verified_by, set(care.verified_fields.values())) == (user, {"right"})
    page = client.get("/care/recheck/").content.decode()
    assert "本周已全部核实" in page
    BirthdayCare.objects.filter(pk=care.pk).update(verified_at=care.verified_at - timedelta(days=7))
    assert "都对" in client.get("/care/recheck/").content.decode()


def test_nobody_sees_the_care_of_another_manager() -> None:
    mine, other = member(), member()
    born(factories.account(owner=other, name="金丝雀贸易"), today(), name="柳莺莺")
    [care] = BirthdayCare.objects.all()
    client = signed_in(mine)
    for address in ("/", "/care/", "/care/calendar/", "/care/recheck/", "/care/?export=csv"):
        response = client.get(address)
        text = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
        assert "柳莺莺" not in text
        assert "金丝雀" not in text
    for way in ("", "verify/", "correct/", "prepare/", "greeted/", "not-reached/", "leave-out/", "take-up/"):
        assert client.get(f"/care/{care.pk}/{way}").status_code in (404, 405), way
        assert client.post(f"/care/{care.pk}/{way}").status_code in (404, 405), way


def test_a_share_to_look_at_shows_the_care_without_its_buttons() -> None:
    viewer = member()
    account = factories.account(owner=member())
    care = care_of(born(account, today(), name="姚素琴"))
    factories.share(account=account, member=viewer)
    client = signed_in(viewer)
    page = client.get(care.get_absolute_url()).content.decode()
    assert "姚素琴" in page
    assert "联系上了" not in page
    assert client.post(f"/care/{care.pk}/greeted/", {"reaction": "plain"}).status_code == 403
    assert "都对" not in client.get("/care/recheck/").content.decode()


def test_care_stands_on_the_client_page_and_in_its_timeline() -> None:
    user = member()
    account = factories.account(owner=user)
    care = care_of(born(account, today(), name="姚素琴"))
    client = signed_in(user)
    client.post(f"/care/{care.pk}/greeted/", {"reaction": "pleased", "said": "很高兴"})
    page = client.get(f"/clients/{account.pk}/care/").content.decode()
    assert "以往关怀" in page
    assert "已问候 姚素琴：高兴" in client.get(account.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.CLERK])
def test_supervisors_find_what_is_late_and_what_nobody_looks_after(role: str) -> None:
    late = care_of(born(factories.account(owner=member()), today(), name="晚了的人"))
    born(factories.account(owner=member()), today(), name="今天的人")
    born(factories.account(), today(), name="没人管的人")
    BirthdayCare.objects.filter(pk=late.pk).update(falls_on=today() - timedelta(days=2))
    page = signed_in(member(role)).get("/").content.decode()
    assert "晚了的人" in page
    assert "没人管的人" in page
    assert "今天的人" not in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_a_month_far_away(language: str) -> None:
    client = signed_in(member(), language)
    for month in ("1900-02", "2100-12", "2030-02"):
        for address in (f"/care/{month}/", f"/care/calendar/{month}/"):
            assert client.get(address).status_code == 200, address
