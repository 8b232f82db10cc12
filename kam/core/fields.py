"""Field types whose meaning the house relies on."""

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

MONEY_DIGITS = 14
"""Digits of an amount in all, two of them behind the point: up to 999,999,999,999.99 yuan."""


PRICE_DIGITS, PRICE_PLACES = 14, 6
"""Digits of a price in all and behind the point; SQLite keeps 15 digits exactly, so there are no more."""


class MemberField(models.ForeignKey):
    """A foreign key to a member. Use one of the two subclasses, which say what happens on hand-over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("to", settings.AUTH_USER_MODEL)
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("related_name", "+")
        super().__init__(*args, **kwargs)


class ResponsibleField(MemberField):
    """Who looks after it now; moves to the successor on hand-over."""


class ActorField(MemberField):
    """Who did it; never moves."""


class AccountField(models.ForeignKey):
    """The client a row belongs to, by which it is scoped. `on_merge` says whether the row moves to the kept client."""

    def __init__(self, *args: Any, on_merge: str = "move", **kwargs: Any) -> None:
        self.on_merge = on_merge
        kwargs.setdefault("to", "accounts.Account")
        kwargs.setdefault("on_delete", models.PROTECT)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.on_merge != "move":
            kwargs["on_merge"] = self.on_merge
        return name, path, args, kwargs


class MoneyField(models.DecimalField):
    """An amount in CNY with two places. Negative amounts are refused unless `signed=True`."""

    def __init__(self, *args: Any, signed: bool = False, **kwargs: Any) -> None:
        self.signed = signed
        kwargs.setdefault("max_digits", MONEY_DIGITS)
        kwargs.setdefault("decimal_places", 2)
        if not signed:
            kwargs["validators"] = [*kwargs.get("validators", []), MinValueValidator(0)]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        if self.signed:
            kwargs["signed"] = True
        return name, path, args, kwargs


class PriceField(models.DecimalField):
    """A price of one unit of measure in CNY, up to 99,999,999.999999; never negative."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", PRICE_DIGITS)
        kwargs.setdefault("decimal_places", PRICE_PLACES)
        kwargs["validators"] = [*kwargs.get("validators", []), MinValueValidator(0)]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs
