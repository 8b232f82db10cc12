"""Lateness, overlap, two places at once: the edges of each rule."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.rules import OverlapKind, Visit, at_once, is_late, overlap, overlaps

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("visited", "filed", "late"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), False),
        (date(2026, 11, 23), date(2026, 11, 24), False),
        (date(2026, 11, 23), date(2026, 11, 25), True),
        (date(2026, 11, 20), date(2026, 11, 23), False),
        (date(2026, 11, 20), date(2026, 11, 24), True),
        (date(2026, 9, 30), date(2026, 10, 8), False),
        (date(2026, 9, 30), date(2026, 10, 9), True),
        (date(2026, 10, 9), date(2026, 10, 10), False),
        (date(2026, 10, 9), date(2026, 10, 11), True),
        (date(2026, 2, 13), date(2026, 2, 14), False),
        (date(2026, 2, 13), date(2026, 2, 15), True),
    ],
)
def test_a_log_is_late_after_the_end_of_the_next_working_day(visited, filed, late):
    assert is_late(visited, filed) is late


def visit(member=1, account=1, on=DAY, contacts=(), companions=(), **more):
    return Visit(member, account, on, frozenset(contacts), frozenset(companions), **more)


@pytest.mark.parametrize(
    ("days", "found"),
    [(0, OverlapKind.PERSON), (7, OverlapKind.PERSON), (-7, OverlapKind.PERSON), (8, None), (-8, None)],
)
def test_the_same_person_within_seven_days(days, found):
    assert overlap(visit(contacts=[5]), visit(2, on=DAY + timedelta(days=days), contacts=[5, 6])) == found


def test_the_same_client_on_one_day_whoever_is_met():
    assert overlap(visit(contacts=[5]), visit(2, contacts=[6])) is OverlapKind.CLIENT
    assert overlap(visit(contacts=[5]), visit(2, contacts=[6]), same_day=False) is None
    assert overlap(visit(), visit(2, on=DAY + timedelta(days=1))) is None


def test_one_s_own_visits_and_other_clients_never_overlap():
    assert overlap(visit(contacts=[5]), visit(contacts=[5])) is None
    assert overlap(visit(contacts=[5]), visit(2, account=2, contacts=[5])) is None


@pytest.mark.parametrize("both_say_so", [True, False])
def test_companions_of_the_same_visit_do_not_overlap(both_say_so):
    mine, theirs = visit(contacts=[5], companions=[2]), visit(2, contacts=[5], companions=[1] if both_say_so else [])
    assert overlap(mine, theirs) is overlap(theirs, mine) is None


def test_a_companion_who_comes_alone_another_day_does_overlap():
    mine, theirs = visit(contacts=[5], companions=[2]), visit(2, on=DAY + timedelta(days=3), contacts=[5])
    assert overlap(mine, theirs) is OverlapKind.PERSON


@given(
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(-20, 20),
    st.sets(st.integers(1, 4), max_size=3),
    st.sets(st.integers(1, 4), max_size=3),
    st.integers(0, 14),
)
def test_overlap_looks_the_same_from_both_sides(one, other, days, met, met_there, person_days):
    mine = visit(one, contacts=met)
    theirs = visit(other, on=DAY + timedelta(days=days), contacts=met_there)
    assert overlap(mine, theirs, person_days) == overlap(theirs, mine, person_days)


def test_every_pair_is_looked_at():
    mine = [visit(key="a"), visit(on=DAY + timedelta(days=1), key="b")]
    found = overlaps(mine, [visit(2, key="x"), visit(3, on=DAY + timedelta(days=1), key="y")])
    assert [(each.mine.key, each.other.key) for each in found] == [("a", "x"), ("b", "y")]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (("09:00", "10:00"), ("10:00", "11:00"), False),
        (("09:00", "10:01"), ("10:00", "11:00"), True),
        (("09:00", None), ("09:59", None), True),
        (("09:00", None), ("10:00", None), False),
        (("23:30", None), ("23:45", None), True),
        (("09:00", "12:00"), ("10:00", "10:15"), True),
    ],
)
def test_one_person_is_at_one_place_at_a_time(one, other, clash):
    def clock(text):
        return time.fromisoformat(text) if text else None

    assert at_once(*map(clock, one), *map(clock, other)) is clash
    assert at_once(*map(clock, other), *map(clock, one)) is clash
