"""The form kit: what amounts, days and picks take, and what they say to the rest."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import translation

from accounts.models import Account
from kam.core.exceptions import DomainError, FieldErrors, RuleError
from kam.core.forms import AmountField, DayField, PickField, ServiceForm
from kam.core.forms.kit import with_stored
from tests.factories import account
from tests.support.people import member


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,234.56", "1234.56"),
        ("50万", "500000"),
        ("１２３４．５０", "1234.5"),
        ("¥300", "300"),
        ("0", "0"),
        ("999,999,999,999.99", "999999999999.99"),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, amount: str) -> None:
    assert AmountField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-5", "金额不能为负"),
        ("(1,200)", "金额不能为负"),
        ("1000000000000", "金额"),
        ("9" * 5000, "金额"),
        ("1.234", "小数"),
        ("很多钱", "金额"),
        ("<b>5</b>", "金额"),
        ("", "必填"),
    ],
)
def test_wrong_amounts_are_refused_in_chinese(typed: str, said: str) -> None:
    with translation.override("zh-hans"), pytest.raises(ValidationError) as caught:
        AmountField().clean(typed)
    assert said in caught.value.messages[0]


def test_an_amount_that_may_be_negative_is_asked_for() -> None:
    assert AmountField(signed=True).clean("-5") == Decimal(-5)
    assert AmountField(required=False).clean(" ") is None
    assert AmountField().prepare_value(Decimal("1234567.5")) == "1,234,567.50"


@pytest.mark.parametrize("typed", ["2026-11-23", "2026年11月23日", "20261123", "２０２６-１１-２３"])
def test_days_are_read_in_every_notation(typed: str) -> None:
    assert DayField().clean(typed) == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["2026-02-30", "26-11-23", "明天", "9" * 5000])
def test_wrong_days_are_refused_and_shown_again(typed: str) -> None:
    field = DayField()
    with pytest.raises(ValidationError):
        field.clean(typed)
    assert typed in field.widget.render("day", typed)


class Form(ServiceForm):
    """A form of two sections, one of them without fields to show."""

    LAYOUT = (("Who", ("name", "doubt")), ("Else", ("gone",)))
    WIDTHS: ClassVar = {"name": 6}
    QUIET = frozenset({"doubt"})

    name = DayField(required=False)
    doubt = AmountField(required=False)


def test_sections_show_what_is_there_and_quiet_fields_once_they_matter() -> None:
    form = Form()
    assert [(section.title, [field.name for field in section.fields]) for section in form.sections] == [
        ("Who", ["name"])
    ]
    form = Form(QueryDict("doubt=-1"))
    assert [field.name for field in form.sections[0].fields] == ["name", "doubt"]


def test_refusals_of_services_find_their_fields() -> None:
    form = Form(QueryDict("name=2026-11-23"))
    form.show_error(FieldErrors({"name": "too early", "other": "not here"}))
    form.show_error(DomainError("nowhere at all"))
    form.show_rule("doubt", RuleError("因为。", "应该。"))
    assert form.errors["name"] == ["too early"]
    assert form.errors["doubt"] == ["因为。应该。"]
    assert form.non_field_errors() == ["not here", "nowhere at all"]


def test_invisible_characters_do_not_reach_the_fields() -> None:
    form = Form(QueryDict("name=2026-11-%0023"))
    assert form.is_valid()
    assert form.cleaned_data["name"] == date(2026, 11, 23)


def test_every_opened_form_has_a_token_of_its_own() -> None:
    assert Form()["once"].value() != Form()["once"].value()


def test_stored_values_take_the_place_of_typed_ones() -> None:
    changed = with_stored(QueryDict("name=2026-01-01&doubt=7"), Form(initial={"name": date(2026, 5, 5)}), ["name", "x"])
    assert changed.dict() == {"name": "2026-05-05", "doubt": "7"}


@pytest.mark.django_db
def test_picks_take_code_or_name_of_what_is_in_sight() -> None:
    owner = member("manager")
    mine, other = account(owner=owner, name="恒泽集团"), account(owner=member("manager"), name="别人的客户")
    account(owner=owner, name="甲公司", short_name="老友", credit_code="")
    account(owner=owner, name="乙公司", short_name="老友")
    field: Any = PickField(url="accounts:account_suggest", code="number", names=("name", "short_name"))
    field.offered = Account.objects.visible_to(owner)
    assert field.clean(f" {mine.number.lower()} ") == mine
    assert field.clean("恒泽集团") == mine
    for typed in (other.number, other.name, "没有的", "x" * 5000):
        with pytest.raises(ValidationError):
            field.clean(typed)
    with pytest.raises(ValidationError, match=r"甲公司.*乙公司"):
        field.clean("老友")
    assert 'data-pick-text="恒泽集团"' in field.widget.render("parent", field.prepare_value(mine.pk))
    assert 'value="没有的"' in field.widget.render("parent", field.prepare_value("没有的"))
