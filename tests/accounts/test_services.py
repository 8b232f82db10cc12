"""Clients come, change, go from hand to hand; grants and search follow in the same transaction."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Account, AccountGrant, BankAccount, Contact, SearchTerm, Warehouse
from accounts.services import (
    account_assign,
    account_change,
    account_create,
    account_grade,
    account_share,
    account_status_change,
    account_unshare,
    check_grants,
    contact_change,
    contact_create,
    contact_leave,
    grants_drop_ended,
    part_create,
)
from kam.core.calendar import today
from kam.core.exceptions import ChangedMeanwhile, EditConflict, FieldErrors, NotAllowed
from kam.core.states import Transition
from kam.outbox.models import Notice
from kam.people.models import Member
from tests.factories import account, contact
from tests.support.people import member

pytestmark = pytest.mark.django_db

CODE = "914403001922038216"


@pytest.fixture
def director() -> Member:
    return member("director")


@pytest.fixture
def owner() -> Member:
    return member("manager")


def data(**fields: Any) -> dict[str, Any]:
    return {"name": "恒泽连锁商业有限公司", "kind": "chain_retailer", **fields}


def test_a_manager_owns_what_he_opens(owner: Member) -> None:
    client = account_create(actor=owner, data=data(credit_code=" 91440300 1922038216 "))
    assert (client.number, client.credit_code, client.owner, client.version) == ("KA-0001", CODE, owner, 1)
    assert list(Account.objects.visible_to(owner, "change")) == [client]
    assert list(Account.objects.visible_to(member("manager"))) == []
    assert client.history.get().history_user == owner
    assert Transition.objects.get(object_id=client.pk).new == "prospect"
    assert SearchTerm.objects.for_system().filter(term="hz", account=client).exists() is False
    assert SearchTerm.objects.for_system().filter(term__startswith="hengze", account=client).exists()
    assert check_grants() == []
    assert account_create(actor=owner, data=data(name="另一家公司")).number == "KA-0002"


@pytest.mark.parametrize("role", ["executive", "finance", "legal", "partner"])
def test_roles_without_reach_open_no_dossier(role: str) -> None:
    with pytest.raises(NotAllowed):
        account_create(actor=member(role), data=data())
    assert not Account.objects.for_system().exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("credit_code", "914403001922038217"),
        ("credit_code", "12345"),
        ("name", ""),
        ("name", "长" * 10_000),
        ("kind", "dragon"),
        ("invoice_phone", "call me"),
        ("note", "字" * 2001),
    ],
)
def test_wrong_fields_are_named_and_nothing_is_written(owner: Member, field: str, value: str) -> None:
    with pytest.raises(FieldErrors) as caught:
        account_create(actor=owner, data=data(**{field: value}))
    assert field in caught.value.errors
    assert not Account.objects.for_system().exists()


def test_odd_text_is_kept_as_text(owner: Member) -> None:
    client = account_create(actor=owner, data=data(note="<b>粗</b>\x00😀\r\n第二行"))
    assert client.note == "<b>粗</b>😀\n第二行"


def test_the_same_client_is_not_opened_twice(owner: Member, director: Member) -> None:
    first = account_create(actor=owner, data=data(credit_code=CODE))
    with pytest.raises(FieldErrors) as named:
        account_create(actor=owner, data=data(name="恒泽连锁商业"))
    assert first.number in str(named.value.errors["name"])
    with pytest.raises(FieldErrors) as hidden:
        account_create(actor=member("manager"), data=data(name="别的", credit_code=CODE))
    assert first.number not in str(hidden.value.errors["credit_code"])
    assert Account.objects.for_system().count() == 1
    twin = account_create(actor=director, data=data(credit_code="91110000802100433B"), owner=owner)
    assert twin.pk != first.pk


def test_clients_alike_but_for_the_place_are_shown_for_decision(director: Member, owner: Member) -> None:
    account_create(actor=director, owner=owner, data=data(name="青岛市图书馆"))
    with pytest.raises(FieldErrors) as caught:
        account_create(actor=director, owner=owner, data=data(name="烟台市图书馆"))
    assert "青岛市图书馆" in str(caught.value.errors["similar_are_others"])
    account_create(actor=director, owner=owner, data=data(name="烟台市图书馆"), similar_are_others=True)
    assert Account.objects.for_system().count() == 2


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("市图书馆（江宁）", "市图书馆（浦口）"),
        ("苏宁易购（合肥）有限公司", "青岛苏宁易购有限公司"),
        ("云岭供热有限公司", "云岭供热（二期）有限公司"),
    ],
)
def test_a_place_counts_nowhere_in_the_name(director: Member, owner: Member, stored: str, typed: str) -> None:
    account_create(actor=director, owner=owner, data=data(name=stored))
    with pytest.raises(FieldErrors) as caught:
        account_create(actor=director, owner=owner, data=data(name=typed))
    assert stored in str(caught.value.errors["similar_are_others"])


def test_a_new_name_is_compared_from_then_on(director: Member, owner: Member) -> None:
    row = account_create(actor=director, owner=owner, data=data(name="青岛市图书馆"))
    account_change(account_pk=row.pk, actor=director, data={"name": "云岭百货"}, version=row.version)
    account_create(actor=director, owner=owner, data=data(name="烟台市图书馆"))
    with pytest.raises(FieldErrors):
        account_create(actor=director, owner=owner, data=data(name="云岭百货（江宁）"))


def test_a_group_cannot_run_in_a_circle(owner: Member) -> None:
    top = account(owner=owner)
    middle = account(owner=owner, parent=top)
    low = account(owner=owner, parent=middle)
    for parent in (top, low):
        with pytest.raises(FieldErrors) as caught:
            account_change(account_pk=top.pk, actor=owner, data={"parent": parent}, version=1)
        assert "parent" in caught.value.errors
    top.refresh_from_db()
    assert top.parent is None


def test_two_editors_keep_each_others_fields(owner: Member, director: Member) -> None:
    client = account(owner=owner, note="", industry="家电")
    account_change(account_pk=client.pk, actor=director, data={"industry": "百货"}, version=1)
    changed, edited = account_change(
        account_pk=client.pk, actor=owner, data={"industry": "家电", "note": "新"}, version=1
    )
    assert (changed.industry, changed.note, changed.version) == ("百货", "新", 3)
    assert (edited.written, edited.kept_from_others) == (["note"], ["industry"])


def test_a_field_that_both_changed_is_put_to_the_person(owner: Member, director: Member) -> None:
    client = account(owner=owner, kind="enterprise")
    account_change(account_pk=client.pk, actor=director, data={"kind": "alliance"}, version=1)
    with pytest.raises(EditConflict) as caught:
        account_change(account_pk=client.pk, actor=owner, data={"kind": "public_body", "note": "x"}, version=1)
    conflict = caught.value.conflicts[0]
    assert (conflict.field, caught.value.version) == ("kind", 2)
    assert len({conflict.base, conflict.theirs, conflict.mine}) == 3
    client.refresh_from_db()
    assert (client.kind, client.note) == ("alliance", "")


def test_assignment_moves_access_at_once(owner: Member, director: Member) -> None:
    client = account(owner=owner)
    new, deputy = member("manager"), member("manager")
    account_assign(account_pk=client.pk, owner=new, deputy=deputy, actor=director, reason="调整")
    assert not Account.objects.visible_to(owner).exists()
    assert Account.objects.visible_to(new, "change").exists()
    assert Account.objects.visible_to(deputy, "change").exists()
    assert client.history.first().history_change_reason == "调整"
    assert check_grants() == []
    with pytest.raises(NotAllowed):
        account_assign(account_pk=client.pk, owner=owner, deputy=None, actor=new)
    with pytest.raises(Account.DoesNotExist):
        account_assign(account_pk=client.pk, owner=owner, deputy=None, actor=owner)


@pytest.mark.parametrize("role", ["clerk", "director", "finance"])
def test_only_account_managers_look_after_clients(owner: Member, director: Member, role: str) -> None:
    client = account(owner=owner)
    with pytest.raises(FieldErrors) as caught:
        account_assign(account_pk=client.pk, owner=member(role), deputy=owner, actor=director)
    assert "owner" in caught.value.errors
    client.refresh_from_db()
    assert client.owner == owner


def test_a_share_counts_until_its_day(owner: Member, director: Member) -> None:
    client, colleague = account(owner=owner), member("manager")
    account_share(account_pk=client.pk, member=colleague, permission="view", ends_on=today(), actor=director)
    assert Account.objects.visible_to(colleague).exists()
    assert not Account.objects.visible_to(colleague, "change").exists()
    AccountGrant.objects.for_system().filter(user=colleague).update(ends_on=today() - timedelta(days=1))
    assert not Account.objects.visible_to(colleague).exists()
    assert grants_drop_ended(on=today()) == 1
    assert check_grants() == []
    account_share(account_pk=client.pk, member=colleague, permission="change", ends_on=today(), actor=director)
    assert account_unshare(account_pk=client.pk, member=colleague, actor=owner) == 2
    assert not Account.objects.visible_to(colleague).exists()


def test_grade_and_status_have_their_own_ways(owner: Member, director: Member) -> None:
    client = account(owner=owner)
    with pytest.raises(NotAllowed):
        account_grade(account_pk=client.pk, actor=owner, grade="A")
    assert account_grade(account_pk=client.pk, actor=director, grade="A").grade == "A"
    with pytest.raises(FieldErrors):
        account_status_change(account_pk=client.pk, actor=owner, to="ended", seen="prospect")
    assert account_status_change(account_pk=client.pk, actor=owner, to="active", seen="prospect").status == "active"
    with pytest.raises(ChangedMeanwhile):
        account_status_change(account_pk=client.pk, actor=owner, to="active", seen="prospect")


@pytest.mark.parametrize(
    ("birthday", "fine"),
    [
        ({"birthday_calendar": "solar", "birthday_year": 1981, "birthday_month": 2, "birthday_day": 29}, False),
        ({"birthday_calendar": "lunar", "birthday_month": 13, "birthday_day": 1}, False),
        ({"birthday_calendar": "lunar", "birthday_month": 8}, False),
        ({"birthday_calendar": "lunar", "birthday_month": 8, "birthday_day": 15}, True),
        ({"birthday_calendar": "solar", "birthday_year": 1980, "birthday_month": 2, "birthday_day": 29}, True),
    ],
)
def test_birthdays_are_possible_or_refused(owner: Member, birthday: dict[str, Any], fine: bool) -> None:
    client = account(owner=owner)
    if fine:
        assert contact_create(account_pk=client.pk, actor=owner, data={"name": "曹敏", **birthday}).pk
        return
    with pytest.raises(FieldErrors) as caught:
        contact_create(account_pk=client.pk, actor=owner, data={"name": "曹敏", **birthday})
    assert "birthday_day" in caught.value.errors
    assert not Contact.objects.for_system().exists()


def test_people_are_found_by_phone_and_leave(owner: Member) -> None:
    client = account(owner=owner)
    person = contact_create(account_pk=client.pk, actor=owner, data={"name": "曹敏", "mobile": "139 0555 2741"})
    assert person.mobile == "+8613905552741"
    assert SearchTerm.objects.for_system().filter(term="2741", contact=person).exists()
    contact_change(contact_pk=person.pk, actor=owner, data={"mobile": ""}, version=1)
    assert not SearchTerm.objects.for_system().filter(term="2741").exists()
    assert contact_leave(contact_pk=person.pk, actor=owner, left_on=today()).left_on == today()


def test_the_same_person_twice_is_refused(owner: Member) -> None:
    person = contact(account=account(owner=owner), name="曹敏", mobile="+8613905552741")
    for fields in ({"name": "曹 敏敏", "mobile": "13905552741"}, {"name": "曹敏", "mobile": ""}):
        with pytest.raises(FieldErrors):
            contact_create(account_pk=person.account_id, actor=owner, data=fields)


def test_parts_belong_to_clients_in_reach(owner: Member) -> None:
    client, stranger = account(owner=owner), member("manager")
    bank = {"bank_name": "工商银行", "account_number": "6222 0000 1111", "is_default": True}
    first = part_create(model=BankAccount, account_pk=client.pk, actor=owner, data=bank)
    assert first.account_number == "622200001111"
    part_create(model=BankAccount, account_pk=client.pk, actor=owner, data={**bank, "account_number": "1"})
    first.refresh_from_db()
    assert not first.is_default
    with pytest.raises(Account.DoesNotExist):
        part_create(model=BankAccount, account_pk=client.pk, actor=stranger, data=bank)
    part_create(model=Warehouse, account_pk=client.pk, actor=owner, data={"code": "DC1"})
    with pytest.raises(FieldErrors) as caught, transaction.atomic():
        part_create(model=Warehouse, account_pk=client.pk, actor=owner, data={"code": "DC1"})
    assert "code" in caught.value.errors


def test_who_opens_a_client_for_others_names_a_manager_who_is_told(director: Member, owner: Member) -> None:
    for wrong in (None, director, member("manager", is_active=False)):
        with pytest.raises(FieldErrors) as caught:
            account_create(actor=director, data=data(), owner=wrong)
        assert list(caught.value.errors) == ["owner"]
    with pytest.raises(FieldErrors) as caught:
        account_create(actor=owner, data=data(), deputy=owner)
    assert list(caught.value.errors) == ["deputy"]
    assert not Account.objects.for_system().exists()
    client = account_create(actor=director, data=data(), owner=owner, deputy=member("manager"))
    told = Notice.objects.for_system().filter(account_id=client.pk).values_list("recipient", flat=True)
    assert set(told) == {client.owner_id, client.deputy_id}
