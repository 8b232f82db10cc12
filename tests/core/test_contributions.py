"""The registry through which areas hand rows to the pages that gather."""

from collections.abc import Iterator

import pytest

from kam.core import contributions
from kam.core.contributions import Place, collect, contribute, contributed


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(contributions, "_functions", {place: {} for place in Place})
    yield


def numbers(*given: int) -> list[int]:
    return [number + 1 for number in given]


def test_collect_puts_together_what_all_areas_answer() -> None:
    contribute("today", numbers)

    @contribute("today")
    def again(*given: int) -> list[int]:
        return [0]

    assert sorted(collect("today", 1, 2)) == [0, 2, 3]


def test_a_function_counts_once_however_often_it_is_registered() -> None:
    contribute("today", numbers)
    contribute("today", numbers)
    assert contributed("today") == [numbers]


def test_a_place_nobody_gathers_is_refused() -> None:
    with pytest.raises(ValueError):
        contribute("tomorrow", numbers)
