"""What stands around every view: errors of the trade become pages, and counts follow what one did."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kam.core.badges import forget_counts
from kam.core.exceptions import DomainError, NotAllowed


class DomainErrorMiddleware:
    """`NotAllowed` becomes 403 with the reason, any other `DomainError` 409 with its text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the page that fits the error; leave all others to Django."""
        if isinstance(exception, NotAllowed | PermissionDenied):
            return render(request, "403.html", {"reason": str(exception)}, status=403)
        if isinstance(exception, DomainError):
            return render(request, "409.html", {"reason": str(exception)}, status=409)
        return None


class BadgeMiddleware:
    """After whatever a member did, the counts beside the menu are worked out anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.user.is_authenticated:
            forget_counts([request.user.pk])
        return response
