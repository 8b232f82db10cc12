"""E-mail over a real SMTP server that refuses, stalls and hangs up."""

import socket
from datetime import timedelta

import pytest
from django.utils.translation import gettext_lazy as _

from kam.core.calendar import now
from kam.outbox.delivery import deliver
from kam.outbox.models import Message
from kam.outbox.services import File, message_send
from tests.support.messages import REQUIRED
from tests.support.people import member
from tests.support.servers import MailServer, serving

pytestmark = pytest.mark.django_db
AT = now()


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.EMAIL_URL = "127.0.0.1", 1, "smtp://"
    with serving(MailServer()) as found:
        settings.EMAIL_PORT = found.port
        yield found


def mail(name, **fields):
    recipient = member(email=f"{name}@example.com", full_name=name)
    values = {"kind": REQUIRED, "key": "k", "text": _("Monday"), "at": AT, **fields}
    message_send(recipient=recipient, **values)
    return Message.objects.get(recipient=recipient)


def carry_out(at=AT):
    return deliver(channel="email", clock=lambda: at)


def stands(row):
    row.refresh_from_db()
    return row.state


def test_a_batch_goes_over_one_connection_as_text_and_html_in_the_own_language(server, settings):
    settings.BASE_URL = "https://kam.example.com"
    chinese = mail("zhou", url="/clients/7/", lines=("张三：<12月3日>",))
    english = member(email="lee@example.com", language="en", full_name="Lee")
    message_send(kind=REQUIRED, recipient=english, key="k", text=_("Monday"), at=AT, url="/clients/7/")
    assert carry_out() == 2
    assert server.connections == 1
    first, second = server.mails
    assert (first["To"], first["Subject"], second["Subject"]) == ("zhou@example.com", "星期一", "Monday")
    text, html = (first.get_body(kind).get_content() for kind in ("plain", "html"))
    assert "张三：<12月3日>" in text
    assert "https://kam.example.com/clients/7/" in text
    assert "张三：&lt;12月3日&gt;" in html
    assert 'href="https://kam.example.com/clients/7/"' in html
    assert first["Message-ID"] == f"<kam-{chinese.pk}@kam.example.com>"
    assert stands(chinese) == "sent"


def test_files_go_with_the_mail(server):
    mail("zhou", attachments=(File("生日.xlsx", "application/vnd.ms-excel", b"PK-bytes"),))
    carry_out()
    (file,) = server.mails[0].iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("生日.xlsx", b"PK-bytes")


@pytest.mark.parametrize(
    ("name", "state", "error"),
    [
        ("full", "failed", "550 no such mailbox"),
        ("spam", "failed", "554 not wanted"),
        ("busy", "due", "451 try again later"),
        ("later", "due", "452 no room now"),
        ("break", "due", "broke off"),
        ("lost", "due", "broke off"),
        ("slow", "due", "broke off"),
    ],
)
def test_one_bad_mail_in_a_batch_harms_no_other(server, name, state, error):
    rows = [mail("first"), mail(name), mail("last")]
    carry_out()
    assert [stands(row) for row in rows] == ["sent", state, "sent"]
    assert error in rows[1].error
    if state == "due":
        assert rows[1].send_after == AT + timedelta(minutes=1)


def test_a_server_that_is_away_is_asked_once_a_batch_and_again_later(settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_PORT = closed.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.EMAIL_URL = "127.0.0.1", 1, "smtp://"
    rows = [mail("one"), mail("two")]
    at = AT
    for minutes in (1, 5, 15, 60):
        assert carry_out(at) == 2
        assert {stands(row) for row in rows} == {"due"}
        assert carry_out(at + timedelta(minutes=minutes, seconds=-1)) == 0
        at += timedelta(minutes=minutes)
    carry_out(at)
    assert {stands(row) for row in rows} == {"failed"}
    assert (rows[0].attempts, "takes no connections" in rows[0].error) == (5, True)


def test_who_has_left_or_no_longer_sees_the_client_gets_no_mail(server):
    gone, stranger = mail("gone"), mail("stranger", account_id=4711)
    seeing = member("director", email="d@example.com")
    message_send(kind=REQUIRED, recipient=seeing, key="k", text=_("Monday"), at=AT, account_id=4711)
    gone.recipient.is_active = False
    gone.recipient.save(update_fields=["is_active"])
    assert carry_out() == 3
    assert [stands(gone), gone.skip_reason] == ["skipped", "left"]
    assert [stands(stranger), stranger.skip_reason] == ["skipped", "no_sight"]
    assert [mail["To"] for mail in server.mails] == ["d@example.com"]


@pytest.mark.parametrize(
    "unset",
    [
        {"EMAIL_URL": ""},
        {"EMAIL_URL": "smtp://kam@", "EMAIL_HOST_USER": "kam", "EMAIL_HOST_PASSWORD": ""},
    ],
)
def test_without_a_server_or_credentials_mail_waits(server, settings, unset):
    row = mail("zhou")
    for name, value in unset.items():
        setattr(settings, name, value)
    assert carry_out() == 0
    assert (stands(row), row.attempts) == ("due", 0)
