"""Claims, leases, back-off: nothing is lost, no greeting goes twice, whatever workers and clock do."""

from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kam.outbox import delivery
from kam.outbox.channels import Outcome, Result
from kam.outbox.choices import MessageState, Once
from kam.outbox.delivery import deliver, take_back
from kam.outbox.models import Message
from kam.outbox.services import message_give_up, message_send, sms_send
from kam.outbox.tasks import sweep_messages
from kam.people.models import Member
from tests.support.messages import GREETING, REMINDER
from tests.support.people import member

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)
OPEN = (MessageState.DUE, MessageState.CLAIMED)


class Killed(BaseException):
    """The worker is gone: nothing after this runs."""


class Post:
    """A sender that counts what left, and before each message lets the test do something or fail."""

    def __init__(self, before=None):
        self.left = Counter()
        self.before = before or (lambda _message: None)

    def missing(self):
        return []

    @contextmanager
    def opened(self, clock):
        yield self.send

    def send(self, message):
        outcome = self.before(message)
        if outcome is None or outcome.result in {Result.SENT, Result.UNKNOWN}:
            self.left[message.pk] += 1
        return outcome or Outcome(Result.SENT)


@pytest.fixture
def post(monkeypatch):
    found = Post()
    monkeypatch.setattr(delivery, "sender_of", lambda _channel: found)
    return found


def greeting(key, at=NOON):
    return sms_send(
        kind=GREETING, key=key, name="郑", phone="+8613905552741", text="好", consent=True, opted_out=False, at=at
    )


def reminder(key, recipient, at=NOON):
    message_send(kind=REMINDER, recipient=recipient, key=key, text=_("Monday"), at=at)
    return Message.objects.get(key=key, recipient=recipient, channel="sms")


def state(row):
    row.refresh_from_db()
    return row.state


def test_a_claim_that_lapses_makes_a_reminder_due_and_a_greeting_uncertain(post):
    rows = [greeting("a"), reminder("b", member(phone="+8613905552742"))]

    def die(_message):
        raise Killed

    post.before = die
    for _worker in range(2):
        with pytest.raises(Killed):
            deliver(channel="sms", clock=lambda: NOON)
    assert [state(row) for row in rows] == ["claimed", "claimed"]
    take_back(now=NOON + timedelta(minutes=5))
    assert [state(row) for row in rows] == ["claimed", "claimed"]
    take_back(now=NOON + timedelta(minutes=5, seconds=1))
    assert [state(row) for row in rows] == ["uncertain", "due"]
    post.before = lambda _message: None
    while deliver(channel="sms", clock=lambda: NOON + timedelta(minutes=6)):
        pass
    assert [state(row) for row in rows] == ["uncertain", "sent"]
    assert not post.left[rows[0].pk]


def test_a_reminder_whose_workers_always_die_fails_in_the_end(post):
    row = reminder("b", member(phone="+8613905552742"))

    def die(_message):
        raise Killed

    post.before, at = die, NOON
    for _attempt in range(5):
        with pytest.raises(Killed):
            deliver(channel="sms", clock=lambda: at)  # noqa: B023 - called at once
        at += timedelta(minutes=6)
        take_back(now=at)
    assert (state(row), row.error) == ("failed", delivery.LOST)


def test_a_slow_worker_keeps_its_batch_and_records_what_it_sent(post):
    moment = [NOON]
    rows = [greeting(str(number)) for number in range(4)]

    def slow(_message):
        moment[0] += timedelta(minutes=2)
        take_back(now=moment[0])

    post.before = slow
    deliver(channel="sms", clock=lambda: moment[0])
    assert {state(row) for row in rows} == {"sent"}
    assert set(post.left.values()) == {1}


def test_a_worker_that_slept_too_long_sends_nothing_more_of_its_batch(post):
    moment = [NOON]
    rows = [greeting(str(number)) for number in range(3)]

    def sleep(_message):
        moment[0] += timedelta(hours=1)
        take_back(now=moment[0])

    post.before = sleep
    deliver(channel="sms", clock=lambda: moment[0])
    assert [state(row) for row in rows] == ["sent", "uncertain", "uncertain"]
    assert sum(post.left.values()) == 1


def test_what_a_person_gave_up_meanwhile_stays_given_up(post):
    moment, clerk = [NOON], member("clerk")
    row = greeting("a")

    def give_up(message):
        moment[0] += timedelta(hours=1)
        take_back(now=moment[0])
        message_give_up(message_pk=message.pk, seen="uncertain", actor=clerk, at=moment[0])

    post.before = give_up
    deliver(channel="sms", clock=lambda: moment[0])
    assert (state(row), row.skip_reason) == ("skipped", "given_up")


def test_an_error_of_our_own_is_written_down_and_the_rest_goes_on(post):
    first, second = greeting("a"), greeting("b")

    def stumble(message):
        if message.pk == first.pk:
            raise KeyError("secret")

    post.before = stumble
    deliver(channel="sms", clock=lambda: NOON)
    assert [state(first), first.error, state(second)] == ["uncertain", "KeyError", "sent"]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_queries_of_a_batch_do_not_grow_with_it(post, channel):
    recipient = member(email="a@example.com", phone="+8613905552742")
    counts = []
    for size in (3, 60):
        for number in range(size):
            reminder(f"{size}-{number}", recipient)
        Message.objects.filter(state="due").exclude(channel=channel).delete()
        with CaptureQueriesContext(connection) as queries:
            assert deliver(channel=channel, clock=lambda: NOON) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_the_sweep_hands_out_what_a_lost_wake_up_left(post, django_capture_on_commit_callbacks, time_machine):
    time_machine.move_to(NOON)
    row = greeting("a")
    with django_capture_on_commit_callbacks(execute=True):
        list(sweep_messages(NOON))
    assert state(row) == "sent"


def test_many_messages_of_one_transaction_wake_the_workers_once(django_capture_on_commit_callbacks):
    recipient = member(email="a@example.com", phone="+8613905552742")
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(5):
            reminder(str(number), recipient)
        with transaction.atomic():
            greeting("inner")
            transaction.set_rollback(True)
    assert len(callbacks) == 2


OUTCOMES = (
    None,
    Outcome(Result.NOT_SENT, "busy"),
    Outcome(Result.UNKNOWN, "broke"),
    Outcome(Result.REFUSED, "no"),
    "killed before",
    "killed after",
    "another worker",
    "an hour passes",
    "clock back",
)
STEP = st.one_of(
    st.tuples(st.just("work"), st.lists(st.sampled_from(OUTCOMES), max_size=6)),
    st.tuples(st.sampled_from(["tick", "cause"]), st.just([])),
    st.tuples(st.just("jump"), st.sampled_from([-120, -1, 1, 6, 61])),
)


class Office:
    """Workers, clock and causes, driven in any order."""

    def __init__(self, recipient: Member, post: Post) -> None:
        self.now, self.recipient, self.post = NOON, recipient, post
        self.cause()

    def cause(self) -> None:
        """The event comes, or comes again."""
        for number in range(3):
            greeting(f"g{number}", NOON)
            reminder(f"r{number}", self.recipient, NOON)

    def jump(self, minutes: int) -> None:
        """The clock goes, or is put, forward or back; it stays between eight and nine."""
        later = self.now + timedelta(minutes=minutes)
        self.now = later if 9 <= later.hour < 20 else NOON

    def work(self, script: list) -> None:
        """A worker takes one batch; `script` says what happens at each of its messages."""
        steps = iter(script)

        def happen(message):
            match next(steps, None):
                case "killed before":
                    raise Killed
                case "killed after":
                    self.post.left[message.pk] += 1
                    raise Killed
                case "another worker":
                    take_back(now=self.now)
                    self.work([])
                case "an hour passes":
                    self.jump(61)
                    take_back(now=self.now)
                    self.work([])
                case "clock back":
                    self.jump(-60)
                case outcome:
                    return outcome
            return None

        before, self.post.before = self.post.before, happen
        try:
            deliver(channel="sms", clock=lambda: self.now)
        except Killed:
            pass
        finally:
            self.post.before = before

    def rest(self) -> None:
        """Days pass and everything works."""
        for _day in range(8):
            self.now += timedelta(days=1)
            take_back(now=self.now)
            while deliver(channel="sms", clock=lambda: self.now):
                pass


@example(steps=[("work", [Outcome(Result.UNKNOWN, "broke")])])
@example(steps=[("work", ["killed after"]), ("jump", 6), ("tick", []), ("work", [])])
@example(steps=[("work", ["an hour passes"]), ("work", ["another worker", "clock back"])])
@example(steps=[("work", []), ("work", ["killed before"]), ("jump", 6), ("tick", []), ("cause", [])])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=14))
def test_whatever_happens_no_greeting_goes_twice_and_no_reminder_is_lost(monkeypatch, steps):
    post = Post()
    monkeypatch.setattr(delivery, "sender_of", lambda _channel: post)
    with transaction.atomic():
        office = Office(member(phone="+8613905552742"), post)
        for act, argument in steps:
            match act:
                case "work":
                    office.work(argument)
                case "jump":
                    office.jump(argument)
                case "cause":
                    office.cause()
                case _:
                    take_back(now=office.now)
        office.rest()
        rows = list(Message.objects.filter(channel="sms"))
        transaction.set_rollback(True)
    assert len(rows) == 6
    for row in rows:
        left = post.left[row.pk]
        assert row.state not in OPEN
        assert row.state != "sent" or left >= 1
        if row.once == Once.AT_MOST:
            assert left <= 1
            assert row.state != "failed" or left == 0
        else:
            assert row.state == "failed" or left >= 1
            assert row.state != "uncertain"
