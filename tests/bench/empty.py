"""The yardstick: an empty Django page with a session, one query and a table of 25 rows."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from kam.people.models import Member

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
PAGE = engines["django"].from_string(
    "<!doctype html><title>25</title><table>{% for row in rows %}"
    "<tr><td>{{ row.username }}</td><td>{{ row.full_name }}</td><td>{{ row.role }}</td></tr>{% endfor %}</table>"
)


def empty(request: HttpRequest) -> HttpResponse:
    """Read the session, ask for 25 rows, render them."""
    request.session.get("seen")
    return HttpResponse(PAGE.render({"rows": Member.objects.for_system()[:25]}, request))


urlpatterns = [path("empty/", empty), path("", include("kam.urls"))]
