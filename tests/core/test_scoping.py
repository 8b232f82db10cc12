from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from accounts.choices import GrantSource
from accounts.models import Account, AccountGrant
from kam.core.calendar import today
from kam.people.choices import Role
from tests import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize("action", ["view", "change"])
def test_the_written_out_grants_are_those_that_live_names(action):
    reader, other = member(Role.MANAGER), member(Role.MANAGER)
    codes = Permission.objects.filter(codename__in=["view_account", "change_account"])
    for holder in (reader, other):
        for ends_on in (None, today() - DAY, today(), today() + DAY):
            for permission in codes:
                AccountGrant.objects.create(
                    user=holder,
                    permission=permission,
                    content_object=factories.account(),
                    source=GrantSource.SHARE,
                    ends_on=ends_on,
                )
    live = AccountGrant.objects.live(today()).filter(user=reader, permission__codename=f"{action}_account")
    expected = set(live.values_list("content_object_id", flat=True))
    assert len(expected) == 3
    assert set(Account.objects.visible_to(reader, action).values_list("pk", flat=True)) == expected
