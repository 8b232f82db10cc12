"""The tab of care on a client's page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.care.models import BirthdayCare
from accounts.care.showing import cares_of_client
from accounts.views.detail import client_in_sight, client_page
from kam.core.calendar import today
from kam.people.signed_in import member_of
from kam.people.views.pages import must_have


@login_required
@require_safe
def client_care(request: HttpRequest, pk: int) -> HttpResponse:
    """The birthdays of the client's people: what comes, and how earlier ones went."""
    user = member_of(request)
    account = client_in_sight(user, pk)
    must_have(request, BirthdayCare, "view")
    context = client_page(request, account, "care") | cares_of_client(account, user, on=today())
    return render(request, "care/client.html", context)
