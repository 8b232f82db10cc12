"""Two workers at the same moment on PostgreSQL: every message is taken by one of them."""

from collections import Counter
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from kam.outbox import delivery
from kam.outbox.channels import Outcome, Result
from kam.outbox.models import Message
from kam.outbox.services import sms_send
from tests.support.messages import GREETING
from tests.support.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
GREETINGS = 90


class Post:
    """Counts what leaves, from any thread."""

    def __init__(self):
        self.left = Counter()

    def missing(self):
        return []

    @contextmanager
    def opened(self, clock):
        yield self.send

    def send(self, message):
        self.left.update([message.pk])
        return Outcome(Result.SENT)


def write(key):
    with transaction.atomic():
        return sms_send(
            kind=GREETING, key=key, name="郑", phone="+8613905552741", text="好", consent=True, opted_out=False, at=NOON
        ).pk


def test_workers_share_the_messages_and_none_goes_twice(monkeypatch):
    monkeypatch.setattr("kam.outbox.waking._wakers", [])
    for number in range(GREETINGS):
        write(f"g{number}")
    post = Post()
    monkeypatch.setattr(delivery, "sender_of", lambda _channel: post)

    def work():
        taken = 0
        while batch := delivery.deliver(channel="sms", clock=lambda: NOON):
            taken += batch
        return taken

    assert sum(at_once(work, work, work)) == GREETINGS
    assert set(post.left.values()) == {1}
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_the_same_cause_at_the_same_moment_writes_one_message(monkeypatch):
    monkeypatch.setattr("kam.outbox.waking._wakers", [])
    first, second = at_once(lambda: write("same"), lambda: write("same"))
    assert first == second
    assert Message.objects.count() == 1
