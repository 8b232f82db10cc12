from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kam.core.exceptions import ChangedMeanwhile, DomainError, FieldErrors, NotAllowed
from kam.people import authority
from kam.people.authority import OwnLimit, own_limit
from kam.people.choices import Authority, Role
from kam.people.models import Delegation
from kam.people.selectors import delegations_about
from kam.people.services import delegation_grant, delegation_revoke, member_leave
from tests.support.people import member

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
END = TODAY + timedelta(days=10)
LIMIT = Decimal(300_000)


@pytest.fixture(autouse=True)
def _limits(monkeypatch):
    """The director decides credits up to 300,000 alone."""
    sources = [
        lambda role, kind: OwnLimit(decides=True, amount=LIMIT) if (role, kind) == ("director", "credit") else None
    ]
    monkeypatch.setattr(authority, "_sources", sources)


@pytest.fixture
def director():
    return member(Role.DIRECTOR)


@pytest.fixture
def delegate():
    return member(Role.MANAGER)


def grant(actor, delegate, **fields):
    return delegation_grant(
        **{
            "actor": actor,
            "delegate_pk": delegate.pk,
            "authority": Authority.CREDIT,
            "starts_on": TODAY,
            "ends_on": END,
            "on": TODAY,
            "ceiling_amount": Decimal(100_000),
            **fields,
        }
    )


def live(delegate, on=TODAY, kind=Authority.CREDIT):
    return list(Delegation.objects.for_system().in_force(on).filter(delegate=delegate, authority=kind))


def revoke(actor, delegation, on=TODAY):
    return delegation_revoke(actor=actor, delegation_pk=delegation.pk, at=timezone.now(), on=on)


def test_it_holds_from_the_first_to_the_last_day(director, delegate):
    given = grant(director, delegate, starts_on=TODAY + timedelta(days=1))
    assert live(delegate) == []
    assert live(delegate, on=TODAY + timedelta(days=1)) == [given]
    assert live(delegate, on=END) == [given]
    assert live(delegate, on=END + timedelta(days=1)) == []
    assert live(delegate, on=END, kind=Authority.SHARE) == []
    assert live(director, on=END) == []


def test_the_limit_of_a_role_is_the_policy_s_where_there_is_one(monkeypatch):
    assert own_limit("director", Authority.CREDIT).covers(LIMIT)
    assert not own_limit("director", Authority.CREDIT).covers(LIMIT + 1)
    assert own_limit("director", Authority.CREDIT).covers(None)
    assert own_limit("director", Authority.VISIT_PLAN).covers(Decimal("1e12"))
    assert not own_limit("clerk", Authority.VISIT_PLAN).covers(None)
    monkeypatch.setattr(authority, "_sources", [lambda _role, _kind: OwnLimit(decides=False)])
    assert not own_limit("director", Authority.CREDIT).covers(Decimal(1))


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.FINANCE, Role.LEGAL, Role.PARTNER])
def test_who_decides_nothing_hands_nothing_on(role, delegate):
    with pytest.raises(NotAllowed):
        grant(member(role), delegate)
    assert not Delegation.objects.for_system().exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"ceiling_amount": Decimal("300000.01")}, "ceiling_amount"),
        ({"ceiling_amount": Decimal(0)}, "ceiling_amount"),
        ({"ceiling_amount": Decimal(-5)}, "ceiling_amount"),
        ({"authority": Authority.SHARE}, "ceiling_amount"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(director, delegate, fields, field):
    with pytest.raises(DomainError) as caught:
        grant(director, delegate, **fields)
    assert caught.value.field == field
    assert not Delegation.objects.for_system().exists()


def test_unknown_authorities_and_amounts_beyond_the_column_are_refused(director, delegate):
    for wrong in (
        {"authority": "everything", "ceiling_amount": None},
        {"authority": Authority.COOPERATION, "ceiling_amount": Decimal("1e13")},
        {"note": "长" * 10_000},
    ):
        with pytest.raises(FieldErrors):
            grant(director, delegate, **wrong)
    assert not Delegation.objects.for_system().exists()


def test_nobody_hands_to_himself_or_to_who_has_left(director):
    with pytest.raises(DomainError) as caught:
        grant(director, director)
    assert caught.value.field == "delegate"
    for gone in (member(is_active=False), member(left_on=TODAY + timedelta(days=1))):
        with pytest.raises(DomainError) as caught:
            grant(director, gone, starts_on=TODAY + timedelta(days=1))
        assert caught.value.field == "delegate"
    assert not Delegation.objects.for_system().exists()


def test_what_one_does_not_have_one_does_not_hand_on(director, delegate, monkeypatch):
    monkeypatch.setattr(authority, "_sources", [lambda _role, _kind: OwnLimit(decides=False)])
    with pytest.raises(DomainError) as caught:
        grant(director, delegate)
    assert caught.value.field == "authority"


def test_the_same_authority_is_not_handed_to_the_same_member_twice_at_a_time(director, delegate):
    first = grant(director, delegate)
    with pytest.raises(DomainError) as caught:
        grant(director, delegate, starts_on=END, ends_on=END + timedelta(days=5))
    assert caught.value.field == "starts_on"
    assert grant(director, delegate, starts_on=END + timedelta(days=1), ends_on=END + timedelta(days=5))
    revoke(director, first)
    assert grant(director, delegate)


def test_revoking_ends_it_at_once_and_only_once(director, delegate):
    given = grant(director, delegate)
    assert revoke(director, given).revoked_by == director
    assert live(delegate) == []
    with pytest.raises(ChangedMeanwhile):
        revoke(director, given)


def test_what_has_run_out_is_not_revoked(director, delegate):
    given = grant(director, delegate)
    with pytest.raises(ChangedMeanwhile):
        revoke(director, given, on=END + timedelta(days=1))


def test_the_delegate_and_another_director_revoke_nothing_but_the_executive_does(director, delegate):
    given = grant(director, delegate)
    for other in (delegate, member(Role.DIRECTOR), member(Role.CLERK)):
        with pytest.raises(NotAllowed):
            revoke(other, given)
    assert live(delegate) == [given]
    revoke(member(Role.EXECUTIVE), given)
    assert live(delegate) == []


@pytest.mark.parametrize("side", ["grantor", "delegate"])
def test_it_ends_when_either_side_leaves(director, delegate, side):
    given = grant(director, delegate)
    leaving = director if side == "grantor" else delegate
    member_leave(actor=member(Role.DIRECTOR), member_pk=leaving.pk, left_on=TODAY, at=timezone.now(), on=TODAY)
    assert live(delegate) == []
    given.refresh_from_db()
    assert given.revoked_at is not None


@pytest.mark.parametrize("side", ["grantor", "delegate"])
def test_an_announced_leaving_ends_it_on_that_day(director, delegate, side):
    given = grant(director, delegate)
    leaving = director if side == "grantor" else delegate
    last = TODAY + timedelta(days=3)
    member_leave(actor=member(Role.DIRECTOR), member_pk=leaving.pk, left_on=last, at=timezone.now(), on=TODAY)
    assert live(delegate, on=last - timedelta(days=1)) == [given]
    assert live(delegate, on=last) == []


def test_it_ends_when_the_grantor_decides_no_more(director, delegate):
    given = grant(director, delegate)
    director.role = Role.MANAGER
    director.save()
    assert live(delegate) == []
    assert not Delegation.objects.for_system().get(pk=given.pk).is_live(TODAY)


def test_own_page_shows_what_is_given_and_held_until_it_ends(director, delegate):
    given = grant(director, delegate)
    other = grant(member(Role.EXECUTIVE), member())
    assert list(delegations_about(director, on=END)) == list(delegations_about(delegate, on=END)) == [given]
    assert not delegations_about(delegate, on=END + timedelta(days=1)).exists()
    assert other not in delegations_about(director, on=TODAY)
