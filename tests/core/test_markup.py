"""The marks of every page: what they draw, and that nothing typed by a person becomes markup."""

from decimal import Decimal

import pytest
from django.utils.safestring import SafeString

from kam.core import markup

NASTY = "<script>alert('x')</script>\"&"


def test_a_status_is_colour_icon_and_word() -> None:
    drawn = markup.status("warn", "近限额")
    assert 'class="st st-warn"' in drawn
    assert "#alert-triangle" in drawn
    assert "近限额</span>" in drawn


def test_an_unknown_tone_is_neutral() -> None:
    assert 'class="st st-idle"' in markup.status('x" onload="', "?")
    assert 'class="accent"' in markup.bar(10, 'x" onload="')


@pytest.mark.parametrize(
    ("percent", "width"),
    [(0, "0"), (93.333, "93.3"), (Decimal(140), "100"), (-3, "0"), ("38", "38"), (None, "0"), ("?", "0")],
)
def test_a_bar_stays_between_nothing_and_full(percent: object, width: str) -> None:
    assert f'width="{width}%" height="100%"/></svg>' in markup.bar(percent, "ok", "used")


def test_a_bar_marks_a_second_value() -> None:
    drawn = markup.bar(93.3, tick=66.6, size="l", label="28 of 30")
    assert '<rect class="tick" x="66.6%"' in drawn
    assert 'class="bar bar-l"' in drawn
    assert 'aria-label="28 of 30"' in drawn
    assert "tick" not in markup.bar(50, tick="")


def test_grade_is_nothing_when_there_is_none() -> None:
    assert markup.grade("") == ""
    assert markup.grade("A", large=True) == '<span class="grade a gl">A</span>'


@pytest.mark.parametrize("kind", [*markup.KINDS, "unheard of", ""])
def test_every_kind_of_cell_escapes_what_it_shows(kind: str) -> None:
    cell = {"kind": kind, "value": NASTY, "sub": NASTY, "url": NASTY, "tone": NASTY, "icon": NASTY, "percent": NASTY}
    drawn = markup.table_cells([cell])
    assert isinstance(drawn, SafeString)
    assert "<script" not in drawn
    assert drawn.count("<td") == 1


@pytest.mark.parametrize("kind", ["text", "day", "money", "number", "status", "grade"])
def test_an_empty_cell_is_a_dash(kind: str) -> None:
    assert markup.EMPTY in markup.table_cells([{"kind": kind, "value": ""}])


def test_figures_are_right_aligned_and_zero_is_dimmed() -> None:
    drawn = markup.table_cells([{"kind": "money", "value": "0.00"}, {"kind": "money", "value": "5.00", "tone": "bad"}])
    assert drawn == '<td class="num dim">0.00</td><td class="num t-bad">5.00</td>'


def test_a_name_opens_the_row() -> None:
    drawn = markup.table_cells([{"kind": "name", "value": "恒泽", "url": "/clients/1/", "sub": "KA-0031"}])
    assert drawn == '<td><a class="nm" href="/clients/1/" data-open>恒泽</a><span class="s">KA-0031</span></td>'


def test_a_fact_says_what_it_is() -> None:
    drawn = markup.fact({"label": "逾期", "value": "3 天", "tone": "bad", "icon": "alert-circle"})
    assert drawn.startswith('<div class="small t-bad"><span class="dim">逾期</span> <svg')
    assert "<script" not in markup.fact({"label": NASTY, "value": NASTY, "sub": NASTY})


def test_a_row_is_escaped_and_can_be_ticked() -> None:
    row = {"pk": 7, "cells": [{"kind": "name", "value": NASTY, "url": "/x/", "sub": NASTY}], "card": {"title": NASTY}}
    drawn = markup.table_row(row, "Select")
    assert "<script>" not in drawn
    assert 'name="pk" value="7"' in drawn
    assert "<input" not in markup.table_row(row)


def test_a_card_holds_what_is_there_and_nothing_raw() -> None:
    shown = {
        "title": NASTY,
        "url": "/x/",
        "grade": "A",
        "sub": NASTY,
        "status": {"tone": "warn", "value": NASTY},
        "bar": {"value": NASTY, "percent": 93, "tone": "bad", "sub": NASTY},
        "aside": {"value": NASTY},
        "facts": [{"label": NASTY, "value": NASTY}],
    }
    drawn = markup.card(shown)
    assert isinstance(drawn, SafeString)
    assert "<script>" not in drawn
    assert drawn.count("&lt;script&gt;") == 8
    assert markup.card({"title": "甲"}) == '<li><div class="row-f nw"><span class="nm">甲</span></div></li>\n'
