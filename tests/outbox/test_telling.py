from datetime import timedelta

import pytest
from django.utils import timezone

from kam.core.calendar import today
from kam.outbox.models import Notice
from kam.people.choices import Authority, Role
from kam.people.services import delegation_grant, delegation_revoke, member_leave
from tests.support.people import member

pytestmark = pytest.mark.django_db


def told():
    return [(row.recipient, row.kind) for row in Notice.objects.for_system().order_by("pk")]


def grant(director, delegate):
    return delegation_grant(
        actor=director,
        delegate_pk=delegate.pk,
        authority=Authority.VISIT_PLAN,
        starts_on=today(),
        ends_on=today() + timedelta(days=3),
        on=today(),
    )


def test_the_delegate_is_told_of_what_he_gets_and_loses():
    director, delegate = member(Role.DIRECTOR, full_name="沈砚清"), member()
    given = grant(director, delegate)
    delegation_revoke(actor=director, delegation_pk=given.pk, at=timezone.now(), on=today())
    assert told() == [(delegate, "people.delegation_granted"), (delegate, "people.delegation_revoked")]
    notice = Notice.objects.for_system().first()
    assert "沈砚清" in notice.text_en
    assert "Approve visit plans" in Notice.objects.for_system().last().text_en


def test_the_grantor_is_told_when_another_takes_it_back():
    director, delegate, executive = member(Role.DIRECTOR), member(), member(Role.EXECUTIVE)
    given = grant(director, delegate)
    Notice.objects.for_system().delete()
    delegation_revoke(actor=executive, delegation_pk=given.pk, at=timezone.now(), on=today())
    assert told() == [(delegate, "people.delegation_revoked"), (director, "people.delegation_revoked")]


def test_who_stays_is_told_when_the_other_leaves():
    director, delegate = member(Role.DIRECTOR), member()
    grant(director, delegate)
    Notice.objects.for_system().delete()
    member_leave(actor=member(Role.CLERK), member_pk=delegate.pk, left_on=today(), at=timezone.now(), on=today())
    assert told() == [(director, "people.delegation_revoked")]
