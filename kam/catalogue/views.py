"""Pages of products."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kam.catalogue.forms import ProductForm
from kam.catalogue.models import Product
from kam.catalogue.services import cleaned, product_add, product_change
from kam.core.calendar import today
from kam.core.editing import Edited
from kam.core.exceptions import Text
from kam.core.money import format_price
from kam.core.pages import FormPage
from kam.core.row_history import row_history
from kam.core.scoping import allowed
from kam.people.signed_in import member_of


@require_safe
def product_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One product and how its prices came about."""
    user = member_of(request)
    product = get_object_or_404(Product.objects.visible_to(user), pk=pk)
    context = {
        "title": product.name,
        "product": product,
        "price": format_price(product.price),
        "floor_price": format_price(product.floor_price),
        "is_on_sale": product.is_on_sale(today()),
        "back_url": reverse("catalogue:product_list"),
        "keeps": allowed(user, product, "change"),
        "history": row_history(product),
    }
    return render(request, "catalogue/product.html", context)


class ProductPage(FormPage):
    """A form about a product."""

    model = Product
    form_class = ProductForm

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_("Products"), reverse("catalogue:product_list"))]


class ProductCreate(ProductPage):
    """Add a product."""

    action = "add"
    creates = True
    title = _("New product")

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"starts_on": today()}}

    def call(self, form: ProductForm) -> Product:
        return product_add(actor=member_of(self.request), data=form.values())

    def cancel_url(self) -> str:
        return reverse("catalogue:product_list")


class ProductEdit(ProductPage):
    """Change a product."""

    edited: Edited

    def get_title(self) -> Text:
        return _now("Edit %(name)s") % {"name": self.row.name}

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row}

    def call(self, form: ProductForm) -> Product:
        product, self.edited = product_change(
            product_pk=self.row.pk,
            actor=member_of(self.request),
            data=form.values(),
            version=form.cleaned_data["version"],
        )
        return product

    def judge(self, form: ProductForm) -> None:
        cleaned(self.row, form.values())

    def tell(self, saved: Product) -> None:
        if self.edited.written:
            super().tell(saved)
        else:
            messages.info(self.request, _now("Nothing was changed."))
