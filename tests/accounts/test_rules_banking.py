"""Bank accounts: bank and number from one cell."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.banking import BankDetails, read_bank_account
from kam.core.exceptions import RuleError

numbers = st.from_regex(r"[0-9]{8,32}", fullmatch=True)
banks = st.sampled_from(["", "农业银行", "中国银行合肥分行", "徽商银行（高新支行）"])
set_apart = st.sampled_from(["招商银行3号支行 {}", "招商银行3号支行：{}", "招商银行3号支行（{}）"])
notations = st.sampled_from(
    ["{bank}{number}", "{bank} {number}", "{bank}：{number}", "{bank} 账号：{number}", "开户行：{bank}，{number}"]
)


@given(banks, numbers, notations, st.booleans())
def test_bank_and_number_are_told_apart(bank, number, notation, grouped):
    shown = " ".join(number[start : start + 4] for start in range(0, len(number), 4)) if grouped else number
    details = read_bank_account(notation.format(bank=bank, number=shown))
    assert details == BankDetails(bank.replace("（", "(").replace("）", ")"), number)


@given(numbers, set_apart)
def test_a_bank_with_digits_in_its_name_is_set_apart(number, notation):
    assert read_bank_account(notation.format(number)) == BankDetails("招商银行3号支行", number)


def test_a_short_number_cell_is_exact():
    assert read_bank_account(788423778260241) == read_bank_account(788423778260241.0) == ("", "788423778260241")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "农业银行",
        "不详",
        "农业银行123",
        "9" * 33,
        5750040793379156,
        5.75e15,
        date(2026, 11, 23),
        12345678.5,
        "农业银行5750040793379156转",
    ],
)
def test_what_is_no_account_or_not_exact_is_refused(wrong):
    with pytest.raises(RuleError) as caught:
        read_bank_account(wrong)
    assert str(caught.value.right)
