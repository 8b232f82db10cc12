"""The own page: data, language, password, authorities, open sign-ins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from kam.core.calendar import now, today
from kam.core.exceptions import DomainError
from kam.people.forms import OwnDataForm
from kam.people.selectors import delegations_about, open_sessions
from kam.people.services import own_data_change, sessions_close
from kam.people.signed_in import member_of
from kam.people.views.sign_in import set_language_cookie


class Profile(View):
    """What a member sees and keeps about himself."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, OwnDataForm(instance=member_of(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OwnDataForm(request.POST, instance=member_of(request))
        if not form.is_valid():
            return self._page(request, form)
        try:
            member = own_data_change(actor=member_of(request), **form.cleaned_data)
        except DomainError as error:
            form.show_error(error)
            return self._page(request, form)
        with translation.override(member.language):
            messages.success(request, _("Saved."))
        response = redirect("people:profile")
        set_language_cookie(response, member.language)
        return response

    def _page(self, request: HttpRequest, form: OwnDataForm) -> HttpResponse:
        member = member_of(request)
        context = {
            "title": _("My details"),
            "form": form,
            "member": member,
            "delegations": delegations_about(member, on=today()),
            "sessions": open_sessions(member, at=now()),
            "session_key": request.session.session_key,
        }
        return render(request, "people/profile.html", context, status=422 if form.errors else 200)


@require_POST
def close_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    sessions_close(
        actor=member_of(request),
        member_pk=member_of(request).pk,
        keep_session=request.session.session_key or "",
    )
    messages.success(request, _("You are signed in here only."))
    return redirect("people:profile")
