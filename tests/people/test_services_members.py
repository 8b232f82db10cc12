from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kam.core.exceptions import ChangedMeanwhile, DomainError, FieldErrors, NotAllowed
from kam.people.choices import Authority, Role, UnitKind
from kam.people.models import Delegation, Member, OpenSession
from kam.people.services import (
    member_add,
    member_change,
    member_leave,
    member_return,
    members_close_departed,
    own_data_change,
)
from tests.support.people import member, unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def now():
    return timezone.now()


def add(actor, **fields):
    return member_add(**{"actor": actor, "username": "wenhe", "full_name": "文禾", "role": Role.MANAGER, **fields})


def leave(actor, who, left_on=TODAY, on=TODAY):
    return member_leave(actor=actor, member_pk=who.pk, left_on=left_on, at=now(), on=on)


def test_the_clerk_adds_a_member_who_gets_the_role_s_one_group_and_a_password_to_change():
    clerk = member(Role.CLERK)
    added, password = add(clerk, username=" WenHe ", unit=unit())
    assert added.username == "wenhe"
    assert added.must_change_password
    assert added.check_password(password)
    assert [group.name for group in added.groups.all()] == ["manager"]
    assert added.history.get().history_user == clerk


def test_the_system_adds_a_member_without_an_actor():
    added, password = add(None, password="Juzi-2026-hong")
    assert password == "Juzi-2026-hong"
    assert added.check_password(password)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.LEGAL, Role.PARTNER])
def test_others_add_nobody(role):
    actor = member(role)
    with pytest.raises(NotAllowed):
        add(actor)
    assert not Member.objects.filter(username="wenhe").exists()


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.EXECUTIVE])
def test_the_clerk_makes_nobody_who_decides(role):
    with pytest.raises(NotAllowed):
        add(member(Role.CLERK), role=role)
    assert add(member(Role.DIRECTOR), role=role)[0].role == role


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": ""}, "username"),
        ({"username": "wen he"}, "username"),
        ({"username": "a" * 151}, "username"),
        ({"full_name": "  "}, "full_name"),
        ({"full_name": "禾" * 41}, "full_name"),
        ({"role": "chief"}, "role"),
        ({"phone": "1" * 10_000}, "phone"),
    ],
)
def test_wrong_values_are_told_beside_their_field_and_nothing_is_written(fields, wrong):
    actor = member(Role.DIRECTOR)
    with pytest.raises(FieldErrors) as caught:
        add(actor, **fields)
    assert wrong in caught.value.errors
    assert Member.objects.count() == 1


def test_a_name_that_exists_in_another_case_is_refused():
    add(None)
    with pytest.raises(FieldErrors) as caught:
        add(None, username="WENHE")
    assert "username" in caught.value.errors


def test_a_partner_needs_a_unit():
    with pytest.raises(DomainError) as caught:
        add(None, role=Role.PARTNER)
    assert caught.value.field == "unit"
    assert add(None, role=Role.PARTNER, unit=unit(kind=UnitKind.PARTNER))[0].unit


def test_a_new_role_brings_its_group_and_takes_the_old_one():
    director, who = member(Role.DIRECTOR), add(None)[0]
    member_change(actor=director, member_pk=who.pk, role=Role.FINANCE, on=TODAY)
    assert [group.name for group in who.groups.all()] == ["finance"]
    assert who.history.first().role == Role.FINANCE


def test_only_what_changed_is_written_to_history():
    director, who = member(Role.DIRECTOR), add(None, post="经理")[0]
    member_change(actor=director, member_pk=who.pk, post="经理", on=TODAY)
    assert who.history.count() == 1
    member_change(actor=director, member_pk=who.pk, post="高级经理", on=TODAY)
    assert who.history.first().post == "高级经理"
    with pytest.raises(TypeError):
        member_change(actor=director, member_pk=who.pk, username="x", on=TODAY)


def test_the_clerk_raises_neither_himself_nor_others():
    clerk, manager, director = member(Role.CLERK), member(Role.MANAGER), member(Role.DIRECTOR)
    with pytest.raises(NotAllowed):
        member_change(actor=clerk, member_pk=clerk.pk, role=Role.DIRECTOR, on=TODAY)
    with pytest.raises(DomainError):
        member_change(actor=clerk, member_pk=manager.pk, role=Role.DIRECTOR, on=TODAY)
    with pytest.raises(NotAllowed):
        member_change(actor=clerk, member_pk=director.pk, role=Role.MANAGER, on=TODAY)
    assert list(Member.objects.order_by("pk").values_list("role", flat=True)) == ["clerk", "manager", "director"]


def test_superiors_never_make_a_circle():
    director = member(Role.DIRECTOR)
    upper = member()
    lower = member(superior=upper)
    with pytest.raises(DomainError) as caught:
        member_change(actor=director, member_pk=upper.pk, superior=lower, on=TODAY)
    assert caught.value.field == "superior"
    with pytest.raises(DomainError):
        member_change(actor=director, member_pk=upper.pk, superior=upper, on=TODAY)
    upper.refresh_from_db()
    assert upper.superior is None


def test_leaving_closes_an_open_session_at_once():
    director, who = member(Role.DIRECTOR), member()
    browser = Client()
    browser.force_login(who, backend="kam.people.backends.MemberBackend")
    assert browser.get("/people/profile/").status_code == 200
    leave(director, who)
    assert not OpenSession.objects.for_system().filter(member_id=who.pk).exists()
    answer = browser.get("/people/profile/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/people/sign-in/")


def test_leaving_ends_what_was_handed_over_from_either_side():
    director, who = member(Role.DIRECTOR), member()
    member(Role.DIRECTOR)
    given = Delegation.objects.create(
        grantor=director, delegate=who, authority=Authority.CREDIT, starts_on=TODAY, ends_on=TODAY + timedelta(days=9)
    )
    ended = Delegation.objects.create(
        grantor=director, delegate=who, authority=Authority.SHARE, starts_on=TODAY, ends_on=TODAY
    )
    Delegation.objects.filter(pk=ended.pk).update(
        starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1)
    )
    leave(director, who)
    given.refresh_from_db()
    ended.refresh_from_db()
    assert given.revoked_by == director
    assert ended.revoked_at is None


def test_a_later_day_of_leaving_takes_effect_when_it_comes():
    director, who = member(Role.DIRECTOR), member()
    last_day = TODAY + timedelta(days=5)
    leave(director, who, left_on=last_day)
    who.refresh_from_db()
    assert who.is_active
    assert who.may_sign_in(last_day - timedelta(days=1))
    assert not who.may_sign_in(last_day)
    assert members_close_departed(at=now(), on=last_day - timedelta(days=1)) == 0
    assert members_close_departed(at=now(), on=last_day) == 1
    who.refresh_from_db()
    assert not who.is_active


def test_leaving_is_refused_to_oneself_twice_before_joining_and_by_others():
    director, who = member(Role.DIRECTOR), member(joined_on=TODAY)
    with pytest.raises(NotAllowed):
        leave(director, director)
    with pytest.raises(NotAllowed):
        leave(member(Role.MANAGER), who)
    with pytest.raises(DomainError) as caught:
        leave(director, who, left_on=TODAY - timedelta(days=1))
    assert caught.value.field == "left_on"
    who.refresh_from_db()
    assert who.is_active
    assert who.left_on is None
    leave(director, who)
    with pytest.raises(ChangedMeanwhile):
        leave(director, who)


def test_the_last_director_stays_a_director():
    director, executive = member(Role.DIRECTOR), member(Role.EXECUTIVE)
    with pytest.raises(DomainError):
        leave(None, director)
    with pytest.raises(DomainError):
        member_change(actor=None, member_pk=director.pk, role=Role.MANAGER, on=TODAY)
    director.refresh_from_db()
    assert director.is_active
    assert director.role == Role.DIRECTOR
    member(Role.DIRECTOR)
    assert not leave(None, director).is_active
    assert executive.is_active


def test_who_returns_gets_a_new_password_and_the_same_role():
    director, who = member(Role.DIRECTOR), member(password="Juzi-2026-hong")
    with pytest.raises(ChangedMeanwhile):
        member_return(actor=director, member_pk=who.pk)
    leave(director, who)
    back, password = member_return(actor=director, member_pk=who.pk)
    assert back.is_active
    assert back.left_on is None
    assert back.must_change_password
    assert back.check_password(password)
    assert not back.check_password("Juzi-2026-hong")


def test_a_leaving_called_off_leaves_the_password_alone():
    director, who = member(Role.DIRECTOR), member(password="Juzi-2026-hong")
    leave(director, who, left_on=TODAY + timedelta(days=3))
    back, password = member_return(actor=director, member_pk=who.pk)
    assert password == ""
    assert back.check_password("Juzi-2026-hong")
    assert back.left_on is None


def test_members_keep_their_own_mobile_and_language_and_nothing_else():
    who = member()
    assert own_data_change(actor=who, phone="138 0013 8000", language="en").language == "en"
    with pytest.raises(TypeError):
        own_data_change(actor=who, role=Role.DIRECTOR)
    with pytest.raises(FieldErrors):
        own_data_change(actor=who, phone="1" * 21)
    who.refresh_from_db()
    assert who.phone == "138 0013 8000"
