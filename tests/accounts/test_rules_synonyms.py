"""Registers' words for kind, gender and grade."""

import pytest

from accounts.choices import AccountKind, Gender, Grade
from accounts.rules.synonyms import read_account_kind, read_gender, read_grade
from kam.core.exceptions import RuleError


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("联盟商户", AccountKind.ALLIANCE),
        (" 企业 ", AccountKind.ENTERPRISE),
        ("职能部门", AccountKind.PUBLIC_BODY),
        ("连锁卖场", AccountKind.CHAIN_RETAILER),
        ("学校图书馆", AccountKind.SCHOOL_LIBRARY),
        ("学校／图书馆", AccountKind.SCHOOL_LIBRARY),
        ("学校（图书馆）", AccountKind.SCHOOL_LIBRARY),
        ("学校及图书馆客户", AccountKind.SCHOOL_LIBRARY),
        ("政府部门", AccountKind.PUBLIC_BODY),
    ],
)
def test_kinds(word, kind):
    assert read_account_kind(word) is kind


@pytest.mark.parametrize(
    ("word", "gender"),
    [("男", Gender.MALE), ("先生", Gender.MALE), ("女士", Gender.FEMALE), ("女 ", Gender.FEMALE), ("F", Gender.FEMALE)],
)
def test_genders(word, gender):
    assert read_gender(word) is gender


@pytest.mark.parametrize(
    ("word", "grade"), [("A", Grade.A), ("B级", Grade.B), ("c类", Grade.C), ("Ｄ 级", Grade.D), ("A等", Grade.A)]
)
def test_grades(word, grade):
    assert read_grade(word) is grade


@pytest.mark.parametrize(
    ("read", "wrong", "right"),
    [
        (read_account_kind, "个体", "联盟商户"),
        (read_gender, "不详", "男、女"),
        (read_grade, "E", "A、B、C、D"),
        (read_grade, "", "A、B、C、D"),
        (read_grade, "AA", "A、B、C、D"),
    ],
)
def test_a_word_outside_the_list_is_refused_with_the_list(read, wrong, right):
    with pytest.raises(RuleError) as caught:
        read(wrong)
    assert right in str(caught.value.right)
    assert wrong in str(caught.value.reason)
