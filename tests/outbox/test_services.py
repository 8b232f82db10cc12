from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountKind
from accounts.models import Account
from kam.outbox.models import TEXT_LENGTH, Notice
from kam.outbox.services import notice_mark_read, notice_send, notices_mark_all_read
from tests.support.people import member

pytestmark = pytest.mark.django_db


def send(recipient, **fields):
    return notice_send(**{"recipient": recipient, "kind": "test", "text": _("Director"), "url": "/", **fields})


def test_a_notice_is_kept_in_both_languages_whatever_language_the_sender_works_in():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            notice = send(member(), text=_("manager %(name)s: %(kind)s"), params={"name": "何韵", "kind": _("Monday")})
        assert notice.text_en == "manager 何韵: Monday"
        assert notice.text_zh == "manager 何韵: 星期一"


def test_the_text_follows_the_language_of_the_page():
    notice = send(member(), text=_("Monday"))
    with translation.override("en"):
        assert notice.text == str(notice) == "Monday"
    with translation.override("zh-hans"):
        assert notice.text == "星期一"


def test_plain_text_is_refused():
    with pytest.raises(TypeError):
        send(member(), text="Hello")
    assert not Notice.objects.for_system().exists()


def test_whoever_has_left_is_told_nothing():
    assert send(member(is_active=False)) is None
    assert not Notice.objects.for_system().exists()


def test_a_text_beyond_the_column_is_cut_with_an_ellipsis():
    notice = send(member(), text=_("%(long)s"), params={"long": "长" * 400})
    assert len(notice.text_zh) == TEXT_LENGTH
    assert notice.text_zh.endswith("…")


def test_reading_is_noted_once():
    reader = member()
    notice = send(reader)
    first = timezone.now()
    assert notice_mark_read(notice_pk=notice.pk, actor=reader, at=first).read_at == first
    assert notice_mark_read(notice_pk=notice.pk, actor=reader, at=first + timedelta(hours=1)).read_at == first


def test_nobody_reads_for_another():
    notice = send(member())
    with pytest.raises(Notice.DoesNotExist):
        notice_mark_read(notice_pk=notice.pk, actor=member("director"), at=timezone.now())
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_all_leaves_what_came_later_and_what_is_another_s():
    reader = member()
    send(reader)
    other = send(member())
    seen_until = timezone.now()
    later = send(reader)
    assert notices_mark_all_read(actor=reader, at=seen_until) == 1
    for row in (other, later):
        row.refresh_from_db()
        assert row.read_at is None


def test_reading_all_leaves_what_is_out_of_sight():
    reader = member()
    account = Account.objects.create(number="KA-1", name="江州百货", kind=AccountKind.ENTERPRISE)
    hidden = send(reader, account_id=account.pk)
    assert notices_mark_all_read(actor=reader, at=timezone.now()) == 0
    hidden.refresh_from_db()
    assert hidden.read_at is None


@pytest.mark.django_db(transaction=True)
def test_a_notice_outside_a_transaction_is_refused_and_one_in_a_failed_transaction_is_gone():
    recipient = member()
    with pytest.raises(transaction.TransactionManagementError):
        send(recipient)
    with transaction.atomic():
        send(recipient)
        transaction.set_rollback(True)
    assert not Notice.objects.for_system().exists()
