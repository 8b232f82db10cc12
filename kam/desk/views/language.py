"""The language of the pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from kam.people.returning import is_own_address
from kam.people.services import language_set
from kam.people.views.sign_in import set_language_cookie


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in this browser and with the member, then go back to where the person was."""
    target = request.POST.get("next", "/")
    if not (target.startswith("/") and is_own_address(request, target)):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            language_set(actor=request.user, language=chosen)
        set_language_cookie(response, chosen)
    return response
