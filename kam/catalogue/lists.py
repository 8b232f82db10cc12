"""The product list."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy

from kam.catalogue.filters import ProductFilter
from kam.catalogue.models import Product
from kam.core.calendar import today
from kam.core.lists import cells
from kam.core.lists.actions import Action, BuiltInView
from kam.core.lists.cells import Card, Cell, word
from kam.core.lists.columns import Column, Row
from kam.core.lists.page import ListPage
from kam.core.money import format_price
from kam.core.vat import VatRate


def product_url(row: Row) -> str:
    """The product's page."""
    return cells.row_url("catalogue:product_detail", row["pk"])


def validity(row: Row) -> Cell:
    """On sale, to come or ended."""
    on = today()
    if row["starts_on"] > on:
        return cells.status(_now("from %(day)s") % {"day": cells.day_text(row["starts_on"])}, "info")
    if row["ends_on"] is None:
        return cells.status(_now("On sale"), "ok")
    if row["ends_on"] < on:
        return cells.status(_now("Ended"), "idle")
    return cells.status(_now("until %(day)s") % {"day": cells.day_text(row["ends_on"])}, "ok")


def price(field: str) -> Any:
    """A cell with a price for one unit of measure, up to six decimals."""
    return lambda row: {"kind": "money", "value": format_price(row[field])}


class ProductList(ListPage):
    """Products (业务与产品): what may be offered, for how much, and how far one may go down."""

    key = "catalogue.product"
    model = Product
    title = _("Products")
    unit = npgettext_lazy("counted", "product", "products")
    filterset_class = ProductFilter
    default_sort = "product"
    search_hint = _("Code, name, series")
    empty_text = _("The catalogue begins with its first product.")
    primary = Action(_("New product"), "catalogue:product_create", "plus", ("catalogue.product", "add"))
    columns = (
        Column(
            "product",
            _("Product"),
            lambda row: cells.name(row["name"], product_url(row), row["code"]),
            reads=("name", "code"),
            sort=("code",),
            fixed=True,
            sheet={_("Product code"): lambda row: row["code"], _("Name"): lambda row: row["name"]},
        ),
        Column(
            "series",
            _("Series"),
            lambda row: cells.phrase(row["series"]),
            reads=("series",),
            sort=("series", "code"),
        ),
        Column("unit", _("Unit of measure"), lambda row: cells.phrase(row["unit"]), reads=("unit",)),
        Column("price", _("Price"), price("price"), reads=("price",), sort=("price", "code"), numeric=True),
        Column("floor", _("Floor price"), price("floor_price"), reads=("floor_price",), numeric=True),
        Column(
            "vat",
            _("VAT rate"),
            lambda row: cells.phrase(word(VatRate, row["vat_rate"])),
            reads=("vat_rate",),
            sheet={_("VAT rate"): lambda row: word(VatRate, row["vat_rate"])},
        ),
        Column(
            "validity",
            _("Validity"),
            validity,
            reads=("starts_on", "ends_on"),
            sort=("starts_on", "code"),
            sheet={_("Valid from"): lambda row: row["starts_on"], _("Valid until"): lambda row: row["ends_on"]},
        ),
    )
    built_in_views = (
        BuiltInView(_("All")),
        BuiltInView(_("On sale"), "validity=now"),
        BuiltInView(_("Ended"), "validity=ended"),
    )

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Any part of code, name or series."""
        return rows.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(series__icontains=text))

    def card_reads(self) -> tuple[str, ...]:
        """What it is and what it costs."""
        return ("name", "code", "series", "unit", "price", "floor_price", "starts_on", "ends_on")

    def card(self, row: Row) -> Card:
        """What it is and what it costs."""
        return {
            "title": row["name"],
            "url": product_url(row),
            "sub": " · ".join(filter(None, (row["code"], row["series"]))),
            "status": validity(row),
            "facts": [
                {"label": _("Price"), "value": f"{format_price(row['price'])} / {row['unit']}"},
                {"label": _("Floor price"), "value": format_price(row["floor_price"])},
            ],
        }
