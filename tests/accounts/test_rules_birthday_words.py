"""Birthdays in words: written in any notation, read back the same; contradictions and impossible days are refused."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.birthdays import Birthday, read_birthday, read_calendar, write_birthday
from accounts.rules.birthdays.lunar import month_length
from kam.core.exceptions import RuleError

LUNAR_WORDS = ["农历", "阴历", "旧历"]
SOLAR_WORDS = ["公历", "阳历", "新历"]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
MONTHS = ["正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月"]
OTHER_MONTHS = [*MONTHS[:10], "十一月", "十二月"]
DAYS = (
    [f"初{n}" for n in "一二三四五六七八九十"]
    + [f"十{n}" for n in "一二三四五六七八九"]
    + ["二十"]
    + [f"廿{n}" for n in "一二三四五六七八九"]
    + ["三十"]
)
OTHER_DAYS = [day.replace("廿", "二十") for day in DAYS]


@st.composite
def lunar_birthdays(draw):
    """Lunar birthdays with and without a year, leap months among them."""
    year = draw(st.one_of(st.none(), st.integers(1930, 2025)))
    month, leap = draw(st.integers(1, 12)), draw(st.booleans())
    last = 30
    if year is None:
        leap = leap and month not in (1, 12)
    else:
        leap = leap and month_length(year, month, leap=True) > 0
        last = month_length(year, month, leap)
    return Birthday("lunar", month, draw(st.integers(1, last)), leap, year)


@st.composite
def solar_birthdays(draw):
    """Solar birthdays with and without a year."""
    day = draw(st.dates(date(1930, 1, 1), date(2025, 12, 31)))
    return Birthday("solar", day.month, day.day, year=draw(st.sampled_from([None, day.year])))


@given(st.one_of(lunar_birthdays(), solar_birthdays()), st.sampled_from(["zh-hans", "en"]))
def test_what_the_product_writes_is_read_back(birthday, language):
    written = write_birthday(birthday, language)
    assert read_birthday(written) == birthday
    assert read_birthday(written, birthday.calendar) == birthday


@given(lunar_birthdays(), st.sampled_from([MONTHS, OTHER_MONTHS]), st.sampled_from([DAYS, OTHER_DAYS]), st.data())
def test_lunar_words(birthday, months, days, data):
    word = data.draw(st.sampled_from(["", *LUNAR_WORDS]))
    column = data.draw(st.sampled_from([None, "", *LUNAR_WORDS]))
    leap = "闰" if birthday.leap else ""
    day = f"{leap}{months[birthday.month - 1]}{days[birthday.day - 1]}"
    year = f"{birthday.year}年" if birthday.year else ""
    notations = [
        f"{word}{year}{day}",
        f"{year}{word}{day}",
        f" {word} {year}{day} ",
        f"{year}{day}（{word or '农历'}）",
    ]
    assert read_birthday(data.draw(st.sampled_from(notations)), column) == birthday


@given(lunar_birthdays(), st.data())
def test_lunar_days_in_figures(birthday, data):
    word = data.draw(st.sampled_from(LUNAR_WORDS))
    year = f"{birthday.year}年" if birthday.year else ""
    leap = "闰" if birthday.leap else ""
    written = f"{year}{leap}{birthday.month}月{birthday.day}日"
    assert read_birthday(f"{word}{written}") == birthday
    assert read_birthday(written.translate(FULL_WIDTH), word) == birthday
    if birthday.year and not birthday.leap:
        assert read_birthday(f"{birthday.year}-{birthday.month:02}-{birthday.day:02}", word) == birthday


@given(solar_birthdays(), st.data())
def test_solar_days(birthday, data):
    column = data.draw(st.sampled_from([None, "", *SOLAR_WORDS]))
    month, day = birthday.month, birthday.day
    if birthday.year is None:
        notations = [
            f"{month}月{day}日",
            f"{month:02}月{day:02}日",
            f"{month}-{day}",
            f"{month}.{day}",
            f"{month}月{day}号",
        ]
    else:
        born = date(birthday.year, month, day)
        notations = [
            born,
            datetime.combine(born, time()),
            born.isoformat(),
            f"{born:%Y/%m/%d}",
            f"{born:%Y%m%d}",
            int(f"{born:%Y%m%d}"),
            (born - date(1899, 12, 30)).days,
            f"{born.year}.{month}.{day}",
            f"{born.year}年{month}月{day}日",
            f"阳历{born.year}年{month}月{day}日",
            born.isoformat().translate(FULL_WIDTH),
        ]
    assert read_birthday(data.draw(st.sampled_from(notations)), column) == birthday


@pytest.mark.parametrize(
    ("written", "column", "birthday"),
    [
        ("九月初四", "阴历", Birthday("lunar", 9, 4)),
        ("三月十七", None, Birthday("lunar", 3, 17)),
        ("阴历1995年十月十四", "农历", Birthday("lunar", 10, 14, year=1995)),
        ("1993-12-01", "农历", Birthday("lunar", 12, 1, year=1993)),
        ("农历3月1日", "农历", Birthday("lunar", 3, 1)),
        ("农历闰四月初三", "农历", Birthday("lunar", 4, 3, leap=True)),
        ("腊月三十", "农历", Birthday("lunar", 12, 30)),
        ("六月卅", None, Birthday("lunar", 6, 30)),
        (19850230, "农历", Birthday("lunar", 2, 30, year=1985)),
        ("1985-02-30", "农历", Birthday("lunar", 2, 30, year=1985)),
        (datetime.combine(date(1980, 2, 29), time(8, 30)), "农历", Birthday("lunar", 2, 29, year=1980)),
        ("一九八五年三月十七日", None, Birthday("solar", 3, 17, year=1985)),
        ("二〇〇一年农历冬月廿", None, Birthday("lunar", 11, 20, year=2001)),
        ("公历八月十五", None, Birthday("solar", 8, 15)),
        ("农历八月五", None, Birthday("lunar", 8, 5)),
    ],
)
def test_examples(written, column, birthday):
    assert read_birthday(written, column) == birthday


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("1981-02-29", "公历"),
        ("2月30日", None),
        ("农历十三月初一", "农历"),
        ("农历十三月", None),
        ("农历三十一", None),
        ("农历八月三十一", None),
        ("1985年农历闰四月初三", None),
        ("闰腊月初三", None),
        ("八月五", None),
        ("85-3-7", None),
        ("1985", None),
        (1985, None),
        ("1985年3月", None),
        ("除夕前后", None),
        ("", None),
        ("不详", "公历"),
        (0.5, None),
        (True, None),
        ("1976-07-23", "星座"),
        (time(8, 30), None),
        ("正" * 32767, None),
    ],
)
def test_what_cannot_be_or_is_not_clear_is_refused(written, column):
    with pytest.raises(RuleError) as caught:
        read_birthday(written, column)
    assert str(caught.value.right)


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("农历3月1日", "公历"),
        ("阳历3月1日", "农历"),
        ("九月初四", "新历"),
        ("八月十五", "公历"),
        ("闰4月3日", "公历"),
        ("公历腊月初三", None),
        ("农历公历3月1日", None),
    ],
)
def test_a_contradiction_between_words_and_column_is_refused(written, column):
    with pytest.raises(RuleError):
        read_birthday(written, column)


def test_names_of_calendars():
    assert {read_calendar(word) for word in [*LUNAR_WORDS, " 农历 ", "lunar", "阴", "农历生日"]} == {"lunar"}
    assert {read_calendar(word) for word in [*SOLAR_WORDS, "公历", "Solar", "阳", "公历生日"]} == {"solar"}
