"""What the one search finds in the catalogue."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kam.catalogue.models import Product
from kam.core.contributions import SearchHit, contribute
from kam.core.lists.cells import row_url


@contribute("search")
def products(user: Any, words: str, limit: int) -> Iterator[SearchHit]:
    """Products by any part of code or name."""
    text = words.strip()
    if not text:
        return
    rows = Product.objects.visible_to(user).filter(Q(code__icontains=text) | Q(name__icontains=text))
    for pk, code, name, series in rows.order_by("code").values_list("pk", "code", "name", "series")[:limit]:
        yield SearchHit(
            kind=_("Products"),
            title=name,
            url=row_url("catalogue:product_detail", pk),
            sub=" · ".join(filter(None, (code, series))),
            icon="list-details",
        )
