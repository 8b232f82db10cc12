"""Pages of products: who sees, who keeps, what is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kam.catalogue.models import Product
from kam.core.contributions import collect
from kam.people.choices import Role
from tests import factories
from tests.support.forms import opened, signed_in
from tests.support.people import member

pytestmark = pytest.mark.django_db
NEW = reverse("catalogue:product_create")


def typed(client, **changes):
    data = opened(client, NEW)
    good = {"code": "A-1", "name": "轴承", "unit": "套", "price": "18.65", "floor_price": "16.2", "vat_rate": "13"}
    return {**data, **good, **changes}


def test_a_product_is_added_once_however_often_the_form_is_sent():
    client = signed_in(member(Role.CLERK))
    data = typed(client, price="1,234.567891")
    first, second = client.post(NEW, data), client.post(NEW, data)
    product = Product.objects.for_system().get()
    assert first["Location"] == second["Location"] == product.get_absolute_url()
    assert product.price == Decimal("1234.567891")
    assert "1,234.567891" in client.get(product.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price": "1.2345678"}, "price"),
        ({"vat_rate": "17"}, "vat_rate"),
        ({"floor_price": "18.650001"}, "floor_price"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"name": "长" * 200}, "name"),
        ({"code": ""}, "code"),
    ],
)
def test_wrong_input_comes_back_with_what_was_typed(wrong, field):
    client = signed_in(member(Role.DIRECTOR))
    response = client.post(NEW, typed(client, **wrong))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "轴承" in response.content.decode() or field == "name"
    assert not Product.objects.for_system().exists()


def test_an_edit_shows_the_price_as_it_is_and_keeps_it():
    product = factories.product(price=Decimal("0.335"), floor_price=Decimal("0.2985"))
    client = signed_in(member(Role.CLERK))
    url = reverse("catalogue:product_edit", args=[product.pk])
    data = opened(client, url)
    assert (data["price"], data["floor_price"]) == ("0.335", "0.2985")
    assert client.post(url, data).status_code == 302
    product.refresh_from_db()
    assert (product.price, product.version) == (Decimal("0.335"), 1)


def test_an_edit_hears_of_a_clash():
    product, first, second = factories.product(), signed_in(member(Role.CLERK)), signed_in(member(Role.DIRECTOR))
    url = reverse("catalogue:product_edit", args=[product.pk])
    one, other = {**opened(first, url), "price": "1900"}, {**opened(second, url), "price": "2000"}
    assert first.post(url, one).status_code == 302
    clash = second.post(url, other)
    assert clash.status_code == 409
    product.refresh_from_db()
    assert product.price == Decimal(1900)


@pytest.mark.parametrize("role", Role)
def test_everybody_looks_and_two_keep(role):
    product, client = factories.product(), signed_in(member(role))
    page = client.get(product.get_absolute_url())
    keeps = role in (Role.DIRECTOR, Role.CLERK)
    assert page.status_code == 200
    assert page.context["keeps"] is keeps
    assert client.get(reverse("catalogue:product_edit", args=[product.pk])).status_code == (200 if keeps else 403)
    assert client.get(NEW).status_code == (200 if keeps else 403)


def test_the_one_search_finds_products():
    product = factories.product(code="ZC-0608", name="深沟球轴承")
    user = member(Role.MANAGER)
    assert [hit.title for hit in collect("search", user, "0608", 5)] == [product.name]
    assert not collect("search", user, "  ", 5)
