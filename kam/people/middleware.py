"""What every request of a member goes through."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from kam.core.calendar import now
from kam.people.returning import path_to_return_to
from kam.people.sessions import still_open


class LanguageMiddleware:
    """Chinese unless the person chose otherwise: the choice is a cookie, never the browser's header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class MemberMiddleware:
    """Ends a session that is over, and sends a member without an own password to set one, wherever the way led."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if not still_open(request.session, now()):
                logout(request)
            elif request.user.must_change_password and not self._may_stay(request):
                return sent_to(request, reverse("people:change_password"))
        return self.get_response(request)

    def _may_stay(self, request: HttpRequest) -> bool:
        return request.path in {
            reverse("people:change_password"),
            reverse("people:sign_out"),
            reverse("desk:language"),
        }


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless its view says otherwise; afterwards the person is back where he was."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]
        """Send to the sign-in page; a fragment asked for by htmx makes the whole page go there."""
        return sent_to(request, reverse("people:sign_in"))


def sent_to(request: HttpRequest, page: str) -> HttpResponse:
    """Redirect to `page`, which later returns to where the person was."""
    address = f"{page}?{urlencode({'next': path_to_return_to(request)})}"
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(address)
    return redirect(address)
