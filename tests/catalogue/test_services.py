"""Products: what is stored, what is refused, what is traced."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kam.catalogue.models import Product
from kam.catalogue.services import product_add, product_change
from kam.core.exceptions import EditConflict, FieldErrors, NotAllowed
from kam.core.row_history import row_history
from kam.people.choices import Role
from tests import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db
KEEPERS = (Role.DIRECTOR, Role.CLERK)
GOOD = {
    "code": "KT-1",
    "name": "空调",
    "unit": "台",
    "price": Decimal("0.335001"),
    "floor_price": Decimal("0.300000"),
    "vat_rate": "exempt",
    "starts_on": date(2026, 1, 1),
    "ends_on": date(2026, 1, 1),
}


def test_a_price_keeps_six_decimals():
    product = product_add(actor=member(Role.CLERK), data=GOOD)
    product.refresh_from_db()
    assert product.price == Decimal("0.335001")
    assert Product.objects.for_system().get(price="0.335001") == product


def test_the_largest_price_is_kept_exactly():
    product = product_add(actor=None, data={**GOOD, "price": Decimal("99999999.999999")})
    product.refresh_from_db()
    assert product.price == Decimal("99999999.999999")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price": Decimal("0.1234567")}, "price"),
        ({"price": Decimal(100000000)}, "price"),
        ({"price": Decimal(-1), "floor_price": Decimal(-2)}, "price"),
        ({"floor_price": Decimal("0.335002")}, "floor_price"),
        ({"vat_rate": "17"}, "vat_rate"),
        ({"vat_rate": ""}, "vat_rate"),
        ({"ends_on": date(2025, 12, 31)}, "ends_on"),
        ({"unit": " "}, "unit"),
        ({"code": "长" * 31}, "code"),
        ({"starts_on": None}, "starts_on"),
        ({"price": None}, "price"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(wrong, field):
    with pytest.raises(FieldErrors) as refused:
        product_add(actor=None, data={**GOOD, **wrong})
    assert field in refused.value.errors
    assert not Product.objects.for_system().exists()


def test_a_code_names_one_product():
    product_add(actor=None, data=GOOD)
    with pytest.raises(FieldErrors) as refused:
        product_add(actor=None, data={**GOOD, "code": " KT-1 "})
    assert "code" in refused.value.errors


def test_the_database_itself_refuses_a_floor_above_the_price():
    product = factories.product()
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(floor_price=Decimal(9999))


@pytest.mark.parametrize("role", [role for role in Role if role not in KEEPERS])
def test_only_clerk_and_director_keep_the_catalogue(role):
    product, other = factories.product(), member(role)
    with pytest.raises(NotAllowed):
        product_add(actor=other, data=GOOD)
    with pytest.raises(NotAllowed):
        product_change(product_pk=product.pk, actor=other, data={"price": Decimal(9999)}, version=1)
    product.refresh_from_db()
    assert product.price == Decimal("1888.00")


def test_a_change_of_price_can_be_told_later():
    product, clerk = factories.product(), member(Role.CLERK, full_name="何韵")
    product_change(product_pk=product.pk, actor=clerk, data={"price": Decimal("1999.5")}, version=1)
    product.refresh_from_db()
    newest, first = row_history(product)
    assert (newest.who, [(row.before, row.after) for row in newest.changes]) == ("何韵", [("1,888.00", "1,999.50")])
    assert first.changes == []


def test_two_people_at_one_price_hear_of_each_other():
    product, clerk, director = factories.product(), member(Role.CLERK), member(Role.DIRECTOR)
    product_change(product_pk=product.pk, actor=clerk, data={"price": Decimal(1900)}, version=1)
    with pytest.raises(EditConflict):
        product_change(product_pk=product.pk, actor=director, data={"price": Decimal(2000)}, version=1)


def test_on_sale_counts_both_days():
    product = factories.product(starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31))
    for day, sold in ((date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 3, 31), True)):
        assert product.is_on_sale(day) is sold
        assert Product.objects.for_system().on_sale(day).exists() is sold
    assert not Product.objects.for_system().on_sale(date(2026, 4, 1)).exists()
