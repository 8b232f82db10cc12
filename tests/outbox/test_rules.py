from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.core.exceptions import RuleError
from kam.outbox.rules import filled, next_attempt, next_sms_time, signed, sms_parts

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("length", "parts"), [(0, 1), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
def test_parts(length, parts):
    assert sms_parts("字" * length) == parts


def test_a_rare_character_counts_two():
    assert sms_parts("𠮷" * 35) == 1
    assert sms_parts("𠮷" * 36) == 2


def test_the_signature_stands_first_or_last_and_once():
    assert signed("生日快乐", "江州", first=True) == "【江州】生日快乐"
    assert signed("生日快乐", "【江州】", first=False) == "生日快乐【江州】"
    assert signed("【江州】生日快乐", "江州", first=False) == "【江州】生日快乐"
    assert signed("生日快乐", "", first=True) == "生日快乐"


@pytest.mark.parametrize(
    ("hour", "minute", "day", "then"),
    [(7, 59, 23, 8), (8, 0, 23, None), (20, 59, 23, None), (21, 0, 24, 8), (23, 30, 24, 8), (0, 0, 23, 8)],
)
def test_quiet_hours(hour, minute, day, then):
    moment = datetime(2026, 11, 23, hour, minute, tzinfo=SHANGHAI)
    expected = moment if then is None else datetime(2026, 11, day, then, 0, tzinfo=SHANGHAI)
    assert next_sms_time(moment.astimezone(UTC), SHANGHAI) == expected


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_an_sms_never_leaves_at_night_and_never_waits_longer_than_the_night(moment):
    then = next_sms_time(moment, SHANGHAI)
    assert 8 <= then.astimezone(SHANGHAI).hour < 21
    assert timedelta(0) <= then - moment <= timedelta(hours=11)


def test_attempts_wait_longer_and_longer_and_end():
    waits = [next_attempt(attempts, NOON) for attempts in range(1, 6)]
    assert [wait and (wait - NOON).total_seconds() / 60 for wait in waits] == [1, 5, 15, 60, None]


def test_personal_fields():
    assert filled("{姓名}，生日快乐！", {"姓名": "郑海燕"}) == "郑海燕，生日快乐！"
    assert filled("{姓名}", {"姓名": "{姓名}"}) == "{姓名}"
    with pytest.raises(RuleError, match="称谓"):
        filled("{姓名}{称谓}", {"姓名": "郑海燕"})
