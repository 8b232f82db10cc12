"""Keeping the catalogue."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kam.catalogue.models import Product
from kam.core.editing import Edited, apply_edit
from kam.core.exceptions import FieldErrors, Text
from kam.core.history import record_save
from kam.core.locking import lock_row
from kam.people.guards import must_reach
from kam.people.models import Member

FIELDS = ("code", "name", "series", "unit", "price", "floor_price", "vat_rate", "starts_on", "ends_on", "note")


@transaction.atomic
def product_add(*, actor: Member | None, data: Mapping[str, Any]) -> Product:
    """Add a product; `data` by field of `FIELDS`. Raises `FieldErrors`, `NotAllowed`."""
    must_reach(actor, Product, "add")
    product = Product(**cleaned(Product(), data))
    record_save(product, [], actor=actor)
    return product


@transaction.atomic
def product_change(
    *, product_pk: int, actor: Member | None, data: Mapping[str, Any], version: int
) -> tuple[Product, Edited]:
    """Change a product; what was quoted or ordered before keeps its own price.

    Raises `FieldErrors`, `EditConflict`, `NotAllowed`.
    """
    must_reach(actor, Product, "change")
    product = lock_row(Product, product_pk)
    return product, apply_edit(product, cleaned(product, data), version=version, actor=actor)


def cleaned(product: Product, data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields ready to store, tried on a copy of `product`. Raises `FieldErrors`, a text for each wrong field."""
    if unknown := set(data) - set(FIELDS):
        raise TypeError(f"products have no {', '.join(sorted(unknown))}")
    values = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in data.items()}
    trial = copy(product)
    for name, value in values.items():
        setattr(trial, name, value)
    errors: dict[str, Text] = {}
    try:
        trial.full_clean(validate_constraints=False)
    except ValidationError as error:
        errors |= {name: " ".join(texts) for name, texts in error.message_dict.items() if name != NON_FIELD_ERRORS}
    prices_known = not errors.keys() & {"price", "floor_price"}
    if prices_known and trial.floor_price > trial.price:
        errors["floor_price"] = _("The floor price cannot be above the price.")
    days_known = not errors.keys() & {"starts_on", "ends_on"}
    if days_known and trial.ends_on is not None and trial.ends_on < trial.starts_on:
        errors["ends_on"] = _("The last day cannot come before the first.")
    if errors:
        raise FieldErrors(errors)
    return values
