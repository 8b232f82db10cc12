"""Value-added tax: the worked figures, and what holds for every line and document."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.core.vat import VatAmounts, VatRate

quantities = st.decimals(0, 10**5, places=3)
prices = st.decimals(-(10**6), 10**6, places=6)
rates = st.sampled_from(VatRate)
lines = st.builds(VatAmounts.of_line, quantities, prices, rates)


@pytest.mark.parametrize(
    ("quantity", "price", "rate", "amounts"),
    [
        ("7", "2999.99", "13", "20999.93 18584.01 2415.92"),
        ("3", "0.335", "13", "1.01 0.89 0.12"),
        ("120", "1888.00", "13", "226560.00 200495.58 26064.42"),
        ("33", "15.75", "9", "519.75 476.83 42.92"),
        ("1", "-113", "13", "-113.00 -100.00 -13.00"),
        ("2", "50", "0", "100.00 100.00 0.00"),
        ("2", "50", "exempt", "100.00 100.00 0.00"),
    ],
)
def test_worked_figures(quantity, price, rate, amounts):
    line = VatAmounts.of_line(Decimal(quantity), Decimal(price), VatRate(rate))
    assert [str(part) for part in line] == amounts.split()


def test_exempt_is_not_zero_per_cent():
    assert VatRate.EXEMPT != VatRate.RATE_0
    assert VatRate.EXEMPT.fraction == VatRate.RATE_0.fraction == 0


@given(quantities, prices, rates)
def test_tax_is_within_half_a_cent_of_the_exact_one(quantity, price, rate):
    line = VatAmounts.of_line(quantity, price, rate)
    assert line.gross == line.net + line.tax
    assert abs(line.net * (1 + rate.fraction) - line.gross) <= Decimal("0.005") * (1 + rate.fraction)
    assert all(part.as_tuple().exponent == -2 for part in line)


@given(st.lists(lines, max_size=8))
def test_a_document_is_the_sum_of_its_lines(rows):
    total = VatAmounts.of_document(rows)
    assert total.gross == sum(row.gross for row in rows)
    assert total.tax == sum(row.tax for row in rows)
    assert total.gross == total.net + total.tax


@given(quantities, prices, rates)
def test_a_discount_of_everything_leaves_nothing(quantity, price, rate):
    rows = [VatAmounts.of_line(quantity, price, rate), VatAmounts.of_line(quantity, -price, rate)]
    assert VatAmounts.of_document(rows) == (0, 0, 0)
