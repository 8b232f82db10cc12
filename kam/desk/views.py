"""Pages of the desk."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kam.people.returning import is_own_address
from kam.people.services import language_set
from kam.people.views.sign_in import set_language_cookie


@login_required
def workbench(request: HttpRequest) -> HttpResponse:
    """Today first, then how we stand."""
    return render(request, "desk/workbench.html")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language and go back to where the person was; the sign-in page has the switch too."""
    target = request.POST.get("next", "/")
    response = redirect(target if is_own_address(request, target) else "/")
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        set_language_cookie(response, chosen)
        if request.user.is_authenticated:
            language_set(actor=request.user, language=chosen)
    return response
