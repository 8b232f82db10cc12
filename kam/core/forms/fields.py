"""Fields that take what people type: amounts and days in any notation."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import RuleError
from kam.core.fields import MONEY_DIGITS
from kam.core.forms.kit import refused
from kam.core.money import format_money, format_price
from kam.core.readers import read_date, read_money

LONGEST_TYPED = 80
CENTS = 2


class AmountField(forms.CharField):
    """An amount in CNY: 1,234.56, 50万, full-width digits. Refuses negatives unless `signed`, and what no column holds.

    Cleans to a `Decimal`, or None when empty.
    """

    def __init__(self, *, places: int = 2, signed: bool = False, **kwargs: Any) -> None:
        self.places, self.signed = places, signed
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return format_price(value) if self.places > CENTS else format_money(value)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, Decimal):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            amount = read_money(text, self.places)
        except RuleError as error:
            raise refused(error) from error
        if amount < 0 and not self.signed:
            raise ValidationError(_("The amount cannot be negative."))
        if amount.copy_abs() >= Decimal(10) ** (MONEY_DIGITS - 2):
            raise ValidationError(_("The amount is too large: at most 999,999,999,999.99."))
        return amount

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class DayInput(forms.DateInput):
    """The browser's own calendar; a text box where it could not show what was typed."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if isinstance(value, str) and value and not _is_iso(value):
            context["widget"] |= {"type": "text", "value": value}
        return context


class DayField(forms.DateField):
    """A day in any notation that people use: 2026-11-23, 2026年11月23日, 20261123."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, str) and len(value) > LONGEST_TYPED:
            raise ValidationError(_("This is not a date."))
        try:
            return read_date(value)
        except RuleError as error:
            raise refused(error) from error


def _is_iso(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-11-23")
