"""How names are typed in Latin letters (pinyin and initials), and the terms under which a search finds them."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pypinyin import lazy_pinyin
from pypinyin.seg.mmseg import seg

from kam.core.plain import plain

LONGEST_TERM = 40
SHORTEST_CODE_PART = 3
LONGEST_PERSONAL_NAME = 4

_CHINESE = re.compile("[㐀-鿿]")
_RUNS = re.compile("[㐀-鿿]+|[^㐀-鿿]+")
_WITHOUT_AREA_CODE = re.compile("1[3-9]|[48]00")
_PHONE = re.compile(r"\+?[\d\s()-]+")
_CHINA = "+86"

_POLYPHONES: dict[str, tuple[str, ...]] = {
    char: tuple(readings.split())
    for char, readings in {
        "阿": "a e", "柏": "bai bo", "泊": "bo po", "薄": "bo bao", "堡": "bao bu pu", "埔": "pu bu", "参": "can shen",
        "藏": "cang zang", "曾": "zeng ceng", "查": "cha zha", "长": "chang zhang", "朝": "chao zhao", "车": "che ju",
        "晟": "sheng cheng", "盛": "sheng cheng", "重": "zhong chong", "仇": "qiu chou", "传": "chuan zhuan",
        "单": "dan shan", "弹": "dan tan", "调": "tiao diao", "都": "du dou", "盖": "gai ge", "给": "ji gei",
        "行": "xing hang", "会": "hui kuai", "角": "jiao jue", "解": "jie xie", "浚": "jun xun", "卡": "ka qia",
        "隗": "kui wei", "乐": "le yue", "率": "lv shuai", "秘": "mi bi", "缪": "miao mou", "朴": "pu piao",
        "茜": "qian xi", "区": "qu ou", "折": "she zhe", "什": "shi shen", "莘": "shen xin", "宿": "su xiu",
        "覃": "qin tan", "尉": "wei yu", "蔚": "wei yu", "厦": "xia sha", "郇": "xun huan", "员": "yuan yun",
        "翟": "zhai di", "召": "zhao shao", "种": "zhong chong",
    }.items()
}  # fmt: skip
"""Characters of names that are read in more than one way; the first reading counts where no known word decides."""

_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "区": "ou", "盖": "ge",
    "缪": "miao", "覃": "qin", "翟": "zhai", "员": "yun", "种": "chong", "召": "shao", "秘": "bi", "折": "she",
}  # fmt: skip


class Syllable(NamedTuple):
    """How one character is spelt: in full, and by its initial."""

    full: str
    initial: str


def pinyin_forms(name: str) -> tuple[str, str]:
    """Full pinyin and initials in lower case, Latin letters and digits kept: 苏宁易购 → suningyigou, snyg."""
    syllables = [choices[0] for choices in _readings(_compact(name))]
    return "".join(full for full, _ in syllables), "".join(initial for _, initial in syllables)


def search_terms(name: str, short_name: str = "", codes: Iterable[str] = (), phones: Iterable[str] = ()) -> set[str]:
    """Every term of which a search key may be the beginning: parts of names, of their pinyin, of codes and phones."""
    terms: set[str] = set()
    for each in (name, short_name):
        terms |= _name_terms(_compact(each))
    for code in codes:
        terms |= _suffixes(_compact(code), SHORTEST_CODE_PART)
    for phone in phones:
        terms |= _suffixes(_dialled(phone), SHORTEST_CODE_PART)
    return {term[:LONGEST_TERM] for term in terms}


def search_key(typed: str) -> str:
    """What a person typed, in the form in which search terms are kept; empty if it holds no letter or digit."""
    text = plain(typed)
    if _PHONE.fullmatch(text):
        text = text.removeprefix(_CHINA)
    return _compact(text)[:LONGEST_TERM]


def _compact(text: str) -> str:
    """Letters and digits only, half-width and lower case; ü as it is typed."""
    return "".join(char for char in plain(text).lower().replace("ü", "v") if char.isalnum())


def _dialled(phone: str) -> str:
    """The digits of a number in E.164 as dialled within China, without extension."""
    number = phone.partition(";")[0]
    digits = _compact(number.removeprefix(_CHINA))
    needs_zero = number.startswith(_CHINA) and not _WITHOUT_AREA_CODE.match(digits)
    return f"0{digits}" if needs_zero else digits


def _suffixes(text: str, shortest: int = 1) -> set[str]:
    """Every end of a text that is long enough."""
    return {text[start:] for start in range(len(text) - shortest + 1)}


def _name_terms(name: str) -> set[str]:
    """Ends of a name by character, and of its pinyin and initials by syllable, in every likely reading."""
    terms = _suffixes(name)
    for spelling in _spellings(_readings(name)):
        for start in range(len(spelling)):
            terms |= {
                "".join(full for full, _ in spelling[start:]),
                "".join(initial for _, initial in spelling[start:]),
            }
    return terms


def _spellings(readings: list[list[Syllable]]) -> Iterator[list[Syllable]]:
    """The likeliest spelling of a name, then one for each other reading of one of its characters."""
    likeliest = [choices[0] for choices in readings]
    yield likeliest
    for place, choices in enumerate(readings):
        for other in choices[1:]:
            yield [*likeliest[:place], other, *likeliest[place + 1 :]]


def _readings(name: str) -> list[list[Syllable]]:
    """For each character how it may be spelt, the likeliest first; a run of Latin letters and digits stays whole."""
    readings: list[list[Syllable]] = []
    for run in _RUNS.findall(name):
        if not _CHINESE.match(run):
            readings.append([Syllable(run, run)])
            continue
        for word in seg.cut(run):
            is_surname = not readings and len(word) == 1 and len(name) <= LONGEST_PERSONAL_NAME
            likeliest = [_SURNAMES[word]] if is_surname and word in _SURNAMES else _likeliest(word)
            readings += [_choices(char, spelt) for char, spelt in zip(word, likeliest, strict=True)]
    return readings


def _likeliest(word: str) -> list[str]:
    """The pinyin of a word: as the dictionary has it, or for a single character as names use it."""
    if len(word) == 1 and word in _POLYPHONES:
        return [_POLYPHONES[word][0]]
    return lazy_pinyin(word)


def _choices(char: str, likeliest: str) -> list[Syllable]:
    """The readings of one character, the likeliest first."""
    spelt = dict.fromkeys([likeliest, *_POLYPHONES.get(char, ())])
    return [Syllable(full, full[0]) for full in spelt]
