"""Turns errors of the trade that no view caught into pages instead of crashes."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
