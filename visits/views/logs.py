"""Filing and reading visits, and what is made of them at the month's end."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.header import header_facts
from accounts.models import Account
from accounts.selectors import live_grants, people_of
from kam.approvals.client import requests_about
from kam.core.calendar import now, today
from kam.core.contributions import collect
from kam.core.editing import Edited
from kam.core.exceptions import NotAllowed, Text
from kam.core.pages import ActPage, FormPage
from kam.core.plain import read_key
from kam.core.row_history import row_history
from kam.core.scoping import Reach, allowed, reach
from kam.people.signed_in import member_of
from visits.forms import ClientForm, HandlingForm, LogForm, PhotosForm
from visits.models import VisitLog, VisitPhoto, VisitPlanLine
from visits.selectors import (
    companions_of,
    contacts_of,
    log_from_line,
    made_visits,
    overlap_words,
    overlaps_of,
    photos_of,
    recent_clients,
    sees_visits,
    visit_rules,
)
from visits.services import next_step_done, photo_add, photo_remove, visit_log_change, visit_log_file, visit_log_handle
from visits.services.logs import clean_log

SAID_SHOWN = 3
NOT_IN_HISTORY = ("account", "visitor", "filed_at", "handled_by", "handled_at")


@require_safe
def log_start(request: HttpRequest) -> HttpResponse:
    """Which client? Those visited last are one tap away; any other is found by typing."""
    user = member_of(request)
    if reach(user, VisitLog, "add") is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))
    form = ClientForm(request.GET if "client" in request.GET else None, user=user)
    if form.is_bound and form.is_valid():
        return redirect("visits:log_file", form.cleaned_data["client"].pk)
    context = {
        "title": _("Log a visit"),
        "form": form,
        "clients": recent_clients(user),
        "back_url": reverse("visits:log_list"),
    }
    return render(request, "visits/log_start.html", context, status=422 if form.errors else 200)


@require_safe
def brief(request: HttpRequest, account_pk: int) -> HttpResponse:
    """What to know before the meeting, on one screen: how the client stands, what was said last, who is there."""
    user = member_of(request)
    account = get_object_or_404(Account.objects.visible_to(user).select_related("owner", "deputy"), pk=account_pk)
    if not sees_visits(user):
        raise Http404
    on = today()
    people = people_of(account, user, on=on)
    context = {
        "title": account.name,
        "account": account,
        "facts": header_facts(
            account, user, people, live_grants(account, on=on), requests_about(user, account.pk), on=on
        ),
        "said": collect("said", user, account, SAID_SHOWN),
        "people": [person for person in people if person.contact.left_on is None],
        "may_log": allowed(user, account, "change"),
        "back_url": account.get_absolute_url(),
    }
    return render(request, "visits/brief.html", context)


@require_safe
def log_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: who, what, what comes next, its photos, what the department made of it."""
    user = member_of(request)
    log = get_object_or_404(VisitLog.objects.visible_to(user).select_related("account", "visitor", "handled_by"), pk=pk)
    is_own = allowed(user, log, "change")
    context = {
        "title": str(log.account),
        "log": log,
        "people": contacts_of(log),
        "companions": companions_of(log),
        "photos": photos_of(user, log),
        "warnings": overlap_words(overlaps_of(made_visits([log]), visit_rules())),
        "may_change": is_own and log.is_open,
        "may_close_step": is_own and bool(log.next_step) and log.next_done_on is None,
        "may_handle": log.is_open and not is_own and allowed(user, log, "handle"),
        "history": row_history(log, without=NOT_IN_HISTORY),
        "back_url": reverse("visits:log_list"),
    }
    return render(request, "visits/log_detail.html", context)


class LogFile(FormPage):
    """File a visit to one client."""

    model = Account
    form_class = LogForm
    template_name = "visits/log_form.html"
    submit_label = _("File the log")

    def lookup(self) -> dict[str, Any]:
        return {"pk": self.kwargs["account_pk"]}

    def get_title(self) -> Text:
        return _now("Visit: %(client)s") % {"client": self.row}

    def line(self) -> VisitPlanLine | None:
        """The planned visit that this was, named in the address."""
        asked = self.request.GET.get("line", "")
        if not asked:
            return None
        rows = VisitPlanLine.objects.visible_to(member_of(self.request), "change").filter(account=self.row)
        return get_object_or_404(rows.visible_to(member_of(self.request)), pk=read_key(asked) or 0)

    def form_kwargs(self) -> dict[str, Any]:
        line = self.line()
        start = log_from_line(line, today()) if line is not None else {}
        return {"account": self.row, "user": member_of(self.request), "today": today(), "initial": start}

    def context(self) -> dict[str, Any]:
        user = member_of(self.request)
        form_url = self.request.get_full_path()
        return {"form_url": form_url, "account": self.row, "said": collect("said", user, self.row, SAID_SHOWN)}

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_("Visits"), reverse("visits:log_list")), (self.row.name, self.row.get_absolute_url())]

    def call(self, form: LogForm) -> VisitLog:
        return visit_log_file(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            data=form.values(),
            photos=form.cleaned_data["photos"],
            line_pk=line.pk if (line := self.line()) is not None else None,
            now=now(),
        )

    def judge(self, form: LogForm) -> None:
        clean_log(VisitLog(account=self.row, visitor=member_of(self.request)), form.values(), on=today()).refuse()

    def tell(self, saved: VisitLog) -> None:
        super().tell(saved)
        warn_of_overlaps(self.request, saved)

    def success_message(self, saved: VisitLog) -> Text:
        if saved.is_late:
            return _now("Filed: %(log)s. It came late; that is marked.") % {"log": saved}
        return _now("Filed: %(log)s.") % {"log": saved}


class LogPage(FormPage):
    """A form about one log."""

    model = VisitLog

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_("Visits"), reverse("visits:log_list")), (str(self.row), self.row.get_absolute_url())]


class LogEdit(LogPage):
    """Correct a log."""

    form_class = LogForm
    edited: Edited

    def get_title(self) -> Text:
        return _now("Edit %(name)s") % {"name": self.row}

    def form_kwargs(self) -> dict[str, Any]:
        user = member_of(self.request)
        return {"instance": self.row, "account": self.row.account, "user": user, "today": today()}

    def call(self, form: LogForm) -> VisitLog:
        log, self.edited = visit_log_change(
            log_pk=self.row.pk,
            actor=member_of(self.request),
            data=form.values(),
            version=form.cleaned_data["version"],
            now=now(),
        )
        return log

    def judge(self, form: LogForm) -> None:
        clean_log(self.row, form.values(), on=today()).refuse()

    def tell(self, saved: VisitLog) -> None:
        if self.edited.written:
            super().tell(saved)
        else:
            messages.info(self.request, _now("Nothing was changed."))
        warn_of_overlaps(self.request, saved)


class LogHandle(LogPage):
    """State handling and comment at the month's end."""

    action = "handle"
    form_class = HandlingForm
    submit_label = _("Save the review")

    def get_title(self) -> Text:
        return _now("Review: %(log)s") % {"log": self.row}

    def call(self, form: HandlingForm) -> VisitLog:
        return visit_log_handle(log_pk=self.row.pk, actor=member_of(self.request), now=now(), **form.cleaned_data)


class PhotosAdd(LogPage):
    """Add pictures to a log."""

    form_class = PhotosForm
    title = _("Add photos")

    def call(self, form: PhotosForm) -> VisitLog:
        return photo_add(log_pk=self.row.pk, actor=member_of(self.request), uploads=form.cleaned_data["photos"])


class PhotoRemove(ActPage):
    """Take a photo out of sight."""

    model = VisitPhoto

    def lookup(self) -> dict[str, Any]:
        return {"pk": self.kwargs["photo_pk"], "log_id": self.kwargs["pk"]}

    def act(self) -> Text:
        photo_remove(photo_pk=self.row.pk, actor=member_of(self.request), at=now())
        return _now("Removed: %(name)s.") % {"name": self.row.name}

    def success_url(self) -> str:
        return reverse("visits:log_detail", args=[self.kwargs["pk"]])


class NextStepDone(ActPage):
    """The next step is taken."""

    model = VisitLog

    def act(self) -> Text:
        next_step_done(log_pk=self.row.pk, actor=member_of(self.request), on=today())
        return _now("Done: %(step)s.") % {"step": self.row.next_step}

    def success_url(self) -> str:
        return str(self.row.get_absolute_url())


@require_safe
def photo(request: HttpRequest, pk: int, photo_pk: int) -> FileResponse:
    """A picture, for whoever sees the visit."""
    found = get_object_or_404(
        VisitPhoto.objects.visible_to(member_of(request)).filter(removed_at__isnull=True), pk=photo_pk, log_id=pk
    )
    response = FileResponse(found.file.open("rb"), filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def warn_of_overlaps(request: HttpRequest, log: VisitLog) -> None:
    """Say at once who else is near; the other side is told as well."""
    for words in overlap_words(overlaps_of(made_visits([log]), visit_rules())):
        messages.warning(request, words)
