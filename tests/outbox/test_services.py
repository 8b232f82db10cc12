from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountKind
from accounts.models import Account
from kam.jobs.registry import Occasion, job_of
from kam.outbox.choices import Channel, Once
from kam.outbox.kinds import MessageKind, declare
from kam.outbox.models import TEXT_LENGTH, Message, MessageFile, Notice
from kam.outbox.services import File, message_send, notice_mark_read, notices_mark_all_read, sms_send
from tests.support.messages import GREETING, INSIDE, REMINDER, tell
from tests.support.people import member

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)


def test_a_notice_is_kept_in_both_languages_whatever_language_the_sender_works_in():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            notice = tell(member(), text=_("manager %(name)s: %(kind)s"), params={"name": "何韵", "kind": _("Monday")})
        assert notice.text_en == "manager 何韵: Monday"
        assert notice.text_zh == "manager 何韵: 星期一"


def test_the_text_follows_the_language_of_the_page():
    notice = tell(member(), text=_("Monday"))
    with translation.override("en"):
        assert notice.text == str(notice) == "Monday"
    with translation.override("zh-hans"):
        assert notice.text == "星期一"


def test_plain_text_is_refused():
    with pytest.raises(TypeError):
        tell(member(), text="Hello")
    assert not Notice.objects.for_system().exists()


def test_whoever_has_left_is_told_nothing():
    assert tell(member(is_active=False)) is None
    assert not Notice.objects.for_system().exists()


def test_a_text_beyond_the_column_is_cut_with_an_ellipsis():
    notice = tell(member(), text=_("%(long)s"), params={"long": "长" * 400})
    assert len(notice.text_zh) == TEXT_LENGTH
    assert notice.text_zh.endswith("…")


def test_reading_is_noted_once():
    reader = member()
    notice = tell(reader)
    first = timezone.now()
    assert notice_mark_read(notice_pk=notice.pk, actor=reader, at=first).read_at == first
    assert notice_mark_read(notice_pk=notice.pk, actor=reader, at=first + timedelta(hours=1)).read_at == first


def test_nobody_reads_for_another():
    notice = tell(member())
    with pytest.raises(Notice.DoesNotExist):
        notice_mark_read(notice_pk=notice.pk, actor=member("director"), at=timezone.now())
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_all_leaves_what_came_later_and_what_is_another_s():
    reader = member()
    tell(reader)
    other = tell(member())
    seen_until = timezone.now()
    later = tell(reader)
    assert notices_mark_all_read(actor=reader, at=seen_until) == 1
    for row in (other, later):
        row.refresh_from_db()
        assert row.read_at is None


def test_reading_all_leaves_what_is_out_of_sight():
    reader = member()
    account = Account.objects.create(number="KA-1", name="江州百货", kind=AccountKind.ENTERPRISE)
    hidden = tell(reader, account_id=account.pk)
    assert notices_mark_all_read(actor=reader, at=timezone.now()) == 0
    hidden.refresh_from_db()
    assert hidden.read_at is None


@pytest.mark.django_db(transaction=True)
def test_a_notice_outside_a_transaction_is_refused_and_one_in_a_failed_transaction_is_gone():
    recipient = member()
    with pytest.raises(transaction.TransactionManagementError):
        tell(recipient)
    with transaction.atomic():
        tell(recipient)
        transaction.set_rollback(True)
    assert not Notice.objects.for_system().exists()


def test_a_key_tells_once_on_every_channel(settings):
    settings.SMS_SIGNATURE = ""
    recipient = member(email="a@example.com", phone="+8613905552741")
    for text in (_("Monday"), _("Tuesday")):
        sent = message_send(kind=REMINDER, recipient=recipient, key="k", text=text, at=timezone.now())
        assert sent is (str(text) == str(_("Monday")))
    assert [row.text_en for row in Notice.objects.all()] == ["Monday"]
    assert sorted(Message.objects.values_list("channel", "text")) == [("email", "星期一"), ("sms", "星期一")]
    other = member(email="b@example.com")
    assert message_send(kind=REMINDER, recipient=other, key="k", text=_("Monday"), at=timezone.now())


def test_a_member_reads_mail_in_the_own_language():
    recipient = member(email="a@example.com", language="en")
    message_send(
        kind=REMINDER,
        recipient=recipient,
        key="k",
        text=_("manager %(name)s: %(kind)s"),
        params={"name": "何韵", "kind": _("Monday")},
        lines=(_("Tuesday"), "2026"),
        at=timezone.now(),
    )
    mail = Message.objects.get(channel="email")
    assert (mail.text, mail.body, mail.language) == ("manager 何韵: Monday", "Tuesday\n2026", "en")


def test_without_an_address_the_message_is_kept_with_the_reason():
    message_send(kind=REMINDER, recipient=member(), key="k", text=_("Monday"), at=timezone.now())
    assert sorted(Message.objects.values_list("channel", "state", "skip_reason")) == [
        ("email", "skipped", "no_address"),
        ("sms", "skipped", "no_mobile"),
    ]


def test_a_kind_that_nobody_declares_and_a_place_that_nothing_fills_are_refused():
    unknown = MessageKind("test.unknown", "?", (Channel.IN_APP,), Once.AT_LEAST, False)
    with pytest.raises(ValueError, match=r"test\.unknown"):
        tell(member(), kind=unknown)
    with pytest.raises(ValueError, match="name"):
        tell(member(), text=_("%(name)s"), params={"other": 1})
    with pytest.raises(ValueError, match="Two kinds"):
        declare(INSIDE.code, "again")
    assert not Notice.objects.for_system().exists()


def greet(**fields):
    values = {
        "kind": GREETING,
        "key": "greeting:1:2026",
        "name": "郑海燕",
        "phone": "+8613905552741",
        "text": "生日快乐！",
        "consent": True,
        "opted_out": False,
        "at": NOON,
        "account_id": 1,
        "contact_id": 2,
        **fields,
    }
    return sms_send(**values)


def test_a_greeting_is_written_once_with_its_signature(settings):
    settings.SMS_SIGNATURE = "江州分公司"
    first = greet()
    assert (first.text, first.parts, first.state, first.send_after) == ("【江州分公司】生日快乐！", 1, "due", NOON)
    assert greet(text="又一次").pk == first.pk
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"consent": False}, "no_consent"),
        ({"opted_out": True}, "opted_out"),
        ({"phone": ""}, "no_mobile"),
    ],
)
def test_who_may_not_be_written_to_is_skipped_and_listed(fields, reason):
    row = greet(**fields)
    assert (row.state, row.skip_reason) == ("skipped", reason)


def test_in_the_evening_an_sms_waits_for_the_morning():
    row = greet(at=datetime(2026, 11, 23, 21, 0, tzinfo=SHANGHAI))
    assert row.send_after == datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI)


def test_old_files_and_messages_go_but_nothing_that_waits():
    recipient = member(email="a@example.com")
    for key in ("waits", "sent"):
        message_send(
            kind=REMINDER,
            recipient=recipient,
            key=key,
            text=_("Monday"),
            at=NOON,
            attachments=(File("a.xlsx", "application/vnd.ms-excel", b"PK"),),
        )
    Message.objects.filter(key="sent").update(state="sent", ended_at=NOON)
    drop = job_of("outbox.drop_old")

    def dropped(days):
        moment = NOON + timedelta(days=days)
        return drop.run(Occasion(on=moment.date(), due_at=moment, now=moment, renew=lambda: None))

    assert dropped(90) == {"files": 0, "messages": 0}
    assert dropped(91)["files"] == 1
    assert dropped(1101) == {"files": 0, "messages": 3}
    assert set(Message.objects.values_list("key", flat=True)) == {"waits"}
    assert MessageFile.objects.count() == 1
