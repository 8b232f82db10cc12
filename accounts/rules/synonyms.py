"""Words of registers for the dossier's closed lists: 先生, A类, 连锁卖场 mean what the lists say in their own words."""

import re
from collections.abc import Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountKind, Gender, Grade
from kam.core.exceptions import RuleError
from kam.core.plain import squeezed
from kam.core.words import listed

KINDS: dict[str, AccountKind] = {
    **dict.fromkeys(("联盟商户", "联盟商家", "商户", "加盟商户", "加盟商"), AccountKind.ALLIANCE),
    **dict.fromkeys(("企业", "企业客户", "企业单位", "公司"), AccountKind.ENTERPRISE),
    **dict.fromkeys(
        ("职能部门", "政府", "政府机关", "政府部门", "机关", "机关单位", "事业单位"), AccountKind.PUBLIC_BODY
    ),
    **dict.fromkeys(("连锁卖场", "连锁", "连锁零售", "连锁零售商", "卖场"), AccountKind.CHAIN_RETAILER),
    **dict.fromkeys(("学校图书馆", "学校", "图书馆"), AccountKind.SCHOOL_LIBRARY),
}
GENDERS: dict[str, Gender] = {
    **dict.fromkeys(("男", "先生", "男士", "男性", "m", "male"), Gender.MALE),
    **dict.fromkeys(("女", "女士", "小姐", "女性", "f", "female"), Gender.FEMALE),
}
_JOINED = re.compile(r"[()、/,和与及]|客户$")
"""What stands between the two words of one kind, 学校、图书馆, or behind the word."""
_GRADE = re.compile("(?P<grade>[A-D])[级类等]?(?:客户)?")


def read_account_kind(text: str) -> AccountKind:
    """The kind of client that a register's word means."""
    kind = KINDS.get(_JOINED.sub("", squeezed(text)))
    if kind is None:
        raise _not_in_the_list(text, ("联盟商户", "企业", "职能部门", "连锁卖场", "学校图书馆"))
    return kind


def read_gender(text: str) -> Gender:
    """The gender that a register's word means."""
    gender = GENDERS.get(squeezed(text).lower())
    if gender is None:
        raise _not_in_the_list(text, ("男", "女"))
    return gender


def read_grade(text: str) -> Grade:
    """The grade of a client: A, A级, A类."""
    match = _GRADE.fullmatch(squeezed(text).upper())
    if not match:
        raise _not_in_the_list(text, Grade.values)
    return Grade(match["grade"])


def _not_in_the_list(text: str, options: Iterable[str]) -> RuleError:
    """The refusal of a word that means nothing in its list."""
    return RuleError(
        format_lazy(_("“{text}” is not in the list."), text=text.strip()),
        format_lazy(_("Write one of these: {options}."), options=listed(options)),
    )
