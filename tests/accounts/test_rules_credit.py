from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.credit import Credit, credit_faults

TODAY = date(2026, 11, 23)
OPEN = Credit(Decimal(200_000), "days", 45, "AA", Decimal(100_000), date(2027, 3, 31))
NONE = Credit(Decimal(0), "prepaid", 0, "", None, None)


def faults(present=OPEN, **asked):
    return credit_faults(replace(OPEN, **asked), present, TODAY)


def test_a_change_and_an_opening_are_fine():
    assert faults(limit=Decimal(280_000)) == {}
    assert credit_faults(OPEN, NONE, TODAY) == {}
    assert credit_faults(NONE, OPEN, TODAY) == {}


@pytest.mark.parametrize(
    ("asked", "field", "fault"),
    [
        ({"limit": Decimal(-1)}, "limit", "out_of_bounds"),
        ({"limit": Decimal(10) ** 12}, "limit", "out_of_bounds"),
        ({"monthly": Decimal(-1)}, "monthly", "out_of_bounds"),
        ({"term_kind": "prepaid", "term_days": 0}, "term_kind", "limit_without_term"),
        ({"term_kind": "prepaid", "limit": Decimal(0)}, "term_days", "days_without_term"),
        ({"term_days": 0}, "term_days", "days_out_of_bounds"),
        ({"term_days": 366}, "term_days", "days_out_of_bounds"),
        ({"ends_on": None}, "ends_on", "end_missing"),
        ({"ends_on": TODAY}, "ends_on", "end_in_past"),
        ({"ends_on": TODAY + timedelta(days=1200)}, "ends_on", "end_too_far"),
        ({}, "limit", "unchanged"),
    ],
)
def test_each_fault_is_named_at_its_field(asked, field, fault):
    assert faults(**asked)[field] == fault


@given(
    st.decimals(0, 10**9, places=2),
    st.sampled_from(["days", "month_end"]),
    st.integers(1, 365),
    st.dates(TODAY + timedelta(days=1), TODAY + timedelta(days=1000)),
)
def test_what_lies_within_the_bounds_may_always_be_asked(limit, kind, days, ends_on):
    asked = Credit(limit, kind, days, "", None, ends_on)
    assert credit_faults(asked, NONE, TODAY) == {}
