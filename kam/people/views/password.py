"""The own password: set at the first sign-in, changed later."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kam.core.exceptions import DomainError
from kam.people.forms import OwnPasswordForm
from kam.people.returning import is_own_address
from kam.people.services import password_set_own
from kam.people.signed_in import member_of


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class ChangePassword(View):
    """One page for the first own password and for every later one. Other open sessions end with the change."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, OwnPasswordForm(member=member_of(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OwnPasswordForm(request.POST, member=member_of(request))
        if not form.is_valid():
            return self._page(request, form)
        try:
            member = password_set_own(
                actor=member_of(request),
                password=form.cleaned_data["new_password1"],
                keep_session=request.session.session_key or "",
            )
        except DomainError as error:
            form.add_error(error.field, str(error))
            return self._page(request, form)
        update_session_auth_hash(request, member)
        messages.success(request, _("Your new password is set. Other open sign-ins have ended."))
        return redirect(self._next(request) or "desk:workbench")

    def _page(self, request: HttpRequest, form: OwnPasswordForm) -> HttpResponse:
        return render(request, "people/password.html", {"form": form, "next": self._next(request)})

    def _next(self, request: HttpRequest) -> str:
        target = request.POST.get("next") or request.GET.get("next", "")
        return target if is_own_address(request, target) else ""
