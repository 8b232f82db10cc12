"""What the dossiers do by themselves: ended shares are swept away, grants follow the role of their member."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Account, AccountGrant
from accounts.services import check_grants
from kam.core.calendar import today
from kam.jobs.registry import Occasion, job_of
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
