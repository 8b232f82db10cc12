"""The invented members of the demo department."""

from typing import NamedTuple

from kam.people.choices import Role

PASSWORD = "Kam-demo-2026"  # noqa: S105 (printed on the screen of every demo)


class Person(NamedTuple):
    """One demo member; `superior` is a username."""

    username: str
    full_name: str
    role: str
    unit: str
    post: str
    superior: str = ""
    territory: str = ""


UNITS = [
    ("江州分公司", "company", ""),
    ("大客户部", "department", "江州分公司"),
    ("财务部", "partner", "江州分公司"),
    ("审计法务部", "partner", "江州分公司"),
    ("运维部", "partner", "江州分公司"),
    ("城区分部", "branch", "大客户部"),
    ("东郊分部", "branch", "大客户部"),
]

PEOPLE = [
    Person("guchengyuan", "顾承远", Role.EXECUTIVE, "江州分公司", "副总经理"),
    Person("shenyanqing", "沈砚清", Role.DIRECTOR, "大客户部", "部长", "guchengyuan", "江南省"),
    Person("heyun", "何韵", Role.CLERK, "大客户部", "内勤", "shenyanqing"),
    Person("luyining", "陆以宁", Role.MANAGER, "城区分部", "大客户经理", "shenyanqing", "江南省江州市"),
    Person("zhoumuye", "周牧野", Role.MANAGER, "东郊分部", "大客户经理", "shenyanqing", "江南省永嘉市"),
    Person("fangjincheng", "方锦程", Role.MANAGER, "城区分部", "大客户经理", "shenyanqing", "江南省江州市"),
    Person("xuzhixia", "许知夏", Role.MANAGER, "东郊分部", "大客户经理", "shenyanqing", "江南省北辰市"),
    Person("luojiahe", "罗嘉禾", Role.MANAGER, "城区分部", "大客户经理", "shenyanqing", "江南省云岭市"),
    Person("duanwenjing", "段文静", Role.FINANCE, "财务部", "应收会计"),
    Person("weiran", "魏然", Role.LEGAL, "审计法务部", "法务专员"),
    Person("linshu", "林舒", Role.PARTNER, "运维部", "协办专员"),
]

LEFT = Person("qiaobowen", "乔博文", Role.MANAGER, "东郊分部", "大客户经理", "shenyanqing")
"""A member who left last month: no access, name still readable in the history."""
NEWCOMER = Person("tangxinyi", "唐心怡", Role.MANAGER, "城区分部", "见习客户经理", "shenyanqing", "江南省江州市")
"""Has signed in never: must set an own password first."""
