"""What the pages of this area share: fetching in scope, asking the table, saving through a service."""

from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from kam.core.exceptions import DomainError, NotAllowed
from kam.core.scoping import Reach, reach
from kam.people.signed_in import member_of

M = TypeVar("M", bound=models.Model)


def must_have(request: HttpRequest, model: type[models.Model], action: str) -> None:
    """403 with the reason when the role has no reach at all."""
    if reach(member_of(request), model, action) is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))


def in_scope(request: HttpRequest, model: type[M], pk: int) -> M:
    """The row if the member may see it; 404 otherwise, as for one that does not exist."""
    return get_object_or_404(model._default_manager.visible_to(member_of(request)), pk=pk)  # type: ignore[attr-defined]


class FormPage(View):
    """A page with one form. Subclasses name model and action, make the form and save through a service."""

    model: type[models.Model]
    action = "change"
    template_name = "people/form.html"
    title: Any = ""
    submit_label: Any = ""
    subtitle: Any = ""

    def form(self, request: HttpRequest, data: Any = None) -> Any:
        """The form, bound when `data` is given."""
        raise NotImplementedError

    def save(self, request: HttpRequest, form: Any) -> HttpResponse | str:
        """Call the service; returns where to go on, or an answer of its own."""
        raise NotImplementedError

    def cancel_url(self) -> str:
        """Where the person came from."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse roles without reach before anything is read."""
        must_have(request, self.model, self.action)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.page(request, self.form(request))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.form(request, request.POST)
        if form.is_valid():
            try:
                answer = self.save(request, form)
            except NotAllowed:
                raise
            except DomainError as error:
                form.show_error(error)
            else:
                return redirect(answer) if isinstance(answer, str) else answer
        return self.page(request, form)

    def page(self, request: HttpRequest, form: Any) -> HttpResponse:
        """The page with the form as it stands."""
        context = {
            "title": self.title,
            "subtitle": self.subtitle,
            "form": form,
            "submit_label": self.submit_label,
            "cancel_url": self.cancel_url(),
            "back_url": self.cancel_url(),
            "action": request.path,
        }
        return render(request, self.template_name, context, status=422 if form.errors else 200)
