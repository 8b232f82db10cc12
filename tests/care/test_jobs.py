"""The jobs of care: who is told what and when, and exactly once."""

import io
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from accounts.care.choices import CareStatus, Reaction
from accounts.care.models import BirthdayCare
from accounts.care.services import care_greeted, care_not_reached
from accounts.models import Contact
from accounts.rules.birthdays import lunar_day_of
from accounts.services import account_status_change, contact_change, contact_leave
from kam.core.exceptions import DomainError
from kam.core.models import ExportLog
from kam.jobs import engine
from kam.jobs.models import JobRun, KnownJob
from kam.jobs.registry import Occasion, all_jobs, job_of
from kam.outbox.models import Message, MessageFile, Notice
from kam.people.choices import Role
from tests import factories
from tests.care.support import born, care_of, moment
from tests.support.people import member

pytestmark = pytest.mark.django_db
FIRST = date(2026, 12, 1)
DAY = date(2026, 12, 9)


@pytest.fixture
def people():
    return {
        role: member(role, full_name=name, email=f"{role}@kam.cn")
        for role, name in ((Role.DIRECTOR, "沈砚清"), (Role.CLERK, "何韵"), (Role.MANAGER, "陆以宁"))
    }


@pytest.fixture
def client(people):
    return factories.account(owner=people[Role.MANAGER], deputy=member(full_name="周牧野"), name="云岭图书馆")


def run(code, at, on=None):
    """Run a job as due on `on` (the day of `at` otherwise)."""
    job = job_of(code)
    with time_machine.travel(at, tick=False):
        day = on or at.date()
        return job.run(Occasion(on=day, due_at=moment(day, job.schedule.at.hour), now=at, renew=lambda: None))


def person(client, on=DAY, *, known_since=FIRST, **fields):
    with time_machine.travel(moment(known_since, 7), tick=False):
        return born(client, on, **{"name": "姚素琴", "mobile": "13800138000", "consent": "given", **fields})


def told(kind):
    return list(Notice.objects.for_system().filter(kind=kind).order_by("recipient__full_name", "pk"))


def sms():
    return Message.objects.for_system().filter(channel="sms")


def test_the_first_of_the_month_opens_the_cares_and_sends_everybody_the_list(client, people):
    person(client)
    person(client, date(2026, 12, 28), lunar=True, name="冬月廿", mobile="")
    other = factories.account(owner=member(full_name="许知夏", email="x@kam.cn"))
    person(other, date(2026, 12, 31), name="别人家")
    BirthdayCare.objects.all().delete()
    assert run("care.month_list", moment(FIRST, 8)) == {"opened": 3, "told": 4}
    counts = {notice.recipient.full_name: notice.text_zh for notice in told("care.month")}
    assert {name: text.partition("位")[0] for name, text in counts.items()} == {
        "沈砚清": "2026-12 有 3 ",
        "何韵": "2026-12 有 3 ",
        "陆以宁": "2026-12 有 2 ",
        "许知夏": "2026-12 有 1 ",
    }
    mails = Message.objects.for_system().filter(kind="care.month", channel="email")
    assert mails.count() == 4
    assert ExportLog.objects.for_system().filter(page="care.birthdaycare").count() == 4
    own = MessageFile.objects.get(message__recipient=people[Role.MANAGER])
    rows = list(load_workbook(io.BytesIO(bytes(own.content))).active.values)
    assert own.name == "生日客户 2026-12.xlsx"
    assert [(row[0].date(), row[1], row[2], row[5]) for row in rows[1:]] == [
        (DAY, "公历12月9日", "姚素琴", "云岭图书馆"),
        (date(2026, 12, 28), "农历冬月二十", "冬月廿", "云岭图书馆"),
    ]
    assert run("care.month_list", moment(FIRST, 8, 30)) == {"opened": 0, "told": 0}
    assert BirthdayCare.objects.count() == 3


def test_a_month_without_birthdays_tells_nobody(people):
    assert run("care.month_list", moment(FIRST, 8)) == {"opened": 0, "told": 0}


def test_a_first_installation_on_the_17th_brings_no_flood_of_the_past(client):
    with time_machine.travel(moment(date(2025, 1, 1)), tick=False):
        for day in (3, 16, 17, 25):
            born(client, date(2026, 12, day), name=f"{day}日")
    BirthdayCare.objects.all().delete()
    run("care.month_list", moment(date(2026, 12, 17), 14), on=FIRST)
    assert [care.falls_on.day for care in BirthdayCare.objects.all()] == [17, 25]


def test_a_machine_that_was_off_over_the_first_forgets_nobody(client):
    person(client, date(2026, 11, 5), known_since=date(2026, 11, 2), name="早先")
    with time_machine.travel(moment(date(2026, 11, 10)), tick=False):
        for day in (1, 2, 3, 20):
            born(client, date(2026, 12, day), name=f"{day}日")
    run("care.upkeep", moment(date(2026, 11, 29), 6))
    run("care.month_list", moment(date(2026, 12, 3), 10), on=FIRST)
    for day in (1, 2, 3):
        run("care.greet", moment(date(2026, 12, 3), 10), on=date(2026, 12, day))
    december = BirthdayCare.objects.filter(falls_on__gte=FIRST)
    assert [care.falls_on.day for care in december] == [1, 2, 3, 20]
    assert len(told("care.today")) == 3
    assert "没有问候" in told("care.today")[0].text_zh.replace("还", "")


def test_mondays_put_the_week_before_its_owners(client, people):
    person(client)
    monday = date(2026, 12, 7)
    assert run("care.recheck", moment(monday, 8)) == {"told": 1}
    [notice] = told("care.week")
    assert notice.recipient == people[Role.MANAGER]
    assert notice.url == "/care/recheck/"
    assert "姚素琴" in notice.text_zh
    assert run("care.recheck", moment(monday, 9)) == {"told": 0}


def test_a_week_over_the_end_of_a_month_is_whole(client):
    with time_machine.travel(moment(date(2026, 11, 2)), tick=False):
        born(client, date(2026, 12, 4))
    run("care.recheck", moment(date(2026, 11, 30), 8))
    assert len(told("care.week")) == 1


def test_on_the_day_the_owner_is_asked_and_who_agreed_gets_one_sms(client, people):
    contact = person(client, gender="female")
    assert run("care.greet", moment(DAY)) == {"sms": 1, "asked": 1}
    assert run("care.greet", moment(DAY, 9, 5)) == {"sms": 0, "asked": 0}
    [message] = sms()
    assert (message.address, message.contact_id, message.once) == ("+8613800138000", contact.pk, "at_most")
    assert "姚素琴女士" in message.text
    assert message.expires_at == moment(DAY, 21)
    [notice] = told("care.today")
    assert (notice.recipient, notice.url) == (people[Role.MANAGER], care_of(contact).get_absolute_url())


@pytest.mark.parametrize(
    ("fields", "reason"), [({"consent": "refused"}, "no_consent"), ({"consent": "unasked"}, "no_consent")]
)
def test_without_consent_the_sms_is_listed_with_the_reason_and_the_owner_calls(client, fields, reason):
    contact = person(client, **fields)
    assert run("care.greet", moment(DAY)) == {"sms": 0, "asked": 1}
    assert [message.skip_reason for message in sms()] == [reason]
    assert care_of(contact).sms_at is None


def test_sms_only_needs_no_call_unless_it_cannot_go(client):
    contact = person(client)
    BirthdayCare.objects.filter(contact=contact).update(way="sms")
    refused = person(client, name="韩景和", mobile="13900139000", consent="refused")
    BirthdayCare.objects.filter(contact=refused).update(way="sms")
    assert run("care.greet", moment(DAY)) == {"sms": 1, "asked": 1}
    assert BirthdayCare.objects.get(contact=contact).status == CareStatus.DONE
    assert "短信没有发出" in told("care.today")[0].text_zh


def test_late_in_the_evening_and_on_later_days_no_sms_is_written(client):
    person(client)
    assert run("care.greet", moment(DAY, 21, 30)) == {"sms": 0, "asked": 1}
    person(client, date(2026, 12, 10), name="韩景和", mobile="13900139000")
    assert run("care.greet", moment(date(2026, 12, 12)), on=date(2026, 12, 10)) == {"sms": 0, "asked": 1}
    assert not sms().exists()


def test_what_is_not_done_by_the_afternoon_goes_to_owner_clerk_and_director(client, people):
    contact = person(client)
    done = person(client, name="韩景和", mobile="13900139000")
    waits = person(client, name="柳如是", mobile="13700137000")
    at = moment(DAY, 10)
    care_greeted(care_pk=care_of(done).pk, actor=people[Role.MANAGER], at=at)
    care_not_reached(
        care_pk=care_of(waits).pk, actor=people[Role.MANAGER], at=at, again_on=DAY + timedelta(days=1), said="在开会"
    )
    assert run("care.overdue", moment(DAY, 15)) == {"late": 1}
    found = {notice.recipient.role: notice for notice in told("care.overdue")}
    assert set(found) == {Role.MANAGER, Role.CLERK, Role.DIRECTOR}
    assert found[Role.MANAGER].url == care_of(contact).get_absolute_url()
    assert "姚素琴" in found[Role.DIRECTOR].text_zh
    assert "韩景和" not in found[Role.DIRECTOR].text_zh
    run("care.overdue", moment(DAY, 15, 1))
    assert len(told("care.overdue")) == 3
    assert run("care.overdue", moment(DAY + timedelta(days=1), 15)) == {"late": 1}


def test_a_day_on_which_all_is_done_is_quiet(client, people):
    contact = person(client)
    care_greeted(care_pk=care_of(contact).pk, actor=people[Role.MANAGER], at=moment(DAY, 9))
    assert run("care.overdue", moment(DAY, 15)) == {"late": 0}
    assert told("care.overdue") == []


def test_left_suspended_and_ownerless(client, people):
    left = person(client)
    contact_leave(contact_pk=left.pk, actor=None, left_on=DAY)
    paused = factories.account(owner=people[Role.MANAGER], status="active")
    person(paused, name="停业的人", mobile="13900139000")
    account_status_change(account_pk=paused.pk, actor=None, to="paused", seen="active", reason="停业")
    person(factories.account(), name="无主的人", mobile="13700137000")
    assert run("care.greet", moment(DAY)) == {"sms": 1, "asked": 1}
    assert [notice.recipient for notice in told("care.today")] == [people[Role.CLERK]]


def test_greeting_before_the_day_waits_for_the_last_working_day(client, people):
    saturday = date(2026, 12, 12)
    contact = person(client, saturday)
    care = care_of(contact)
    assert care.prepare_on == date(2026, 12, 11)
    with pytest.raises(DomainError):
        care_greeted(care_pk=care.pk, actor=people[Role.MANAGER], at=moment(date(2026, 12, 10)))
    care_greeted(care_pk=care.pk, actor=people[Role.MANAGER], at=moment(date(2026, 12, 11)))


def test_queries_of_the_month_grow_with_members_not_with_people(client):
    def queries(number):
        for place in range(number):
            person(client, date(2026, 12, 20), name=f"某{number}{place}", mobile="", consent="unasked")
        Notice.objects.all().delete()
        Message.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            run("care.month_list", moment(FIRST, 8))
        return len(caught)

    assert queries(3) == queries(27)


ACTS = ("tick", "work", "work again", "restart", "lose", "correct day", "correct calendar", "greet", "hour", "day")


class TestExactlyOnce(TestCase):
    """Whatever the order of ticks, workers, restarts and corrections: one SMS, one greeting within half a year."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(st.sampled_from(ACTS), min_size=8, max_size=40), start=st.integers(0, 30))
    def test_nobody_is_greeted_twice(self, acts, start):
        now = moment(date(2026, 12, 7), 7) + timedelta(hours=start)
        self.owner = member()
        account = factories.account(owner=self.owner)
        with time_machine.travel(now, tick=False):
            contact = born(account, DAY, mobile="13800138000", consent="given")
        KnownJob.objects.for_system().bulk_create(
            KnownJob(code=job.code, first_seen_at=now - timedelta(days=40)) for job in all_jobs()
        )
        for act in acts:
            now += timedelta(minutes=20)
            with time_machine.travel(now, tick=False):
                now = self.do(act, contact, now)
                self.check(contact)

    def do(self, act: str, contact: Contact, now: datetime) -> datetime:
        """One thing that may happen; the moment afterwards."""
        runs = JobRun.objects.for_system()
        match act:
            case "hour" | "day":
                return now + (timedelta(hours=3) if act == "hour" else timedelta(days=1))
            case "tick":
                engine.tick(now=now, send=lambda _run: None)
            case "work" | "work again":
                for pk in runs.filter(state="due", job__startswith="care.").values_list("pk", flat=True):
                    engine.carry_out(run_pk=pk, now=now, clock=lambda: now)
            case "restart":
                runs.filter(job__startswith="care.", state="done").update(state="due", send_after=now, attempts=0)
            case "lose":
                runs.filter(state="due").update(state="running", lease_until=now - timedelta(minutes=1), attempts=1)
            case "greet":
                for care in BirthdayCare.objects.still_open().filter(contact=contact):
                    if care.falls_on <= now.date():
                        care_greeted(care_pk=care.pk, actor=self.owner, at=now, reaction=Reaction.PLAIN)
            case _:
                self.correct(act, contact, now)
        return now

    def correct(self, act: str, contact: Contact, now: datetime) -> None:
        """The birthday turns out to be another day, or kept in the other calendar, near to now."""
        contact.refresh_from_db()
        day = now.date() + timedelta(days=1)
        lunar = (contact.birthday_calendar == "lunar") != (act == "correct calendar")
        month, number, leap = lunar_day_of(day) if lunar else (day.month, day.day, False)
        data = {
            "birthday_calendar": "lunar" if lunar else "solar",
            "birthday_month": month,
            "birthday_day": number,
            "birthday_leap": leap,
            "birthday_year": None,
        }
        contact_change(contact_pk=contact.pk, actor=None, data=data, version=contact.version)

    def check(self, contact: Contact) -> None:
        """One SMS at most, one care kept at most, never two that somebody still has to give."""
        assert sms().filter(contact_id=contact.pk).exclude(state="skipped").count() <= 1
        assert BirthdayCare.objects.kept().filter(contact=contact).count() <= 1
        assert BirthdayCare.objects.still_open().filter(contact=contact).count() <= 1
        asked = Notice.objects.for_system().filter(kind="care.today").values_list("recipient", "key")
        assert len(asked) == len(set(asked))
