"""Tags and filters of every page."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from kam.core.contributions import TimelineEvent
from kam.core.templatetags import kam
from kam.people.models import Unit

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("1234567.891"), "1,234,567.89"), (0, "0.00"), ("12.5", "12.50"), (None, ""), ("", ""), ("many", "")],
)
def test_money(value: Any, text: str) -> None:
    assert kam.money(value) == text


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (Decimal(280000), "28 万", "280,000"),
        (Decimal(186420), "18.6 万", "186,420"),
        (Decimal(157000000), "1.57 亿", "157,000,000"),
        (Decimal(9800), "9,800", "9,800"),
        (Decimal(-300000), "-30 万", "-300,000"),
        (None, "", ""),
    ],
)
def test_money_where_space_is_tight(value: Decimal | None, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert kam.wan(value) == chinese
    with translation.override("en"):
        assert kam.wan(value) == english


def test_a_bare_figure_leaves_its_unit_to_the_heading() -> None:
    with translation.override("zh-hans"):
        assert kam.wan(Decimal(9800), "bare") == "1"
        assert kam.wan(Decimal(1268400), "bare") == "126.8"


@time_machine.travel(NOON, tick=False)
def test_days_and_moments() -> None:
    with translation.override("zh-hans"):
        assert kam.day(date(2026, 11, 3)) == "2026-11-03"
        assert kam.day(datetime(2026, 11, 22, 23, 0, tzinfo=UTC)) == "2026-11-23"
        assert kam.short_day(date(2026, 11, 3)) == "11-03"
        assert kam.short_day(date(2025, 11, 3)) == "2025-11-03"
        assert kam.stamp(datetime(2026, 11, 20, 8, 5, tzinfo=UTC)) == "11-20 16:05"
        assert kam.stamp(datetime(2025, 1, 1, 0, 0, tzinfo=UTC)) == "2025-01-01 08:00"
        assert kam.day(None) == kam.stamp(None) == kam.short_day("") == ""
    with translation.override("en"):
        assert kam.stamp(datetime(2026, 11, 23, 0, 41, tzinfo=UTC)) == "Today 08:41"


def test_query_keeps_what_it_does_not_change() -> None:
    request = RequestFactory().get("/clients/?grade=A&grade=B&page=3")
    drawn = Template("{% query page=None sort='name' %}").render(Context({"request": request}))
    assert QueryDict(drawn.replace("&amp;", "&").lstrip("?")).dict() == {"grade": "B", "sort": "name"}
    assert QueryDict(drawn.replace("&amp;", "&").lstrip("?")).getlist("grade") == ["A", "B"]


class Sample(forms.Form):
    name = forms.CharField(help_text="as on the licence")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    vip = forms.BooleanField(required=False)
    note = forms.CharField(widget=forms.Textarea, required=False)
    grade = forms.ChoiceField(choices=[("a", "A")])


def test_controls_know_their_class_and_layout() -> None:
    form = Sample()
    assert 'class="form-control"' in kam.widget(form["name"])
    assert 'class="form-select"' in kam.widget(form["grade"])
    assert 'class="form-check-input"' in kam.widget(form["vip"])
    assert [kam.control_kind(form[name]) for name in ("name", "kind", "vip")] == ["plain", "group", "check"]
    assert [kam.field_width(form[name]) for name in ("name", "note")] == [2, 6]
    form.fields["name"].width = 3  # type: ignore[attr-defined]
    assert kam.field_width(form["name"]) == 3


def test_a_wrong_field_is_tied_to_its_hint_and_its_error() -> None:
    form = Sample(data={"name": "", "kind": "a", "grade": "a"})
    drawn = Template('{% include "partials/_field.html" with field=field only %}').render(
        Context({"field": form["name"]})
    )
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_name_helptext"' in drawn
    assert 'id="id_name_error"' in drawn


class Choices(forms.Form):
    must = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")])
    may = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")], required=False)
    unit = forms.ModelChoiceField(queryset=None, required=False)
    said = forms.ChoiceField(choices=[("", "Anybody"), ("a", "A")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.none()  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_choice_that_nobody_made_says_so() -> None:
    form = Choices()
    with translation.override("en"):
        drawn = {name: kam.widget(form[name]) for name in form.fields}
    assert "Please choose" in drawn["must"]
    assert "—" in drawn["may"]
    assert "—" in drawn["unit"]
    assert "Anybody" in drawn["said"]
    assert not [name for name, html in drawn.items() if kam.DASHES in html]


EVENT = TimelineEvent(
    at=NOON,
    who="陆<以>宁",
    on_behalf_of="沈砚清",
    kind="决定",
    text="<b>28 万</b>",
    url="/approvals/1/?a=1&b=2",
    quote="同意<br>",
    tone="ok",
)


@time_machine.travel(NOON)
def test_a_timeline_says_when_who_for_whom_and_what() -> None:
    with translation.override("en"):
        drawn = kam.timeline([EVENT])
    dot = '<span class="dot">·</span>'
    assert drawn == (
        f'<ul class="tl"><li class="ok"><span class="w"><span class="nb">Today 12:00</span>'
        f'{dot}<span class="nb">决定</span>'
        f'{dot}<span class="nb">陆&lt;以&gt;宁</span>'
        f"{dot}on behalf of 沈砚清</span>"
        '<p><a href="/approvals/1/?a=1&amp;b=2">&lt;b&gt;28 万&lt;/b&gt;</a></p>'
        '<p class="quote nl">同意&lt;br&gt;</p></li></ul>'
    )


def test_the_last_changes_name_their_client_first() -> None:
    drawn = kam.last_changes([TimelineEvent(at=NOON, who="何韵", text="苏<宁>", kind="改了<信用>", tone="x onload")])
    assert '<li><span class="w">' in drawn
    assert '<p>苏&lt;宁&gt;<span class="dot">·</span><span class="dim">改了&lt;信用&gt;</span></p>' in drawn
