"""Pages that belong to no area."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is stale, mostly because the session ended: say so and offer to sign in again."""
    return render(request, "csrf.html", {"path": request.path}, status=403)
