"""SMS over a real HTTP gateway that refuses, stalls, hangs up and answers 200 with an error inside."""

import base64
import hashlib
import hmac
import json
import logging
import socket
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext_lazy as _

from kam.core.calendar import now
from kam.outbox.channels import sender_of
from kam.outbox.channels.gateway import call, dug, message_fields, with_signature
from kam.outbox.delivery import deliver, take_back
from kam.outbox.models import Message
from kam.outbox.services import Report, message_send, reports_note, sms_send
from kam.outbox.tasks import read_reports, sweep_messages
from tests.support.messages import GREETING, REMINDER
from tests.support.people import member
from tests.support.servers import Gateway, serving

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)
PHONE = "13905552741"


@pytest.fixture
def gateway(settings):
    settings.SMS_BACKEND, settings.SMS_SIGNATURE = "gateway", "江州"
    settings.SMS_GATEWAY_KEY, settings.SMS_GATEWAY_SECRET, settings.SMS_GATEWAY_TIMEOUT = "app-1", "s3cret", 1
    settings.SMS_GATEWAY_HEADERS = {"X-App": "{key}"}
    settings.SMS_GATEWAY_REFUSED_VALUES = ["110"]
    with serving(Gateway()) as found:
        settings.SMS_GATEWAY_URL, settings.SMS_REPORTS_URL = f"{found.url}/send?v=2", f"{found.url}/reports"
        yield found


def greeting(phone=PHONE, key="greeting", at=NOON, **fields):
    values = {"consent": True, "opted_out": False, "name": "郑海燕", "text": "生日快乐！", **fields}
    return sms_send(kind=GREETING, key=key, phone=f"+86{phone}", at=at, **values)


def carry_out(at=NOON):
    return deliver(channel="sms", clock=lambda: at)


def stands(row):
    row.refresh_from_db()
    return row.state


def test_the_request_is_the_one_described_and_signed(gateway):
    row = greeting()
    assert carry_out() == 1
    path, headers, raw = gateway.requests[0]
    sent = json.loads(raw)
    assert (path, headers["X-App"], sent["mobile"], sent["content"]) == (
        "/send?v=2",
        "app-1",
        PHONE,
        "【江州】生日快乐！",
    )
    text = f"app-1{PHONE}{sent['timestamp']}{sent['nonce']}"
    assert sent["sign"] == hmac.new(b"s3cret", text.encode(), hashlib.sha256).hexdigest()
    assert sent["timestamp"] == str(int(NOON.timestamp()))
    assert (stands(row), row.gateway_id) == ("sent", f"G{row.pk}")


@pytest.mark.parametrize(
    ("how", "greeted", "reminded", "error"),
    [
        ("slow", "uncertain", "due", "No answer in time."),
        ("break", "uncertain", "due", ""),
        ("crash", "uncertain", "due", "HTTP 500 oops"),
        ("page", "uncertain", "due", "no JSON"),
        ("busy", "due", "due", "HTTP 503"),
        ("error", "due", "due", "code=105 balance too low"),
        ("black", "failed", "failed", "code=110 number on the black list"),
        ("moved", "failed", "failed", "HTTP 302"),
    ],
)
def test_what_nobody_knows_is_uncertain_for_a_greeting_and_tried_again_for_a_reminder(
    gateway, how, greeted, reminded, error
):
    gateway.behaviour = {PHONE: how, "13905552742": how}
    greeted_row = greeting()
    other = greeting("13905552743", "other")
    message_send(kind=REMINDER, recipient=member(phone="+8613905552742"), key="k", text=_("Monday"), at=NOON)
    reminder = Message.objects.get(recipient__isnull=False, channel="sms")
    while carry_out():
        pass
    assert [stands(greeted_row), stands(reminder), stands(other)] == [greeted, reminded, "sent"]
    assert error in greeted_row.error
    took = len(gateway.taken)
    for hours in (1, 2, 3, 4, 5):
        take_back(now=NOON + timedelta(hours=hours))
        carry_out(NOON + timedelta(hours=hours))
    if greeted == "uncertain":
        assert stands(greeted_row) == "uncertain"
        assert [sms["mobile"] for sms in gateway.taken[took:]].count(PHONE) == 0


def test_a_gateway_that_is_away_is_tried_again(gateway, settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    row = greeting()
    carry_out()
    assert (stands(row), row.send_after) == ("due", NOON + timedelta(minutes=1))


def test_at_night_nothing_leaves_and_a_retry_waits_for_the_morning(gateway):
    evening = datetime(2026, 11, 23, 20, 59, 30, tzinfo=SHANGHAI)
    gateway.behaviour = {PHONE: "busy"}
    row = greeting(at=evening)
    carry_out(evening)
    assert (stands(row), row.send_after) == ("due", datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI))
    Message.objects.update(send_after=evening)
    assert carry_out(evening + timedelta(minutes=1)) == 0


def test_a_greeting_that_comes_too_late_is_not_sent(gateway):
    row = greeting(expires_at=NOON + timedelta(hours=6))
    assert carry_out(NOON + timedelta(hours=6)) == 0
    take_back(now=NOON + timedelta(hours=6))
    assert (stands(row), row.skip_reason) == ("skipped", "too_late")


@pytest.mark.parametrize("name", ["SMS_GATEWAY_URL", "SMS_GATEWAY_KEY", "SMS_GATEWAY_SECRET"])
def test_without_credentials_sms_wait_and_the_setting_is_named(gateway, settings, name):
    setattr(settings, name, "")
    row = greeting()
    assert carry_out() == 0
    assert (stands(row), row.attempts) == ("due", 0)
    assert name in str(sender_of("sms").missing()[0])


def test_a_field_that_does_not_exist_is_named_and_sms_wait(gateway, settings):
    settings.SMS_GATEWAY_BODY = {"to": [{"number": "{mobile}"}]}
    row = greeting()
    assert carry_out() == 0
    assert stands(row) == "due"
    assert "{mobile}".strip("{}") in str(sender_of("sms").missing()[0])


def test_secrets_are_neither_logged_nor_kept(gateway, caplog):
    caplog.set_level(logging.DEBUG)
    gateway.behaviour = {PHONE: "crash"}
    row = greeting()
    carry_out()
    stands(row)
    assert "s3cret" not in caplog.text + row.error


def test_forms_addresses_and_base64_are_spoken_too(gateway, settings):
    settings.SMS_GATEWAY_HEADERS, settings.SMS_GATEWAY_FORMAT = {}, "form"
    assert call(f"{gateway.url}/form", {"mobile": "{phone}"}, "", {"phone": "1 2"})[0] == 200
    settings.SMS_GATEWAY_METHOD = "GET"
    assert call(f"{gateway.url}/get?v=2", {"mobile": "{phone}"}, "", {"phone": "祝"})[1] == {"code": 0}
    assert [(path, body) for path, _headers, body in gateway.requests] == [
        ("/form", "mobile=1+2"),
        ("/get?v=2&mobile=%E7%A5%9D", ""),
    ]
    settings.SMS_GATEWAY_SIGNATURE, settings.SMS_GATEWAY_HASH = "base64", "sha1"
    expected = base64.b64encode(hmac.new(b"s3cret", b"1", "sha1").digest()).decode()
    assert with_signature({"a": "1"}, "{a}")["signature"] == expected


def test_reports_come_late_twice_and_of_strangers(gateway):
    delivered, failed, unknown = greeting(), greeting("13905552742", "b"), greeting("13905552743", "c")
    while carry_out():
        pass
    gateway.reports = [
        {"msgId": f"G{delivered.pk}", "status": "DELIVRD"},
        {"msgId": f"G{failed.pk}", "status": "UNDELIV"},
        {"msgId": f"G{failed.pk}", "status": "DELIVRD"},
        {"msgId": f"G{unknown.pk}", "status": "ENROUTE"},
        {"msgId": "G999999", "status": "DELIVRD"},
        {"msgId": "", "requestId": "x" * 400, "status": "DELIVRD"},
        "nonsense",
        {"status": None},
    ]
    for _turn in range(2):
        read_reports()
        assert [stands(row) for row in (delivered, failed, unknown)] == ["sent"] * 3
        assert [row.delivery for row in (delivered, failed, unknown)] == ["delivered", "undelivered", ""]


def test_a_report_settles_what_was_uncertain(gateway):
    gateway.behaviour = {PHONE: "break"}
    row = greeting()
    carry_out()
    assert stands(row) == "uncertain"
    gateway.reports = [{"requestId": row.pk, "msgId": "G1", "status": "DELIVRD"}]
    read_reports()
    assert (stands(row), row.delivery, row.gateway_id) == ("sent", "delivered", "G1")


def test_a_report_of_what_was_never_handed_over_changes_nothing(gateway):
    row = greeting()
    assert reports_note(reports=[Report("", str(row.pk), True)], at=NOON) == 0
    assert stands(row) == "due"


@pytest.mark.parametrize("answer", [None, "no", {"code": 1}])
def test_an_answer_without_reports_does_no_harm(gateway, answer):
    gateway.reports = answer
    read_reports()


def test_reports_are_asked_for_while_any_is_awaited(gateway, django_capture_on_commit_callbacks):
    def asked():
        with django_capture_on_commit_callbacks(execute=True):
            list(sweep_messages(now()))
        return sum(path == "/reports" for path, _headers, _body in gateway.requests)

    assert asked() == 0
    row = greeting()
    Message.objects.filter(pk=row.pk).update(state="sent", ended_at=now())
    assert asked() == 1
    Message.objects.filter(pk=row.pk).update(ended_at=now() - timedelta(days=4))
    assert asked() == 1


@pytest.mark.parametrize("phone", ["+8613905552741", "13905552741", "139 0555 2741"])
def test_numbers_are_given_as_gateways_want_them(phone):
    fields = message_fields(Message(pk=1, address=phone, text=""))
    assert (fields["phone"], fields["phone_e164"]) == (PHONE, f"+86{PHONE}")


def test_what_is_dug_out_of_an_answer():
    answer = {"data": [{"id": 7}], "code": 0}
    assert (dug(answer, "data.0.id"), dug(answer, "code"), dug(answer, "data.3.id"), dug(answer, "code.x")) == (
        7,
        0,
        None,
        None,
    )
