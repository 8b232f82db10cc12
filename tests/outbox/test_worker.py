"""Real workers killed in the middle of five hundred messages: no greeting goes twice, no reminder is lost."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.support.servers import Gateway, MailServer, serving

ROOT = Path(__file__).resolve().parents[2]
EACH = 250
MID = 30
"""Messages of each sort that have left when the workers are killed."""
PATIENCE = 120
AT = """
import sys, time_machine
from datetime import datetime, timedelta, timezone
clock = datetime(2026, 11, 23, 4, 0, tzinfo=timezone.utc) + timedelta(minutes={minutes})
time_machine.travel(clock, tick=True).start()
"""
WORKER = """
sys.argv = ["celery", "--app=kam", "worker", "--pool=solo", "--queues=fast", "--without-gossip", "--without-mingle",
            "--without-heartbeat", "--loglevel=ERROR", "--hostname=" + {name!r}]
from celery.__main__ import main
main()
"""
WRITE = """
import django
django.setup()
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from kam.core.calendar import now
from kam.outbox.services import message_send, sms_send
from tests.support.messages import GREETING, REQUIRED
from tests.support.people import member
with transaction.atomic():
    told = member(email="told@example.com")
    for number in range({each}):
        sms_send(kind=GREETING, key="g%d" % number, name="郑", phone="+86139%08d" % number, text="生日快乐",
                 consent=True, opted_out=False, at=now())
        message_send(kind=REQUIRED, recipient=told, key="r%d" % number, text=_("Monday"), at=now())
"""
SWEEP = """
import django
django.setup()
from kam.core.calendar import now
from kam.outbox.tasks import sweep_messages
list(sweep_messages(now()))
"""


class Installation:
    """A database, a queue and settings of its own; workers by name."""

    def __init__(self, folder, broker, gateway, mail):
        self.database = folder / "outbox.sqlite3"
        self.workers = []
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "kam.settings",
            "PYTHONPATH": str(ROOT),
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "REDIS_URL": broker,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "SMS_BACKEND": "gateway",
            "SMS_GATEWAY_URL": f"{gateway.url}/send",
            "SMS_GATEWAY_KEY": "kam",
            "SMS_GATEWAY_SECRET": "secret",
        }

    def run(self, script, minutes=0):
        """A script at noon and so many minutes."""
        subprocess.run([sys.executable, "-c", AT.format(minutes=minutes) + script], cwd=ROOT, env=self.env, check=True)

    def start(self, minutes=0):
        """Two workers whose clock begins at noon and so many minutes."""
        for name in (f"one{minutes}@test", f"two{minutes}@test"):
            script = AT.format(minutes=minutes) + WORKER.format(name=name)
            self.workers.append(
                subprocess.Popen(
                    [sys.executable, "-W", "ignore", "-c", script],
                    cwd=ROOT,
                    env=self.env,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )

    def end(self, how):
        """Signal all workers and wait for their end."""
        for worker in self.workers:
            os.killpg(worker.pid, how)
        for worker in self.workers:
            worker.wait(timeout=30)
        self.workers = []

    def states(self):
        """How many messages stand where, by what becomes of them in doubt."""
        with closing(sqlite3.connect(self.database, timeout=20)) as database:
            rows = database.execute("SELECT once, state, count(*) FROM outbox_message GROUP BY 1, 2")
            return {(once, state): number for once, state, number in rows}


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory):
    """The file of a migrated database."""
    folder = tmp_path_factory.mktemp("migrated")
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "kam.settings", "VAR_DIR": str(folder), "REDIS_URL": ""}
    env["DATABASE_URL"] = f"sqlite:///{folder / 'outbox.sqlite3'}"
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    return folder / "outbox.sqlite3"


@pytest.fixture(params=["files", "redis"])
def broker(request):
    """The address of the broker: none for files under the installation's own folder."""
    if request.param == "files":
        return ""
    if not os.environ.get("REDIS_URL"):
        pytest.skip("no Redis: REDIS_URL is not set")
    return os.environ["REDIS_URL"]


def wait_until(true):
    """Look five times a second."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.2)


@pytest.mark.slow
def test_workers_killed_in_the_middle_greet_nobody_twice_and_lose_no_reminder(tmp_path, broker, empty_database):
    shutil.copy(empty_database, tmp_path / "outbox.sqlite3")
    with ExitStack() as stack:
        gateway, mail = stack.enter_context(serving(Gateway())), stack.enter_context(serving(MailServer()))
        gateway.pace = mail.pace = 0.02
        office = Installation(tmp_path, broker, gateway, mail)
        office.run(WRITE.format(each=EACH))
        office.start()
        stack.callback(lambda: office.end(signal.SIGKILL))
        wait_until(lambda: len(gateway.taken) >= MID and len(mail.mails) >= MID)
        office.end(signal.SIGKILL)
        left = office.states()
        assert left.get(("at_most", "claimed"), 0) + left.get(("at_least", "claimed"), 0) > 0
        office.start(minutes=20)
        office.run(SWEEP, minutes=20)
        wait_until(lambda: all(state not in {"due", "claimed"} for _once, state in office.states()))
        office.end(signal.SIGTERM)
    greeted = Counter(sms["mobile"] for sms in gateway.taken)
    reminded = Counter(letter["Message-ID"] for letter in mail.mails)
    states = office.states()
    uncertain = states.get(("at_most", "uncertain"), 0)
    assert set(greeted.values()) == {1}
    assert len(reminded) == states["at_least", "sent"] == EACH
    assert states["at_most", "sent"] + uncertain == EACH
    assert EACH - 40 <= states["at_most", "sent"] <= len(greeted) <= EACH
    assert {state for _once, state in states} <= {"sent", "uncertain"}
