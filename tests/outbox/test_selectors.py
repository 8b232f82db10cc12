from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import AccountKind, GrantSource
from accounts.models import Account, AccountGrant
from kam.approvals.models import Request
from kam.core.calendar import today
from kam.outbox.selectors import UNREAD_SHOWN, notices_for, unread_count
from kam.outbox.services import notice_mark_read
from tests.support.messages import tell
from tests.support.people import member

pytestmark = pytest.mark.django_db


def client(number="KA-1"):
    return Account.objects.create(number=number, name=f"江州百货{number}", kind=AccountKind.ENTERPRISE)


def grant(user, account, ends_on=None):
    permission = Permission.objects.get(codename="view_account", content_type__app_label="accounts")
    return AccountGrant.objects.create(
        user=user, permission=permission, content_object=account, source=GrantSource.SHARE, ends_on=ends_on
    )


def request_of(requester, account=None):
    return Request.objects.create(
        number=f"SQ-{requester.pk}",
        kind="credit",
        title="授信",
        snapshot={},
        snapshot_hash="",
        requester=requester,
        submitted_at=timezone.now(),
        account_id=account.pk if account else None,
    )


def test_own_notices_only_newest_first():
    reader = member()
    first, second = tell(reader), tell(reader)
    tell(member())
    assert list(notices_for(reader)) == [second, first]
    assert not notices_for(None).exists()


def test_a_notice_of_a_client_goes_and_comes_with_the_client():
    reader, account = member(), client()
    notice = tell(reader, account_id=account.pk)
    assert not notices_for(reader).exists()
    assert unread_count(reader) == 0
    held = grant(reader, account, ends_on=today())
    assert list(notices_for(reader)) == [notice]
    assert unread_count(reader) == 1
    held.ends_on = today() - timedelta(days=1)
    held.save()
    assert not notices_for(reader).exists()


@pytest.mark.parametrize("role", ["director", "clerk", "finance"])
def test_who_sees_every_client_keeps_the_notices(role):
    reader = member(role)
    tell(reader, account_id=client().pk)
    assert unread_count(reader) == 1


@pytest.mark.parametrize("role", ["executive", "legal", "partner"])
def test_who_sees_no_client_gets_no_notice_of_one(role):
    reader = member(role)
    tell(reader, account_id=client().pk)
    assert unread_count(reader) == 0


def test_a_notice_of_a_request_lasts_as_long_as_the_request_is_put_before_the_reader():
    reader, other = member(), member()
    own = request_of(reader)
    foreign = request_of(other)
    notice = tell(reader, subject=own)
    tell(reader, subject=foreign)
    assert list(notices_for(reader)) == [notice]


def test_unread_counts_only_what_is_new_and_stops_counting():
    reader = member()
    read = tell(reader)
    notice_mark_read(notice_pk=read.pk, actor=reader, at=timezone.now())
    for _number in range(UNREAD_SHOWN + 5):
        tell(reader)
    assert unread_count(reader) == UNREAD_SHOWN + 1


@pytest.mark.parametrize("role", ["manager", "director", "executive"])
def test_queries_do_not_grow_with_the_rows(role):
    reader = member(role)
    counts = []
    for rows in (3, 27):
        for number in range(rows):
            account = client(f"KA-{rows}-{number}")
            grant(reader, account)
            tell(reader, account_id=account.pk)
        with CaptureQueriesContext(connection) as queries:
            list(notices_for(reader))
            unread_count(reader)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
