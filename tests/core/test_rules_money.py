"""Amounts: rounded half up, written in figures, in 万 and in capitals, and read back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.core.money import capital_amount, format_money, in_wan, round_money
from kam.core.readers import read_money

cents = st.integers(0, 10**14 - 1)
grouped = st.builds(
    lambda head, zeros, tail: head * 10**zeros + tail, st.integers(0, 10**5), st.integers(0, 8), st.integers(0, 9999)
)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("1.005", "1.01"), ("1.004", "1.00"), ("-1.005", "-1.01"), ("-0.001", "0.00"), ("2", "2.00")],
)
def test_half_a_cent_is_rounded_away_from_zero(amount, rounded):
    assert str(round_money(Decimal(amount))) == rounded


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("12000", "壹万贰仟元整"),
        ("20005.08", "贰万零伍元零捌分"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("0", "零元整"),
        ("100.10", "壹佰元壹角"),
        ("305000000", "叁亿零伍佰万元整"),
        ("283000001789", "贰仟捌佰叁拾亿零壹仟柒佰捌拾玖元整"),
        ("-20", "负贰拾元整"),
    ],
)
def test_capital_amounts(amount, words):
    assert capital_amount(Decimal(amount)) == words


@given(st.one_of(cents, grouped))
def test_capital_amounts_are_read_back(total):
    amount = Decimal(total) / 100
    assert read_money(capital_amount(amount)) == amount


@given(st.integers(1 - 10**14, 10**14 - 1))
def test_figures_are_read_back(total):
    amount = Decimal(total) / 100
    assert read_money(format_money(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "shown"), [("1234567.891", "1,234,567.89"), ("0", "0.00"), ("-1234.5", "-1,234.50")]
)
def test_figures_are_grouped(amount, shown):
    assert format_money(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"), [("280000", "28"), ("186000", "18.6"), ("12345678", "1,234.6"), ("0", "0"), ("-5000", "-0.5")]
)
def test_units_of_ten_thousand(amount, shown):
    assert in_wan(Decimal(amount)) == shown
