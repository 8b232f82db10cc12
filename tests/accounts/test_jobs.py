"""What the dossiers do by themselves: ended shares are swept away, grants follow the role of their member."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Account, AccountGrant
from accounts.services import check_grants
from kam.core.calendar import today
from kam.jobs.registry import Occasion, job_of
from kam.outbox.models import Notice
from kam.people.choices import Role
from kam.people.services import member_change
from tests.factories import account, expired_share, share
from tests.support.people import member

pytestmark = pytest.mark.django_db


def occasion(on: date) -> Occasion:
    moment = datetime(on.year, on.month, on.day, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    return Occasion(on=on, due_at=moment, now=moment, renew=lambda: None)


def test_ended_shares_are_swept_away_and_live_ones_stay():
    client, gone, stays = account(owner=member()), member(), member()
    expired_share(account=client, member=gone)
    share(account=client, member=stays)
    sweep = job_of("accounts.drop_ended_grants")
    assert sweep is not None
    assert sweep.run(occasion(today()))["grants"] >= 1
    assert not AccountGrant.objects.for_system().filter(user=gone).exists()
    assert AccountGrant.objects.for_system().filter(user=stays).exists()
    assert sweep.run(occasion(today())) == {"grants": 0}
    assert sweep.run(occasion(today() + timedelta(days=1)))["grants"] >= 1


def test_the_end_of_a_share_is_told_three_days_before_and_once():
    owner, colleague, on = member(), member(), today()
    client = account(owner=owner)
    share(account=client, member=colleague, permission="change", ends_on=on + timedelta(days=3))
    share(account=client, member=member(), ends_on=on + timedelta(days=4))
    tell = job_of("accounts.tell_ending_shares")
    assert tell is not None
    assert [tell.run(occasion(on - timedelta(days=1))), tell.run(occasion(on))] == [{"shares": 0}, {"shares": 1}]
    assert tell.run(occasion(on)) == {"shares": 0}
    told = Notice.objects.filter(kind="accounts.share_ending")
    assert {notice.recipient for notice in told} == {owner, colleague}
    assert tell.run(occasion(on + timedelta(days=2)))["shares"] == 1


def test_grants_follow_the_role():
    director, who = member(Role.DIRECTOR), member(Role.MANAGER)
    client = account(owner=who)
    member_change(actor=director, member_pk=who.pk, role=Role.CLERK, on=today())
    assert not AccountGrant.objects.for_system().filter(user=who).exists()
    assert check_grants() == []
    member_change(actor=director, member_pk=who.pk, role=Role.MANAGER, on=today())
    who.refresh_from_db()
    assert list(Account.objects.visible_to(who)) == [client]
    assert check_grants() == []
