"""One search for everything: suggestions under the box on top, and the page behind them."""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kam.core.contributions import SearchHit, collect
from kam.desk.context import frame

LONGEST = 80
SUGGESTED = 6
LISTED = 30
"""Hits of one area under the box and on the page."""


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Hits in scope by area; without suggestions a single hit is opened at once."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    is_fragment = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    hits: list[SearchHit] = (
        collect("search", request.user, words, SUGGESTED if is_fragment else LISTED) if words else []
    )
    if not is_fragment and len(hits) == 1:
        return redirect(hits[0].url)
    groups = [
        {"title": kind, "items": list(found)}
        for kind, found in groupby(sorted(hits, key=lambda hit: str(hit.kind)), key=lambda hit: str(hit.kind))
    ]
    context = {"query": words, "groups": groups, "count": len(hits), "title": _("Search")}
    if is_fragment:
        context["all_url"] = f"{reverse('desk:search')}?{urlencode({'q': words})}"
        return render(request, "partials/_found.html", context)
    frame(request)["frame"].query = words
    return render(request, "desk/search.html", context)
