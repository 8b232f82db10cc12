"""The list of messages, one message, what clerk and director do with it, and a member's own channels."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy as _

from kam.core.calendar import now, today
from kam.core.states import Transition
from kam.outbox.client import message_events
from kam.outbox.lists import MessageList
from kam.outbox.models import Message
from kam.outbox.services import File, message_send, sms_send
from kam.outbox.today import messages_to_look_at
from kam.people.choices import Role
from tests import factories
from tests.support.lists import ListContract
from tests.support.messages import GREETING, REMINDER, REQUIRED
from tests.support.people import member

pytestmark = pytest.mark.django_db
URL = "/messages/"


def greeting(account: Any = None, key: str = "g", **fields: Any) -> Message:
    row = sms_send(
        kind=GREETING,
        key=key,
        name="郑海燕",
        phone="+8613905552741",
        text="生日快乐",
        consent=True,
        opted_out=False,
        at=now(),
        account_id=account.pk if account else None,
        contact_id=1,
    )
    Message.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


class TestMessageList(ListContract):
    page_class, url, role = MessageList, URL, Role.MANAGER

    def make(self, user: Any, text: str) -> Message:
        return greeting(factories.account(owner=user), key=text)

    def make_foreign(self) -> Message:
        account = factories.account(owner=member())
        message_send(kind=REQUIRED, recipient=member(), key="f", text=_("Monday"), at=now(), account_id=account.pk)
        return greeting(account, key="foreign")


def browser(role: str = Role.CLERK, user: Any = None) -> Client:
    client = Client()
    client.force_login(user or member(role), backend="kam.people.backends.MemberBackend")
    return client


def keys(page: Any) -> list[int]:
    return [row["pk"] for row in page.context["list"]["rows"]]


def test_filters_find_by_state_member_client_and_words():
    client = browser()
    account, recipient = factories.account(owner=member()), member(email="a@example.com")
    failed = greeting(account, state="failed")
    message_send(kind=REQUIRED, recipient=recipient, key="r", text=_("Monday"), at=now())
    mail = Message.objects.get(recipient=recipient)
    assert keys(client.get(URL, {"state": ["failed", "uncertain"]})) == [failed.pk]
    assert keys(client.get(URL, {"recipient": recipient.pk})) == [mail.pk]
    assert keys(client.get(URL, {"client": account.number, "channel": "sms"})) == [failed.pk]
    assert keys(client.get(URL, {"kind": "test.required"})) == [mail.pk]
    assert not keys(client.get(URL, {"client": "KH-0", "state": "failed"}))
    assert keys(client.get(URL, {"q": "海燕"})) == [failed.pk]
    assert keys(client.get(URL, {"q": "a@example"})) == [mail.pk]
    assert keys(client.get(URL, {"client": "\0", "recipient": "x"})) == []


def test_a_channel_that_is_not_set_up_is_told_with_what_waits(settings):
    settings.SMS_BACKEND = "gateway"
    greeting()
    page = browser().get(URL).content.decode()
    assert "SMS_GATEWAY_SECRET" in page
    assert "1 条等候发送" in page
    settings.SMS_BACKEND = "console"
    assert "等候发送，一条不丢" not in browser().get(URL).content.decode()


def test_a_manager_sees_sms_to_people_of_own_clients_and_no_mail_to_colleagues():
    manager = member()
    account = factories.account(owner=manager)
    own, foreign = greeting(account), greeting(factories.account(owner=member()), key="x")
    message_send(kind=REQUIRED, recipient=member(), key="r", text=_("Monday"), at=now(), account_id=account.pk)
    client = browser(user=manager)
    assert keys(client.get(URL)) == [own.pk]
    assert client.get(f"{URL}{own.pk}/").status_code == 200
    assert client.get(f"{URL}{foreign.pk}/").status_code == 404
    assert b"resend" not in client.get(f"{URL}{own.pk}/").content


def test_sending_again_starts_anew_and_is_written_down():
    row = greeting(state="uncertain", attempts=3, error="x")
    page = browser().get(f"{URL}{row.pk}/").content.decode()
    assert "以免对方收到两次" in page
    clerk = member(Role.CLERK, full_name="何韵")
    client = browser(user=clerk)
    assert client.post(f"{URL}{row.pk}/resend/", {"seen": "uncertain"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("due", 0, "")
    moved = Transition.objects.get(object_id=row.pk)
    assert (moved.old, moved.new, moved.actor) == ("uncertain", "due", clerk)
    assert "何韵" in client.get(f"{URL}{row.pk}/").content.decode()


def test_what_changed_since_it_was_seen_is_left_alone():
    row = greeting(state="sent")
    client = browser()
    for act in ("resend", "give-up"):
        client.post(f"{URL}{row.pk}/{act}/", {"seen": "uncertain"})
        client.post(f"{URL}{row.pk}/{act}/", {"seen": "sent"})
    row.refresh_from_db()
    assert row.state == "sent"
    assert not Transition.objects.filter(object_id=row.pk).exists()


def test_giving_up_ends_a_message():
    row = greeting(state="uncertain")
    browser(Role.DIRECTOR).post(f"{URL}{row.pk}/give-up/", {"seen": "uncertain"})
    row.refresh_from_db()
    assert (row.state, row.skip_reason) == ("skipped", "given_up")


def test_who_does_not_want_it_gets_it_by_nobody_s_hand():
    row = sms_send(
        kind=GREETING, key="n", name="郑", phone="+8613905552741", text="好", consent=False, opted_out=False, at=now()
    )
    client = browser()
    assert b"resend" not in client.get(f"{URL}{row.pk}/").content
    client.post(f"{URL}{row.pk}/resend/", {"seen": "skipped"})
    row.refresh_from_db()
    assert (row.state, row.skip_reason) == ("skipped", "no_consent")


def test_a_member_who_has_an_address_by_now_gets_what_was_skipped():
    recipient = member()
    message_send(kind=REQUIRED, recipient=recipient, key="r", text=_("Monday"), at=now())
    mail = Message.objects.get()
    client = browser()
    client.post(f"{URL}{mail.pk}/resend/", {"seen": "skipped"})
    mail.refresh_from_db()
    assert mail.state == "skipped"
    recipient.email = "new@example.com"
    recipient.save(update_fields=["email"])
    client.post(f"{URL}{mail.pk}/resend/", {"seen": "skipped"})
    mail.refresh_from_db()
    assert (mail.state, mail.address, mail.skip_reason) == ("due", "new@example.com", "")


def test_the_page_of_a_mail_names_its_files():
    recipient = member(email="a@example.com")
    files = (File("生日.xlsx", "application/vnd.ms-excel", b"PK"),)
    message_send(kind=REQUIRED, recipient=recipient, key="r", text=_("Monday"), at=now(), attachments=files)
    assert "生日.xlsx" in browser().get(f"{URL}{Message.objects.get().pk}/").content.decode()


def test_members_choose_within_what_the_department_requires():
    chooser = member(email="a@example.com", phone="+8613905552741")
    client = browser(user=chooser)
    page = client.get(f"{URL}channels/").content.decode()
    assert page.count('name="on"') == page.count("checked") > 2
    assert client.post(f"{URL}channels/", {"on": ["test.reminder|sms", "no.such|email", "x"]}).status_code == 302
    for kind in (REMINDER, REQUIRED):
        message_send(kind=kind, recipient=chooser, key=kind.code, text=_("Monday"), at=now())
    found = Message.objects.filter(recipient=chooser).values_list("kind", "channel", "state", "skip_reason")
    assert sorted(found) == [
        ("test.reminder", "email", "skipped", "unwanted"),
        ("test.reminder", "sms", "due", ""),
        ("test.required", "email", "due", ""),
    ]
    assert not Message.objects.filter(recipient=member()).exists()


def test_the_client_s_timeline_shows_sms_to_its_people_to_those_who_see_them():
    owner = member()
    account = factories.account(owner=owner)
    sent = greeting(account, state="sent", ended_at=now() - timedelta(hours=1))
    greeting(account, key="waits")
    (event,) = message_events(owner, account, 10)
    assert (event.url, event.quote) == (sent.get_absolute_url(), sent.text)
    for stranger in (member(Role.FINANCE), member(Role.EXECUTIVE), member()):
        assert not list(message_events(stranger, account, 10))


@pytest.mark.parametrize("role", Role.values)
def test_clerk_and_director_find_on_the_workbench_what_did_not_arrive(role):
    user = member(role)
    assert not list(messages_to_look_at(user, today()))
    greeting(key="a", state="uncertain")
    greeting(key="b", state="failed")
    greeting(key="c", state="sent")
    rows = list(messages_to_look_at(user, today()))
    if role not in {Role.CLERK, Role.DIRECTOR}:
        assert not rows
        return
    assert "2" in str(rows[0].title)
    assert browser(user=user).get(rows[0].url).context["list"]["subtitle"].startswith("2 ")
