from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.approvals.rules import (
    Handed,
    Question,
    Refusal,
    Refused,
    Standing,
    Step,
    decides,
    is_reminder_due,
    limit_of,
    may_decide,
    number_after,
    policy_faults,
    snapshot_hash,
    steps_for,
    waited_days,
)

TODAY = date(2026, 11, 23)
CREDIT = [Step("decision", "director"), Step("decision", "executive", Decimal(300_000))]
ROLES = ["director", "clerk", "manager", "executive", "finance", "legal", "partner"]
amounts = st.decimals(min_value=0, max_value=10**9, places=2)


def handed(**fields):
    return Handed(
        **{
            "pk": 7,
            "grantor": 1,
            "grantor_role": "director",
            "authority": "credit",
            "starts_on": TODAY,
            "ends_on": TODAY,
            **fields,
        }
    )


def asked(**fields):
    return Question(
        **{
            "kind": "credit",
            "amount": Decimal(280_000),
            "requester": 3,
            "step_kind": "decision",
            "role": "director",
            **fields,
        }
    )


def judge(question=None, person=4, role="manager", delegations=(), on=TODAY):
    return may_decide(question or asked(), person=person, role=role, handed=delegations, on=on)


@pytest.mark.parametrize(
    ("amount", "roles"),
    [
        (None, ["director"]),
        ("0", ["director"]),
        ("300000.00", ["director"]),
        ("300000.01", ["director", "executive"]),
    ],
)
def test_the_executive_comes_after_the_director_above_his_limit(amount, roles):
    taken = steps_for(CREDIT, Decimal(amount) if amount else None, "manager")
    assert [step.role for step in taken] == roles


@given(amounts)
def test_what_the_director_asks_goes_to_the_executive_once(amount):
    assert [step.role for step in steps_for(CREDIT, amount, "director")] == ["executive"]


@given(amounts, st.sampled_from(ROLES), st.lists(st.tuples(st.sampled_from(ROLES), st.none() | amounts), max_size=6))
def test_steps_are_a_part_of_the_policy_in_its_order_and_repeat_nobody(amount, requester, table):
    policy = [Step("decision", role, above) for role, above in table]
    taken = steps_for(policy, amount, requester)
    assert len({step.role for step in taken}) == len(taken)
    assert all(step.above_amount is None or amount > step.above_amount for step in taken)
    if requester == "director":
        assert "director" not in {step.role for step in taken}
    for role, above in table:
        if above is None and not (requester == "director" and role == "director"):
            assert role in {step.role for step in taken}


@given(amounts, amounts)
def test_a_larger_amount_never_takes_fewer_steps(one, other):
    small, large = sorted([one, other])
    assert set(steps_for(CREDIT, small, "manager")) <= set(steps_for(CREDIT, large, "manager"))


def test_the_limit_of_a_role_is_where_another_one_must_follow():
    assert limit_of("director", CREDIT) == Decimal(300_000)
    assert limit_of("executive", CREDIT) is None
    assert limit_of("director", [Step("decision", "director")]) is None
    assert decides("director", CREDIT)
    assert not decides("finance", [*CREDIT, Step("opinion", "finance")])


def test_who_holds_the_role_decides_and_others_do_not():
    assert judge(role="director") == Standing()
    assert judge(role="clerk") == Refused(Refusal.OTHER_ROLE)
    assert judge(role="executive") == Refused(Refusal.OTHER_ROLE)


@given(st.sampled_from(ROLES), st.booleans(), st.booleans())
def test_nobody_decides_on_the_own_request_under_any_title(role, manned, with_delegation):
    question = asked(requester=4, role="director", is_manned=manned)
    delegations = [handed()] if with_delegation else []
    assert judge(question, person=4, role=role, delegations=delegations) == Refused(Refusal.OWN_REQUEST)


@given(st.sampled_from(ROLES))
def test_nobody_takes_two_steps_of_one_request(role):
    question = asked(spoken=frozenset({4}), role="executive")
    assert judge(question, role=role, delegations=[handed(grantor_role="executive")]).why == Refusal.SPOKE_BEFORE


def test_the_executive_stands_in_only_where_nobody_else_can_decide():
    assert judge(asked(is_manned=False), role="executive") == Standing(stands_in=True)
    assert judge(asked(is_manned=False), role="clerk") == Refused(Refusal.OTHER_ROLE)


def test_a_delegation_covers_its_kind_role_and_days():
    assert judge(delegations=[handed()]) == Standing(delegation=7)
    assert judge(delegations=[handed(authority="share")]).why == Refusal.OTHER_ROLE
    assert judge(delegations=[handed(grantor_role="executive")]).why == Refusal.OTHER_ROLE
    assert judge(delegations=[handed()], on=TODAY + timedelta(days=1)) == Refused(Refusal.NOT_IN_FORCE, 7)
    assert judge(delegations=[handed()], on=TODAY - timedelta(days=1)) == Refused(Refusal.NOT_IN_FORCE, 7)
    assert judge(delegations=[handed(is_revoked=True)]) == Refused(Refusal.NOT_IN_FORCE, 7)
    assert judge(asked(step_kind="opinion"), delegations=[handed()]).why == Refusal.OTHER_ROLE


def test_a_delegation_from_the_requester_counts_for_nothing_of_his():
    assert judge(asked(requester=1), delegations=[handed()]) == Refused(Refusal.FROM_REQUESTER, 7)


@given(amounts, st.none() | amounts, st.none() | amounts)
def test_a_delegation_reaches_to_the_lower_of_ceiling_and_own_limit(amount, ceiling, limit):
    answer = judge(asked(amount=amount), delegations=[handed(ceiling=ceiling, limit=limit)])
    within = all(bound is None or amount <= bound for bound in (ceiling, limit))
    assert answer == (Standing(delegation=7) if within else Refused(Refusal.ABOVE_CEILING, 7))


def test_a_second_delegation_helps_where_the_first_falls_short():
    assert judge(delegations=[handed(pk=1, ceiling=Decimal(1)), handed(pk=2)]) == Standing(delegation=2)


def test_the_hash_knows_content_and_not_the_order_of_keys():
    assert snapshot_hash({"a": 1, "b": ["x", None]}) == snapshot_hash({"b": ["x", None], "a": 1})
    assert snapshot_hash({"a": "1"}) != snapshot_hash({"a": 1})
    assert snapshot_hash({"a": "恒泽"}) == snapshot_hash({"a": "恒泽"})
    assert len(snapshot_hash({})) == 64


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(), min_size=1))
def test_any_change_changes_the_hash(snapshot):
    key = next(iter(snapshot))
    assert snapshot_hash(snapshot) != snapshot_hash({**snapshot, key: [snapshot[key]]})


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([], "no_decision"),
        ([Step("opinion", "finance")], "no_decision"),
        ([Step("decision", "director", Decimal(1))], "never_sure"),
        ([Step("decision", "director"), Step("opinion", "finance")], "opinion_last"),
        ([Step("decision", "director"), Step("decision", "director", Decimal(1))], "repeated"),
        ([Step("opinion", "finance"), Step("decision", "director")], ""),
        (CREDIT, ""),
    ],
)
def test_what_is_wrong_with_a_policy(steps, fault):
    assert policy_faults(steps) == fault


def test_numbers_count_on_within_a_year():
    assert number_after("", "SX", 2026) == "SX-2026-0001"
    assert number_after("SX-2026-0063", "SX", 2026) == "SX-2026-0064"
    assert number_after("SX-2026-9999", "SX", 2026) == "SX-2026-10000"
    assert number_after("SX-2026-0063", "SX", 2027) == "SX-2027-0001"


def test_reminders_come_after_the_days_of_the_policy_and_again_after_as_many():
    monday = date(2026, 11, 23)
    assert not is_reminder_due(monday, None, monday + timedelta(days=1), 2)
    assert is_reminder_due(monday, None, monday + timedelta(days=2), 2)
    assert not is_reminder_due(monday, monday + timedelta(days=2), monday + timedelta(days=3), 2)
    assert is_reminder_due(monday, monday + timedelta(days=2), monday + timedelta(days=4), 2)
    assert not is_reminder_due(monday, None, monday + timedelta(days=99), 0)


def test_reminders_count_working_days_and_leave_days_off_alone():
    friday = date(2026, 11, 27)
    due = [day for day in range(1, 6) if is_reminder_due(friday, None, friday + timedelta(days=day), 2)]
    assert due == [4, 5]
    assert not is_reminder_due(date(2026, 11, 23), None, date(2026, 11, 28), 2)
    before_the_holiday = date(2026, 9, 30)
    assert not is_reminder_due(before_the_holiday, None, date(2026, 10, 8), 2)
    assert is_reminder_due(before_the_holiday, None, date(2026, 10, 9), 2)


def test_days_waited_are_counted_from_the_day_on():
    monday = date(2026, 11, 23)
    assert waited_days(monday, monday + timedelta(days=3)) == 3
    assert waited_days(monday, monday - timedelta(days=3)) == 0
