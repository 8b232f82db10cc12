"""Payment terms: written in any notation, read back the same; due dates as in the worked figures."""

from datetime import date, timedelta

import pytest
from cn2an import an2cn
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.terms import PaymentTerm, due_date, read_term, write_term
from kam.core.exceptions import RuleError


@pytest.fixture
def english():
    """Reasons in English, as this file quotes them."""
    with translation.override("en"):
        yield


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
counts = st.integers(0, 365)
terms = st.one_of(
    st.just(PaymentTerm("prepaid")),
    st.builds(PaymentTerm, st.just("days"), counts),
    st.builds(PaymentTerm, st.just("month_end"), counts),
)
days_notations = [
    "{}",
    "{}天",
    "{} 天",
    "{}日",
    "货到{}天",
    "到货后{}天",
    "收货后 {} 天",
    "账期{}天",
    "{}天内付款",
    "账期：{}天",
    "{}天账期",
]
month_end_notations = ["月结{}天", "月结 {} 天", "月结{}", "月结{}日", "{}天月结", "月结{}天付款"]


@given(terms, st.sampled_from(["zh-hans", "en"]))
def test_what_the_product_writes_is_read_back(term, language):
    assert read_term(write_term(term, language)) == term


@given(counts, st.sampled_from([str, an2cn, lambda n: str(n).translate(FULL_WIDTH)]), st.data())
def test_terms_are_read_in_any_notation(count, write, data):
    days = data.draw(st.sampled_from(days_notations))
    month_end = data.draw(st.sampled_from(month_end_notations))
    assert read_term(days.format(write(count))) == PaymentTerm("days", count)
    assert read_term(month_end.format(write(count))) == PaymentTerm("month_end", count)
    assert read_term(count) == read_term(float(count)) == PaymentTerm("days", count)


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("现结", PaymentTerm("days", 0)),
        ("货到付款", PaymentTerm("days", 0)),
        ("０", PaymentTerm("days", 0)),
        ("月结0天", PaymentTerm("month_end", 0)),
        ("三十天", PaymentTerm("days", 30)),
        ("签收后30天", PaymentTerm("days", 30)),
        ("验收合格后30天内付款", PaymentTerm("days", 30)),
        ("Net 30", PaymentTerm("days", 30)),
        ("月结（60天）", PaymentTerm("month_end", 60)),
        ("月末+60天", PaymentTerm("month_end", 60)),
        ("现款现货", PaymentTerm("days", 0)),
        ("预付", PaymentTerm("prepaid")),
        ("100%预付", PaymentTerm("prepaid")),
        ("款到发货", PaymentTerm("prepaid")),
    ],
)
def test_examples(written, term):
    assert read_term(written) == term


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("随时", "not a payment term"),
        ("月结", "not a payment term"),
        ("", "empty"),
        ("票到30天", "invoice"),
        ("预付30%", "not a payment term"),
        ("发货后30天", "not a payment term"),
        ("一个月", "Months"),
        ("半年", "Months"),
        (-30, "-30"),
        ("3000天", "3000"),
        (30.5, "whole days"),
        (True, "not a number"),
        ("9" * 32767, "not a payment term"),
        (date(2026, 11, 23), "not a number"),
    ],
)
def test_a_term_that_is_not_clear_is_refused_with_its_reason(wrong, reason, english):
    with pytest.raises(RuleError) as caught:
        read_term(wrong)
    assert reason in str(caught.value.reason)
    assert str(caught.value.right)


@pytest.mark.parametrize(
    ("received_on", "term", "due_on"),
    [
        (date(2026, 1, 31), PaymentTerm("days", 30), date(2026, 3, 2)),
        (date(2026, 1, 31), PaymentTerm("month_end", 30), date(2026, 3, 2)),
        (date(2026, 2, 10), PaymentTerm("days", 30), date(2026, 3, 12)),
        (date(2026, 2, 10), PaymentTerm("month_end", 30), date(2026, 3, 30)),
        (date(2026, 2, 10), PaymentTerm("month_end", 0), date(2026, 2, 28)),
        (date(2026, 2, 10), PaymentTerm("prepaid"), date(2026, 2, 10)),
    ],
)
def test_due_dates(received_on, term, due_on):
    assert due_date(term, received_on) == due_on


@given(counts, st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_goods_of_one_month_fall_due_together(count, received_on):
    due_on = due_date(PaymentTerm("month_end", count), received_on)
    assert due_on == due_date(PaymentTerm("month_end", count), received_on.replace(day=1))
    assert (due_on - timedelta(days=count) + timedelta(days=1)).day == 1
    assert due_on >= due_date(PaymentTerm("days", count), received_on)
