"""Pages of members, units and delegations: who sees what, what is refused, nothing half-written."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kam.core.calendar import today
from kam.core.editing import version_of
from kam.people.choices import Authority, Role, UnitKind
from kam.people.models import Delegation, Member, Unit
from kam.people.selectors import member_history
from kam.people.services import member_change, password_reset
from tests.support.people import PASSWORD, member, unit

pytestmark = pytest.mark.django_db
KEEPERS = (Role.DIRECTOR, Role.CLERK)
OTHERS = tuple(role for role in Role if role not in KEEPERS)


def browser(who):
    client = Client()
    client.force_login(who, backend="kam.people.backends.MemberBackend")
    return client


def url(name, *args):
    return reverse(f"people:{name}", args=args)


def delegation(grantor, delegate, **fields):
    return Delegation.objects.create(
        **{
            "grantor": grantor,
            "delegate": delegate,
            "authority": Authority.CREDIT,
            "starts_on": today(),
            "ends_on": today() + timedelta(days=5),
            **fields,
        }
    )


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_the_phone_book(role):
    other = member(full_name="陆以宁", phone="13800138000")
    member(full_name="已走的人", is_active=False)
    page = browser(member(role)).get(url("member_list")).content.decode()
    assert "13800138000" in page
    assert "已走的人" not in page
    detail = browser(member(role)).get(url("member_detail", other.pk))
    assert "陆以宁" in detail.content.decode()
    assert ("history" in detail.context) == (role in KEEPERS)


@pytest.mark.parametrize("role", OTHERS)
def test_others_change_nobody(role):
    target, client = member(password=PASSWORD), browser(member(role))
    before = Member.objects.values().get(pk=target.pk)
    for name in ("member_edit", "member_leave"):
        assert client.get(url(name, target.pk)).status_code == 403
        assert client.post(url(name, target.pk), {"left_on": str(today()), "full_name": "x"}).status_code == 403
    for name in ("member_return", "member_password", "member_unlock"):
        assert client.post(url(name, target.pk)).status_code == 403
    assert client.get(url("member_create")).status_code == 403
    assert client.post(url("member_create"), {"username": "x", "full_name": "x", "role": "manager"}).status_code == 403
    assert Member.objects.values().get(pk=target.pk) == before
    assert Member.objects.count() == 2


@pytest.mark.parametrize("role", KEEPERS)
def test_a_new_member_s_password_is_shown_once(role):
    home = unit()
    client = browser(member(role))
    answer = client.post(
        url("member_create"),
        {"username": "WenHe", "full_name": "文禾", "role": "manager", "unit": home.pk, "joined_on": "2026-11-23"},
    )
    added = Member.objects.get(username="wenhe")
    assert added.check_password(answer.context["password"])
    assert answer.context["password"] in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    again = client.post(url("member_create"), {"username": "wenhe", "full_name": "文禾", "role": "manager"})
    assert again.status_code == 422
    assert again.context["form"].errors["username"]


def test_what_was_typed_stays_on_a_refused_form():
    answer = browser(member(Role.CLERK)).post(
        url("member_create"),
        {
            "username": "wen he",
            "full_name": "<b>文禾</b>",
            "role": "director",
            "phone": "9" * 30,
            "joined_on": "2026-02-30",
        },
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"username", "role", "phone", "joined_on"}
    text = answer.content.decode()
    assert "&lt;b&gt;文禾&lt;/b&gt;" in text
    assert "2026-02-30" in text
    assert Member.objects.count() == 1


def test_the_clerk_is_not_offered_the_director_s_role():
    form = browser(member(Role.CLERK)).get(url("member_create")).context["form"]
    offered = {value for value, _label in form.fields["role"].choices}
    assert offered == {"", "clerk", "manager", "finance", "legal", "partner"}


def test_pick_lists_end_at_who_is_present():
    gone, here = member(is_active=False), member()
    form = browser(member(Role.CLERK)).get(url("member_create")).context["form"]
    assert here in form.fields["superior"].queryset
    assert gone not in form.fields["superior"].queryset
    answer = browser(member(Role.CLERK)).post(
        url("member_create"), {"username": "a", "full_name": "a", "role": "manager", "superior": gone.pk}
    )
    assert answer.context["form"].errors["superior"]


def edit_data(client, who, **changes):
    form = client.get(url("member_edit", who.pk)).context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in {**data, **changes}.items()}


def test_two_people_at_one_member_do_not_lose_each_other_s_values():
    who, first, second = member(post="经理"), browser(member(Role.CLERK)), browser(member(Role.DIRECTOR))
    firsts, seconds = edit_data(first, who, post="高级经理"), edit_data(second, who, phone="13800138000")
    first.post(url("member_edit", who.pk), firsts)
    second.post(url("member_edit", who.pk), seconds)
    who.refresh_from_db()
    assert (who.post, who.phone) == ("高级经理", "13800138000")


def test_a_clash_is_told_once_with_the_other_s_value():
    who, first, second = member(post="经理"), browser(member(Role.CLERK)), browser(member(Role.DIRECTOR))
    firsts, seconds = edit_data(first, who, post="高级经理"), edit_data(second, who, post="总监")
    first.post(url("member_edit", who.pk), firsts)
    clash = second.post(url("member_edit", who.pk), seconds)
    assert clash.status_code == 409
    assert [row["theirs"] for row in clash.context["conflict"]["rows"]] == ["高级经理"]
    who.refresh_from_db()
    assert who.post == "高级经理"
    seconds["version"] = clash.context["form"]["version"].value()
    assert second.post(url("member_edit", who.pk), seconds).status_code == 302
    who.refresh_from_db()
    assert who.post == "总监"


def test_leaving_and_returning_through_the_pages():
    who, client = member(), browser(member(Role.DIRECTOR))
    wrong = client.post(url("member_leave", who.pk), {"left_on": "2026-13-40"})
    assert wrong.context["form"].errors["left_on"]
    assert client.post(url("member_leave", who.pk), {"left_on": str(today())}).status_code == 302
    who.refresh_from_db()
    assert not who.is_active
    back = client.post(url("member_return", who.pk))
    who.refresh_from_db()
    assert who.check_password(back.context["password"])
    assert client.post(url("member_return", who.pk)).status_code == 409


def test_unknown_members_are_not_found():
    client = browser(member(Role.DIRECTOR))
    for name in ("member_detail", "member_edit", "member_leave"):
        assert client.get(url(name, 999_999)).status_code == 404
    for name in ("member_return", "member_password", "member_unlock"):
        assert client.post(url(name, 999_999)).status_code == 404
        assert client.get(url(name, 999_999)).status_code == 405


@pytest.mark.parametrize("role", Role)
def test_units_are_read_by_all_and_kept_by_two(role):
    home = unit("大客户部", kind=UnitKind.DEPARTMENT)
    client = browser(member(role))
    assert client.get(url("unit_list")).status_code == 200
    assert client.get(url("unit_detail", home.pk)).status_code == 200
    allowed = role in KEEPERS
    assert client.get(url("unit_create")).status_code == (200 if allowed else 403)
    answer = client.post(
        url("unit_edit", home.pk), {"name": "大客户一部", "kind": "department", "version": version_of(home)}
    )
    assert answer.status_code == (302 if allowed else 403)
    home.refresh_from_db()
    assert home.name == ("大客户一部" if allowed else "大客户部")


def test_units_never_make_a_circle_nor_share_a_name():
    client = browser(member(Role.CLERK))
    upper = unit("上")
    lower = unit("下", parent=upper)
    circle = client.post(
        url("unit_edit", upper.pk), {"name": "上", "kind": "team", "parent": lower.pk, "version": version_of(upper)}
    )
    assert circle.context["form"].errors["parent"]
    taken = client.post(url("unit_create"), {"name": "下", "kind": "team"})
    assert taken.context["form"].errors["name"]
    upper.refresh_from_db()
    assert upper.parent is None
    assert Unit.objects.count() == 2


@pytest.mark.parametrize("role", Role)
def test_delegations_are_granted_by_two_roles_only(role):
    delegate, client = member(), browser(member(role))
    data = {
        "delegate": delegate.pk,
        "authority": "share",
        "starts_on": str(today()),
        "ends_on": str(today() + timedelta(days=3)),
    }
    answer = client.post(url("delegation_create"), data)
    allowed = role in (Role.DIRECTOR, Role.EXECUTIVE)
    assert answer.status_code == (302 if allowed else 403)
    assert Delegation.objects.for_system().count() == int(allowed)


def test_a_delegate_sees_the_own_delegations_and_ends_none():
    director, delegate = member(Role.DIRECTOR), member()
    own, foreign = delegation(director, delegate), delegation(director, member())
    client = browser(delegate)
    assert client.get(url("delegation_detail", own.pk)).status_code == 200
    assert client.get(url("delegation_detail", foreign.pk)).status_code == 404
    assert client.post(url("delegation_revoke", own.pk)).status_code == 403
    assert client.post(url("delegation_revoke", foreign.pk)).status_code == 404
    assert Delegation.objects.for_system().filter(revoked_at__isnull=True).count() == 2
    listed = client.get(url("delegation_list")).context["list"]["rows"]
    assert [row["pk"] for row in listed] == [own.pk]


def test_the_grantor_ends_it_once():
    director = member(Role.DIRECTOR)
    own, client = delegation(director, member()), browser(director)
    assert client.get(url("delegation_detail", own.pk)).context["may_revoke"]
    assert client.post(url("delegation_revoke", own.pk)).status_code == 302
    assert client.post(url("delegation_revoke", own.pk)).status_code == 409
    assert not client.get(url("delegation_detail", own.pk)).context["may_revoke"]


def test_a_refused_delegation_keeps_what_was_typed():
    client = browser(member(Role.DIRECTOR))
    answer = client.post(
        url("delegation_create"),
        {
            "delegate": "",
            "authority": "x",
            "ceiling_amount": "1e99",
            "starts_on": "2026-02-30",
            "ends_on": "",
            "note": "长" * 500,
        },
    )
    assert set(answer.context["form"].errors) == {
        "delegate",
        "authority",
        "ceiling_amount",
        "starts_on",
        "ends_on",
        "note",
    }
    assert "长" * 500 in answer.content.decode()
    past = client.post(
        url("delegation_create"),
        {"delegate": member().pk, "authority": "share", "starts_on": "2020-01-01", "ends_on": "2020-01-02"},
    )
    assert past.context["form"].errors["starts_on"]
    assert not Delegation.objects.for_system().exists()


@pytest.mark.parametrize("page", ["member_list", "unit_list", "delegation_list"])
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.MANAGER])
def test_queries_do_not_grow_with_the_rows(page, role):
    who = member(role)
    client, director, counts = browser(who), member(Role.DIRECTOR), []
    for rows in (3, 27):
        for _row in range(rows):
            delegation(director, member(unit=unit()) if role != Role.MANAGER else who, revoked_at=timezone.now())
            member(unit=unit())
        client.get(url(page), {"size": 50})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(page), {"size": 50}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize(
    "query", ["q=陆", "q=%00", "role=manager&who=left", "unit=abc", "who=zzz", "sort=-role&page=99"]
)
def test_any_query_is_answered(query):
    assert browser(member(Role.MANAGER)).get(f"{url('member_list')}?{query}").status_code == 200


def test_the_search_finds_by_part_of_name_and_phone():
    client = browser(member(Role.MANAGER))
    member(full_name="陆以宁", phone="13800138000")
    for text in ("以宁", "8001"):
        rows = client.get(url("member_list"), {"q": text}).context["list"]["rows"]
        assert [row["card"]["title"] for row in rows] == ["陆以宁"]


def test_a_lock_is_shown_and_lifted():
    who = member(username="luyining", password=PASSWORD)
    for _try in range(5):
        Client().post(reverse("people:sign_in"), {"username": "luyining", "password": "wrong"})
    client = browser(member(Role.CLERK))
    assert client.get(url("member_detail", who.pk)).context["locked_until"] > timezone.now()
    assert client.post(url("member_unlock", who.pk)).status_code == 302
    assert client.get(url("member_detail", who.pk)).context["locked_until"] is None
    answer = Client().post(reverse("people:sign_in"), {"username": "luyining", "password": PASSWORD})
    assert answer.status_code == 302


def test_the_clerk_neither_ends_nor_resets_who_decides():
    director, client = member(Role.DIRECTOR, password=PASSWORD), browser(member(Role.CLERK))
    assert not client.get(url("member_detail", director.pk)).context["may_end"]
    for name in ("member_password", "member_unlock", "member_return"):
        assert client.post(url(name, director.pk)).status_code == 403
    assert client.post(url("member_leave", director.pk), {"left_on": str(today())}).status_code == 403
    director.refresh_from_db()
    assert director.is_active
    assert director.check_password(PASSWORD)


def test_history_says_who_changed_what():
    director = member(Role.DIRECTOR, full_name="沈砚清")
    who = member(post="经理")
    member_change(actor=director, member_pk=who.pk, on=today(), post="总监", role=Role.FINANCE)
    password_reset(actor=director, member_pk=who.pk)
    newest, changed, added = member_history(Member.objects.get(pk=who.pk))
    assert [entry.who for entry in (newest, changed)] == ["沈砚清", "沈砚清"]
    assert {(change.before, change.after) for change in changed.changes} == {
        ("经理", "总监"),
        (str(Role.MANAGER.label), str(Role.FINANCE.label)),
    }
    assert added.changes == []


def test_queries_of_a_member_s_page_do_not_grow_with_its_history():
    who, director, counts = member(), member(Role.DIRECTOR), []
    client = browser(director)
    for rows in (3, 27):
        for number in range(rows):
            member_change(actor=director, member_pk=who.pk, on=today(), post=f"{rows}-{number}")
            member(superior=who)
        client.get(url("member_detail", who.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("member_detail", who.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_a_form_sent_twice_is_done_once():
    client, home = browser(member(Role.CLERK)), unit()
    once = client.get(url("member_create")).context["form"]["once"].value()
    data = {"username": "wenhe", "full_name": "文禾", "role": "manager", "unit": home.pk, "once": once}
    assert client.post(url("member_create"), data).status_code == 200
    again = client.post(url("member_create"), data)
    added = Member.objects.get(username="wenhe")
    assert again["Location"] == url("member_detail", added.pk)
    assert Member.objects.count() == 2


def test_amounts_and_days_are_read_as_people_write_them():
    director, delegate = member(Role.DIRECTOR), member()
    year = today().year
    answer = browser(director).post(
        url("delegation_create"),
        {
            "delegate": delegate.pk,
            "authority": "credit",
            "ceiling_amount": "5万",
            "starts_on": str(today()),
            "ends_on": f"{year + 1}年1月5日",
        },
    )
    assert answer.status_code == 302
    given = Delegation.objects.for_system().get()
    assert (given.ceiling_amount, str(given.ends_on)) == (50_000, f"{year + 1}-01-05")
