"""When two company names mean the same client (domain rules §2)."""

import re

from accounts.rules.places import CITIES
from kam.core.plain import squeezed

LONGEST_KEY = 120
SHORTEST_STEM = 2

_BRACKETS = re.compile(r"[()\[\]{}<>【】〔〕〖〗《》〈〉「」『』]")
_LEGAL_FORM = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|股份公司|集团|(?<![总分子])公司|co\.?,?ltd\.?)$")
_IN_BRACKETS = re.compile(r"\((?!集团|控股|股份|有限)[\u4e00-\u9fff]{2,4}\)")
_PLACES = sorted({*CITIES, *(city for cities in CITIES.values() for city in cities)}, key=len, reverse=True)
_PLACE = re.compile(f"(?:{'|'.join(_PLACES)})(?:省|市|自治区|特别行政区|地区|自治州|州|盟)?")


def company_name_key(name: str) -> str:
    """What two spellings of one client's name share: no blanks, brackets, widths and legal forms; places stay."""
    key = _BRACKETS.sub("", squeezed(name)).lower()
    while (stem := _LEGAL_FORM.sub("", key)) != key and len(stem) >= SHORTEST_STEM:
        key = stem
    return key[:LONGEST_KEY]


def name_without_places(name: str) -> str:
    """What is left of a name's key without its places; empty where too little is left to tell anything.

    Two to four characters in brackets are a place too, as in 苏宁易购（江宁）, whatever the list of cities says.
    """
    stem = _PLACE.sub("", company_name_key(_IN_BRACKETS.sub("", squeezed(name))))
    return stem if len(stem) >= SHORTEST_STEM else ""


def names_differ_only_by_place(name: str, other: str) -> bool:
    """Whether two different clients by name would be one if places did not count: 合肥市图书馆, 青岛市图书馆."""
    stem = name_without_places(name)
    return company_name_key(name) != company_name_key(other) and stem == name_without_places(other) != ""
