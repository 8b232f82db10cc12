"""Pages that say what went wrong, without saying what exists."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request cannot be read."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason, where the one who refused gave one."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page whether the thing does not exist or is not for this member."""
    return render(request, "404.html", status=404)


def crashed(request: HttpRequest) -> HttpResponse:
    """500: a page that asks neither the database nor the session."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
