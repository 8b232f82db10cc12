"""The form kit: what every form of the house is made of."""

from kam.core.forms.fields import AmountField, DayField
from kam.core.forms.kit import ServiceForm, ServiceModelForm
from kam.core.forms.picks import PickField, TickedField

__all__ = ["AmountField", "DayField", "PickField", "ServiceForm", "ServiceModelForm", "TickedField"]
