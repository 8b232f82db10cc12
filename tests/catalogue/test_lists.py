"""The product list keeps what every list keeps."""

from datetime import timedelta

import pytest
from django.test import Client

from kam.catalogue.lists import ProductList
from kam.core.calendar import today
from tests import factories
from tests.support.lists import ExportContract

pytestmark = pytest.mark.django_db


class TestProducts(ExportContract):
    page_class = ProductList
    url = "/products/"
    text_heading = "Name"

    def make(self, user, text):
        return factories.product(name=text.strip() or "x")

    def test_what_is_on_sale_is_told_from_what_ended_or_is_to_come(self, browser: Client) -> None:
        on = today()
        now = factories.product(starts_on=on, ends_on=on)
        later = factories.product(starts_on=on + timedelta(days=1))
        ended = factories.product(starts_on=on - timedelta(days=9), ends_on=on - timedelta(days=1))
        for query, row in (("now", now), ("later", later), ("ended", ended)):
            assert self.keys(browser, f"?validity={query}") == [row.pk]

    def test_found_by_part_of_code_and_name(self, browser: Client) -> None:
        row = factories.product(code="ZC-0608", name="深沟球轴承")
        factories.product()
        for typed in ("0608", "zc-", "球轴"):
            assert self.keys(browser, f"?q={typed}") == [row.pk]
