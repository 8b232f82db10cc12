"""The page of a piece of long work: a bar that asks for itself again while a worker is at it, then the result."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kam.core.work.models import Work


def work_page(request: HttpRequest, work: Work, template: str, context: dict[str, Any]) -> HttpResponse:
    """The whole page; for the bar that asks again only the bar, and once the work has ended the page anew."""
    asks_again = request.headers.get("HX-Request")
    if asks_again and work.is_at_work:
        return render(request, "partials/_work_bar.html", {"work": work})
    response = render(request, template, context)
    if asks_again:
        response["HX-Refresh"] = "true"
    return response
