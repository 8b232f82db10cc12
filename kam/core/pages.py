"""Bases of pages that change something: a form page, and an act that needs no form.

Both take their row from what the member sees: out of sight it does not exist (404), in sight but not permitted is
refused with the reason (403). Both call exactly one service.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View

from kam.core.calendar import now
from kam.core.exceptions import ChangedMeanwhile, DomainError, EditConflict, FieldErrors, NotAllowed, SentBefore, Text
from kam.core.forms.kit import VERSION, Kit, with_stored
from kam.core.scoping import Reach, allowed, reach
from kam.core.sent_forms import claim, key_of, led_to

CHOICE = "choose_"
THEIRS = "theirs"


def must_be_scoped(model: type[models.Model]) -> None:
    """Refuse to show rows of a model that says nothing about who sees them."""
    if not hasattr(model._default_manager, "visible_to"):
        raise ImproperlyConfigured(f"{model._meta.label} has no scope: give it a ScopedManager.")


def row_for(user: Any, model: type[models.Model], action: str, **lookup: Any) -> Any:
    """The row by `lookup` on which `user` may do `action`. Raises `Http404`, `NotAllowed`."""
    must_be_scoped(model)
    row = model.objects.visible_to(user).filter(**lookup).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    if not allowed(user, row, action):
        raise NotAllowed(_("You may see this but not change it. Ask the account manager or the director."))
    return row


class ActPage(View):
    """Something that a button does: POST only, one service, a message, back to where the row is shown."""

    model: type[models.Model]
    action: ClassVar[str] = "change"
    http_method_names = ["post"]
    row: Any

    def lookup(self) -> dict[str, Any]:
        """How the address names the row."""
        return {"pk": self.kwargs["pk"]}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take the row in scope, before anything else is looked at."""
        self.row = self.get_row()
        return super().dispatch(request, *args, **kwargs)

    def get_row(self) -> Any:
        """The row that the page acts on."""
        return row_for(self.request.user, self.model, self.action, **self.lookup())

    def act(self) -> Text:
        """Call the service; answer with what to tell the person."""
        raise NotImplementedError

    def success_url(self) -> str:
        """Where the person is afterwards, and also when it was refused."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Do it, and say so; a refusal by the trade is said there too."""
        url = self.success_url()
        try:
            done = self.act()
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except NotAllowed:
            raise
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, str(done))
        return redirect(url)


class FormPage(View):
    """A form over one service.

    A subclass says `model` and `action` (and `get_row` when the address names it otherwise), `form_class`, and how the
    form is saved (`call`). With `creates = True` there is no row yet: the role alone decides.
    """

    model: type[models.Model]
    action: ClassVar[str] = "change"
    creates: ClassVar[bool] = False
    form_class: type[Kit]
    template_name: ClassVar[str] = "core/form.html"
    title: ClassVar[Text] = ""
    submit_label: ClassVar[Text] = ""
    row: Any = None

    def lookup(self) -> dict[str, Any]:
        """How the address names the row."""
        return {"pk": self.kwargs["pk"]}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take the row in scope, before anything else is looked at."""
        must_be_scoped(self.model)
        self.row = self.get_row()
        return super().dispatch(request, *args, **kwargs)

    def get_row(self) -> Any:
        """The row that the form is about; None for a page that creates one out of nothing."""
        if not self.creates:
            return row_for(self.request.user, self.model, self.action, **self.lookup())
        if reach(self.request.user, self.model, self.action) is Reach.NONE:
            raise NotAllowed(_("Your role may not do this."))
        return None

    def form_kwargs(self) -> dict[str, Any]:
        """What the form needs besides the data."""
        return {}

    def get_form(self, data: QueryDict | None = None) -> Any:
        """The form, bound when there is data."""
        files = self.request.FILES if data is not None else None
        return self.form_class(data, files, **self.form_kwargs())

    def call(self, form: Any) -> Any:
        """Call the service; returns the saved row, which must still be in sight of the person."""
        raise NotImplementedError

    def success_url(self, saved: Any) -> str:
        """Where the person is afterwards."""
        return str(saved.get_absolute_url())

    def success_message(self, saved: Any) -> Text:
        """What was done, named."""
        return _now("Saved: %(what)s.") % {"what": saved}

    def cancel_url(self) -> str:
        """Where the person was before."""
        return str(self.row.get_absolute_url()) if self.row is not None else "/"

    def get_title(self) -> Text:
        """The page's heading."""
        return self.title

    def crumbs(self) -> list[tuple[Text, str]]:
        """What stands above this page: words and address, from the outside in."""
        return []

    def context(self) -> dict[str, Any]:
        """What else the template shows."""
        return {}

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The empty form, or the stored values."""
        return self.page(self.get_form())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Read, save by the service, go on; whatever is refused comes back with everything that was typed."""
        form = self.get_form(self._chosen(request.POST))
        if not form.is_valid():
            self._judge_further(form)
            return self.page(form)
        try:
            return self._saved(form)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except SentBefore as error:
            messages.info(request, str(error))
            return redirect(error.url or self.cancel_url())
        except NotAllowed:
            raise
        except EditConflict as error:
            return self._conflicting(error)
        except ChangedMeanwhile as error:
            return self._overtaken(error)
        except DomainError as error:
            form.show_error(error)
            return self.page(form)

    def judge(self, form: Any) -> None:
        """Raise `FieldErrors` for what the service would refuse: a wrong form hears of all its faults at once."""

    def _judge_further(self, form: Any) -> None:
        try:
            self.judge(form)
        except FieldErrors as error:
            form.show_further(error)

    def _saved(self, form: Any) -> HttpResponse:
        user = self.request.user
        with transaction.atomic():
            sent = claim(actor=user, key=key_of(self.request), at=now())
            saved = self.call(form)
            if not allowed(user, saved, "view"):
                raise DomainError(_("Saved like this it would be out of your own sight, so nothing was saved."))
            url = self.success_url(saved)
            led_to(sent, url)
        self.tell(saved)
        return redirect(url)

    def tell(self, saved: Any) -> None:
        """Say what was done."""
        messages.success(self.request, str(self.success_message(saved)))

    def _chosen(self, posted: QueryDict) -> QueryDict:
        """Where the person chose the other's value, it takes the place of what was typed."""
        names = [
            name.removeprefix(CHOICE) for name, value in posted.items() if name.startswith(CHOICE) and value == THEIRS
        ]
        return with_stored(posted, self.get_form(), names) if names else posted

    def _conflicting(self, error: EditConflict) -> HttpResponse:
        """Both values of each field for choice; what only the other changed takes the place of what stood here."""
        self.row = self.get_row()
        data = with_stored(self.request.POST, self.get_form(), error.theirs_alone)
        data[VERSION] = str(error.version)
        form = self.get_form(data)
        rows = [
            {
                "name": each.field,
                "label": each.label,
                "theirs": form.shown(each.field, each.theirs),
                "yours": form.shown(each.field, each.mine),
            }
            for each in error.conflicts
        ]
        return self.page(form, conflict={"who": error.who, "at": error.at, "rows": rows})

    def _overtaken(self, error: ChangedMeanwhile) -> HttpResponse:
        """The state is another one by now: the form stands on it, with what was typed."""
        self.row = self.get_row()
        form = self.get_form(self.renewed(self.request.POST))
        form.is_valid()
        form.add_error(None, str(error))
        return self.page(form)

    def renewed(self, posted: QueryDict) -> QueryDict:
        """The posted data made to stand on the stored state; pages whose form carries a state override it."""
        return posted

    def page(self, form: Any, conflict: dict[str, Any] | None = None) -> HttpResponse:
        """The page, 409 with a conflict to settle, 422 with errors to mend."""
        status = 409 if conflict else 422 if form.errors else 200
        context = {
            "form": form,
            "title": self.get_title(),
            "crumbs": self.crumbs(),
            "back_url": self.cancel_url(),
            "submit_label": self.submit_label,
            "conflict": conflict,
            **self.context(),
        }
        return render(self.request, self.template_name, context, status=status)
