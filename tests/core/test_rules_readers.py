"""Readers of amounts and dates: written in any notation, read back the same; what is not clear is refused."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kam.core.exceptions import RuleError
from kam.core.readers import read_date, read_email, read_money


@pytest.fixture
def english():
    """Reasons in English, as this file quotes them."""
    with translation.override("en"):
        yield


FULL_WIDTH = str.maketrans("0123456789.,¥()-", "０１２３４５６７８９．，￥（）－")

amounts = st.decimals(0, 10**11, places=2)
amount_notations = st.sampled_from(
    [
        str,
        float,
        lambda a: f"{a:,}",
        lambda a: f"¥{a:,}",
        lambda a: f"￥ {a}",
        lambda a: f"{a}元",
        lambda a: f"人民币{a:,}元",
        lambda a: f"RMB {a}",
        lambda a: f"{a}CNY",
        lambda a: f"{a / 10000:f}万",
        lambda a: f"{a / 10000:f} 万元",
        lambda a: f"{a / 10**8:f}亿",
        lambda a: f"{a:,}".translate(FULL_WIDTH),
    ]
)
days = st.dates(date(1930, 1, 1), date(2099, 12, 31))
date_notations = st.sampled_from(
    [
        lambda d: d,
        lambda d: datetime.combine(d, time(17, 30)),
        lambda d: d.isoformat(),
        lambda d: f"{d:%Y/%m/%d}",
        lambda d: f"{d:%Y.%m.%d}",
        lambda d: f"{d.year}.{d.month}.{d.day}",
        lambda d: f"{d.year}/{d.month}/{d.day}",
        lambda d: f"{d:%Y%m%d}",
        lambda d: int(f"{d:%Y%m%d}"),
        lambda d: f"{d.year}年{d.month}月{d.day}日",
        lambda d: f"{d.year} 年 {d.month} 月 {d.day} 号",
        lambda d: f"{d.year}年{d.month:02}月{d.day:02}日",
        lambda d: d.isoformat().translate(FULL_WIDTH),
        lambda d: f"{d.year}。{d.month}。{d.day}",
        lambda d: f"{d.year}—{d.month}—{d.day}",
        lambda d: f" {d.isoformat()} 00:00:00 ",
        lambda d: f"{d.isoformat()}T08:30:00",
        lambda d: (d - date(1899, 12, 30)).days,
        lambda d: float((d - date(1899, 12, 30)).days) + 0.5,
    ]
)


@given(amounts, amount_notations)
def test_amounts_are_read_in_any_notation(amount, write):
    assert read_money(write(amount)) == amount


@given(amounts)
def test_negative_amounts(amount):
    for written in (
        f"-{amount}",
        f"-¥{amount:,}",
        f"¥-{amount}",
        f"({amount:,})",
        f"（{amount}）",
        f"负{amount}元",
        -amount,
    ):
        assert read_money(written) == -amount


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("50万", "500000.00"),
        ("¥300,000", "300000.00"),
        ("１０００００", "100000.00"),
        ("143.5万", "1435000.00"),
        ("0万元", "0.00"),
        ("五十万", "500000.00"),
        ("伍拾万元整", "500000.00"),
        ("两千五百元", "2500.00"),
        ("5百万", "5000000.00"),
        ("50w", "500000.00"),
        ("50K", "50000.00"),
        ("50萬元整", "500000.00"),
        ("50万正", "500000.00"),
        ("30万5千", "305000.00"),
        ("1亿2千万元", "120000000.00"),
        (177432.77000000002, "177432.77"),
        (0, "0.00"),
    ],
)
def test_amounts_as_registers_hold_them(written, amount):
    assert str(read_money(written)) == amount


def test_prices_may_have_more_decimals():
    assert read_money("0.335", places=6) == Decimal("0.335")
    assert read_money(808.666667, places=6) == Decimal("808.666667")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "  ",
        "不详",
        "约50万",
        "50-80万",
        "1,5",
        "1,0000",
        "1.234,56",
        "12 34",
        "$500",
        "500美元",
        "5e3",
        "三万五",
        "3万5",
        "5千3万",
        "30万50千",
        "1.005",
        1.005,
        True,
        float("nan"),
        float("inf"),
        "#N/A",
        "1000000000000",
        1e300,
        "9" * 32767,
        "十" * 32767,
        time(8, 30),
        date(2026, 11, 23),
        "-",
        "50万元/年",
        "(500",
        "--5",
        "元",
    ],
)
def test_an_amount_that_is_not_clear_is_refused(wrong):
    with pytest.raises(RuleError) as caught:
        read_money(wrong)
    assert str(caught.value.right)


@given(days, date_notations)
def test_dates_are_read_in_any_notation(day, write):
    assert read_date(write(day)) == day


@given(days)
def test_day_numbers_of_the_1904_system(day):
    assert read_date((day - date(1904, 1, 1)).days, date_1904=True) == day


def test_dates_in_chinese_numerals():
    assert read_date("二〇二六年十一月二十三日") == read_date("二○二六年十一月二十三") == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("11月23日", "year is missing"),
        ("11-23", "year is missing"),
        ("26-11-23", "two digits"),
        ("26年11月23日", "two digits"),
        ("261123", "two digits"),
        ("23/11/2026", "stands last"),
        ("2026年11月", "incomplete"),
        ("2026-11", "incomplete"),
        ("2026", "incomplete"),
        ("46349", "bare number"),
        ("2026-02-30", "no 2-30 in 2026"),
        ("2026-13-01", "no 13-1 in 2026"),
        ("2026-11.23", "not a date"),
        ("今天", "not a date"),
        ("", "empty"),
        (5, "not a date"),
        (2026, "incomplete"),
        (True, "not a number"),
        (time(8, 30), "not a number"),
        ("9" * 32767, "not a date"),
        (20261399, "no 13-99"),
        ("0206-11-23", "cannot be right"),
        (date(2206, 11, 23), "cannot be right"),
    ],
)
def test_a_date_that_is_not_clear_is_refused_with_its_reason(wrong, reason, english):
    with pytest.raises(RuleError) as caught:
        read_date(wrong)
    assert reason in str(caught.value.reason)
    assert str(caught.value.right)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("user1@example.com", "user1@example.com"),
        (" USER0@Example.COM ", "user0@example.com"),
        ("ｕｓｅｒ＠ｅｘａｍｐｌｅ．ｃｏｍ", "user@example.com"),
    ],
)
def test_addresses_are_lower_case(written, address):
    assert read_email(written) == address


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("user6@example", "no dot"),
        ("user6", "not an e-mail"),
        ("a@b@example.com", "not an e-mail"),
        ("a b@example.com", "not an e-mail"),
        ("a@example.com;b@example.com", "not an e-mail"),
        ("x" * 400 + "@example.com", "not an e-mail"),
        ("", "empty"),
    ],
)
def test_a_wrong_address_is_refused_with_its_reason(wrong, reason, english):
    with pytest.raises(RuleError) as caught:
        read_email(wrong)
    assert reason in str(caught.value.reason)
    assert str(caught.value.right)
