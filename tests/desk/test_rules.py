"""How the day is laid out."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from kam.core.contributions import TodayRow
from kam.desk.rules import greeting, groups, is_late, lunar_date, segments

MONDAY = date(2026, 11, 23)


def row(title: str = "x", **fields: object) -> TodayRow:
    return TodayRow(
        **{"kind": "approval", "kind_label": "Approvals", "icon": "check", "title": title, "url": "/"} | fields
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "夜深了"),
        (5, "上午好"),
        (10, "上午好"),
        (11, "中午好"),
        (13, "下午好"),
        (17, "下午好"),
        (18, "晚上好"),
        (23, "晚上好"),
    ],
)
def test_each_hour_has_its_greeting(hour: int, words: str) -> None:
    with translation.override("zh-hans"):
        assert str(greeting(hour)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [(MONDAY, "农历十月十五"), (date(2026, 2, 16), "农历腊月廿九"), (date(2020, 5, 25), "农历闰四月初三")],
)
def test_the_lunar_date_is_said_in_words(day: date, words: str) -> None:
    assert lunar_date(day, "zh-hans") == words


def test_late_comes_first_then_today_then_the_week_then_what_is_done() -> None:
    given = [
        row("done", done_at=datetime(2026, 11, 23, 1, tzinfo=UTC)),
        row("friday", due_on=date(2026, 11, 27)),
        row("whenever"),
        row("overdue", due_on=date(2026, 11, 20)),
        row("by its own rule", late=True),
        row("far", due_on=date(2026, 12, 24)),
    ]
    found = [[str(item.title) for item in group.items] for group in groups(given, MONDAY)]
    assert found == [["overdue", "by its own rule"], ["whenever"], ["friday"], ["far"], ["done"]]


def test_the_most_urgent_are_kept_when_there_are_too_many() -> None:
    given = [row(f"week {n}", due_on=date(2026, 11, 25)) for n in range(5)] + [row("late", late=True)]
    found = [[str(item.title) for item in group.items] for group in groups(given, MONDAY, 3)]
    assert found == [["late"], ["week 0", "week 1"]]


def test_what_is_done_is_not_late() -> None:
    assert is_late(row(late=True), MONDAY)
    assert not is_late(row(late=True, done_at=datetime(2026, 11, 23, tzinfo=UTC)), MONDAY)


def test_segments_count_what_is_open_by_kind() -> None:
    given = [
        row(),
        row(),
        row(kind="birthday", kind_label="Birthdays"),
        row(done_at=datetime(2026, 11, 23, tzinfo=UTC)),
    ]
    assert [(part.key, part.count, part.current) for part in segments(given, "birthday")] == [
        ("", 3, False),
        ("approval", 2, False),
        ("birthday", 1, True),
    ]
    assert segments(given, "nonsense")[0].current
