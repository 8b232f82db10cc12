"""The client page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.models import Account


@login_required
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A client at a glance; out of sight it does not exist."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    return render(request, "accounts/account_detail.html", {"account": account})
