"""Same client or not, by name alone."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.names import LONGEST_KEY, company_name_key, names_differ_only_by_place

FULL_WIDTH = str.maketrans("()ABCabc0123456789 ", "（）ＡＢＣａｂｃ０１２３４５６７８９　")
stems = st.text(alphabet="苏宁易购泰远文化润百图书馆ABC合肥青岛市", min_size=2, max_size=20)
forms = st.sampled_from(["", "有限公司", "有限责任公司", "股份有限公司", "集团", "集团有限公司", "集团股份有限公司"])


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("苏宁易购集团股份有限公司", "苏宁易购"),
        ("海尔（青岛）有限公司", "海尔(青岛)有限责任公司"),
        ("广州润紫文化传媒有限公司 ", "广州润紫文化传媒有限公司"),
        ("上海 泰远 文化传媒有限公司", "上海泰远文化传媒有限责任公司"),
        ("ＴＣＬ集团", "tcl集团股份有限公司"),
        ("【苏宁】易购", "苏宁易购"),
    ],
)
def test_spellings_of_one_client(name, other):
    assert company_name_key(name) == company_name_key(other)
    assert not names_differ_only_by_place(name, other)


def test_six_city_libraries_are_six_clients_that_are_worth_a_look():
    names = [f"{city}市图书馆" for city in ("青岛", "上海", "成都", "武汉", "淮安", "苏州")]
    assert len({company_name_key(name) for name in names}) == 6
    assert all(names_differ_only_by_place(name, other) for name, other in itertools.combinations(names, 2))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("苏宁易购有限公司", "南京苏宁易购有限公司"),
        ("江苏省苏州市供热公司", "供热公司"),
        ("苏宁（合肥）", "苏宁（内蒙古鄂尔多斯）"),
    ],
)
def test_a_place_more_or_less(name, other):
    assert names_differ_only_by_place(name, other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("上海市图书馆", "上海金雅嘉市图书馆"),
        ("苏宁易购南京分公司", "苏宁易购南京"),
        ("南京", "合肥"),
        ("苏宁易购", "国美电器"),
    ],
)
def test_different_clients(name, other):
    assert company_name_key(name) != company_name_key(other)
    assert not names_differ_only_by_place(name, other)


@pytest.mark.parametrize("name", ["集团", "有限公司", "集团有限公司", "", "公司"])
def test_a_name_of_legal_forms_alone_keeps_something(name):
    assert bool(company_name_key(name)) == bool(name)


@given(stems, forms, forms)
def test_legal_form_width_case_and_blanks_do_not_count(stem, form, other_form):
    key = company_name_key(stem + form)
    assert company_name_key(f" {stem.lower()} （{other_form}）".translate(FULL_WIDTH)) == key
    assert company_name_key(key) == key


@given(st.text(max_size=300))
def test_any_text_has_a_key_that_fits_its_column(text):
    assert len(company_name_key(text)) <= LONGEST_KEY
