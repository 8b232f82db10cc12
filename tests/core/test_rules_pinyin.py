"""Pinyin of names, and search: what people type is the beginning of a term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.core.pinyin import LONGEST_TERM, pinyin_forms, search_key, search_terms

names = st.text(alphabet="苏宁易购长行重庆单曾乐图书馆绿ABCabc019（） -", min_size=1, max_size=30)


def found(typed, terms):
    key = search_key(typed)
    return bool(key) and any(term.startswith(key) for term in terms)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("苏宁易购", "suningyigou", "snyg"),
        ("重庆长安", "chongqingchangan", "cqca"),
        ("长沙银行", "changshayinhang", "csyh"),
        ("长宏商贸", "changhongshangmao", "chsm"),
        ("六安市图书馆", "luanshitushuguan", "lastsg"),
        ("TCL集团3号店", "tcljituan3haodian", "tcljt3hd"),
        ("海尔（青岛）", "haierqingdao", "heqd"),
        ("单晓东", "shanxiaodong", "sxd"),
        ("曾静", "zengjing", "zj"),
        ("解放", "jiefang", "jf"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("绿城", "lvcheng", "lc"),
        ("", "", ""),
    ],
)
def test_pinyin(name, full, initials):
    assert pinyin_forms(name) == (full, initials)


CLIENT = search_terms(
    "苏宁易购集团股份有限公司",
    "苏宁",
    codes=["KH0005", "91110000802100433B"],
    phones=["+8613905552741", "+865551234567;ext=801", "+861012345678"],
)


@pytest.mark.parametrize(
    "typed",
    [
        "苏宁", "易购", "易购集团", "苏 宁", "suning", "SuNing", "yigou", "sn", "SN", "snyg", "yg", "ＳＮ", "s",
        "kh0005", "KH00", "0005", "911100", "00433b", "802100433B", "139 0555", "13905552741", "+86 139-0555-2741",
        "2741", "0555-1234567", "+86 555 123", "1234567", "010-1234", "(010) 12345678",
    ],
)  # fmt: skip
def test_a_client_is_found_by_any_part(typed):
    assert found(typed, CLIENT)


@pytest.mark.parametrize("typed", ["国美", "guomei", "gm", "uning", "138", "KH0006", "41", "", "  ", "%", "_", "（）"])
def test_other_words_do_not_find_it(typed):
    assert not found(typed, CLIENT)


@pytest.mark.parametrize("typed", ["chang", "zhang", "changhang", "changxing", "ch", "zh"])
def test_every_likely_reading_finds(typed):
    assert found(typed, search_terms("长行科技"))


@given(names, st.data())
def test_any_part_of_a_name_finds_it(name, data):
    terms = search_terms(name)
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))]
    assert found(part, terms) or not search_key(part)
    for form in pinyin_forms(name):
        assert found(form, terms) or not form


@given(st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=20))
def test_rare_characters_are_kept_where_they_have_no_pinyin(name):
    full, initials = pinyin_forms(name)
    assert bool(full) == bool(initials) == bool(search_key(name))


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_has_terms_that_fit_their_column(name, code):
    for term in search_terms(name, codes=[code], phones=[code]):
        assert 0 < len(term) <= LONGEST_TERM
        assert search_key(term) == term
