"""Signing in and out, and the page of a locked sign-in."""

from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from kam.core.calendar import now
from kam.people.forms import SignInForm
from kam.people.models import Member
from kam.people.selectors import locked_until
from kam.people.services import language_set
from kam.people.sessions import still_open

USERNAME_COUNTED = 150


class SignIn(LoginView):
    """The sign-in page. `next` leads back to where the person was, on this host only."""

    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        """Open the session and go on: to an own password first when there is none yet."""
        member = form.get_user()
        is_first = member.last_login is None
        login(self.request, member)
        still_open(self.request.session, now())
        target = self.get_success_url()
        if member.must_change_password:
            target = f"{reverse('people:change_password')}?{urlencode({'next': target})}"
        response = HttpResponseRedirect(target)
        self._settle_language(response, member, is_first)
        return response

    def _settle_language(self, response: HttpResponse, member: Any, is_first: bool) -> None:
        """The first sign-in keeps the language chosen on this page; every later one brings the member's own."""
        chosen = self.request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if is_first and chosen in dict(settings.LANGUAGES):
            member = language_set(actor=member, language=chosen)
        set_language_cookie(response, member.language)


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Keep the language of the pages in the browser for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def username_as_counted(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name under which wrong passwords are counted: spelling it otherwise does not start a new count."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return Member.normalize_username(str(typed)[:USERNAME_COUNTED].strip()).lower().replace("\0", "")


def locked(request: HttpRequest, _response: HttpResponse, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """Too many wrong passwords: say until when no further one is looked at."""
    username = username_as_counted(request, credentials)
    until = locked_until(username, at=now(), ip_address=get_client_ip_address(request))
    return render(request, "people/locked.html", {"until": until}, status=429)
