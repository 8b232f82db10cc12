"""Phone numbers: written in any notation, read back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.phones import format_phone, read_mobile, read_phone
from kam.core.exceptions import RuleError

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
landlines = st.from_regex(r"0(10|2[0-9])[0-9]{8}|0(?!400|800)[3-9][0-9]{2}[0-9]{7,8}", fullmatch=True)
extensions = st.from_regex(r"[0-9]{1,5}", fullmatch=True)
mobile_notations = st.sampled_from(
    [
        lambda n: n,
        lambda n: f"{n[:3]} {n[3:7]} {n[7:]}",
        lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}",
        lambda n: f"+86{n}",
        lambda n: f"+86 {n[:3]} {n[3:7]} {n[7:]}",
        lambda n: f"+86-{n}",
        lambda n: f"（+86）{n}",
        lambda n: f"0086{n}",
        lambda n: f"86{n}",
        lambda n: n.translate(FULL_WIDTH),
        lambda n: f"\u202d{n}\u202c ",
        lambda n: f"{n}.0",
        int,
        float,
    ]
)
landline_notations = st.sampled_from(
    ["{area}-{number}", "{area}{number}", "({area}){number}", "（{area}） {number}", "{area} {number}"]
)
extension_notations = st.sampled_from(["转{}", " 转 {}", "-{}", "分机{}", " ext. {}", "x{}", "#{}"])


@given(mobiles, mobile_notations)
def test_mobiles_are_read_in_any_notation(number, write):
    assert read_mobile(write(number)) == read_phone(write(number)) == f"+86{number}"


@given(mobiles)
def test_mobiles_are_written_as_people_read_them_out(number):
    written = format_phone(f"+86{number}")
    assert written == f"{number[:3]} {number[3:7]} {number[7:]}"
    assert read_mobile(written) == f"+86{number}"


@given(landlines, landline_notations, extensions, extension_notations)
def test_landlines_are_read_in_any_notation_and_written_back(number, notation, extension, behind):
    cut = 3 if number.startswith(("010", "02")) else 4
    written = notation.format(area=number[:cut], number=number[cut:])
    kept = f"+86{number[1:]}"
    assert read_phone(written) == kept
    assert format_phone(kept) == f"{number[:cut]}-{number[cut:]}"
    assert read_phone(written + behind.format(extension)) == f"{kept};ext={extension}"
    assert read_phone(format_phone(f"{kept};ext={extension}")) == f"{kept};ext={extension}"
    with pytest.raises(RuleError):
        read_mobile(written)


@pytest.mark.parametrize(
    ("written", "kept", "shown"),
    [
        ("139 0555 2741", "+8613905552741", "139 0555 2741"),
        ("0555-1234567 转 801", "+865551234567;ext=801", "0555-1234567 转 801"),
        ("+86 555 1234567", "+865551234567", "0555-1234567"),
        ("010-12345678-8001", "+861012345678;ext=8001", "010-12345678 转 8001"),
        ("400 820 8820", "+864008208820", "400-820-8820"),
        ("+852 2123 4567", "+85221234567", "+852 2123 4567"),
    ],
)
def test_examples(written, kept, shown):
    assert read_phone(written) == kept
    assert format_phone(kept) == shown


def test_an_extension_is_written_in_the_reader_s_language():
    assert format_phone("+865551234567;ext=801", "en") == "0555-1234567 ext. 801"


@pytest.mark.parametrize(
    "wrong",
    [
        "1860037726",
        "159-0147-320",
        "１５９３７５９１３８",
        "139055527411",
        "12905552741",
        "0555-1234567",
        1860037726,
        "4008208820",
        "+85221234567",
        "95588",
        "无",
        "",
        "1.39E+10",
        13905552741.5,
    ],
)
def test_anything_but_a_mobile_is_refused_in_a_column_for_mobiles(wrong):
    with pytest.raises(RuleError) as caught:
        read_mobile(wrong)
    assert str(caught.value.right)


@pytest.mark.parametrize(
    "wrong",
    [
        "1234567",
        5551234567,
        "95588",
        "13905552741/13805552741",
        "9" * 32767,
        "٠٥٥٥",
        "0555-123456",
        "+999 123",
        "没有",
        "",
        "1.39E+10",
    ],
)
def test_what_is_no_phone_number_is_refused(wrong):
    with pytest.raises(RuleError):
        read_phone(wrong)


def test_only_a_country_code_in_front_is_taken_off():
    assert read_mobile("15900869612") == "+8615900869612"


def test_digits_of_any_script_become_ascii():
    assert read_mobile("١٣٩٠٥٥٥٢٧٤١") == "+8613905552741"
