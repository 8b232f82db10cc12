"""Pages of a month's plan."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Account
from kam.approvals.models import Request
from kam.core.calendar import now, today
from kam.core.editing import Edited
from kam.core.exceptions import DomainError, FieldErrors, Text
from kam.core.pages import ActPage, FormPage, row_for
from kam.core.row_history import row_history
from kam.core.scoping import allowed
from kam.people.signed_in import member_of
from visits.choices import TO_SUBMIT
from visits.forms import CancelForm, ClientForm, MonthForm, PlanLineForm
from visits.models import VisitPlan, VisitPlanLine
from visits.selectors import line_rows, suggestions
from visits.services import plan_line_add, plan_line_cancel, plan_line_change, plan_open, plan_submit
from visits.services.plans import KIND, clean_line, suggested_lines_add

TONES = {"draft": "idle", "submitted": "info", "approved": "ok", "returned": "bad"}


@require_safe
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A month's visits: what is planned, what the cadence asks for, where the decision stands."""
    user = member_of(request)
    plan = get_object_or_404(VisitPlan.objects.visible_to(user).select_related("member"), pk=pk)
    on = today()
    is_own = allowed(user, plan, "change") and plan.month >= on.replace(day=1)
    rows = line_rows(user, plan)
    requests = Request.objects.visible_to(user).filter(kind=KIND, subject_id=plan.pk)
    context = {
        "title": _("Visit plan %(month)s") % {"month": f"{plan.month:%Y-%m}"},
        "plan": plan,
        "tone": TONES[plan.status],
        "rows": rows,
        "may_change": is_own,
        "to_submit": sum(row.line.status in TO_SUBMIT for row in rows),
        "suggestions": suggestions(user, plan, today=on) if is_own else [],
        "form": ClientForm(None, user=user) if is_own else None,
        "request_row": requests.order_by("-pk").first(),
        "back_url": reverse("visits:plan_list"),
    }
    return render(request, "visits/plan.html", context)


class PlanOpen(FormPage):
    """Begin a month's plan, or go on with it."""

    model = VisitPlan
    action = "add"
    creates = True
    form_class = MonthForm
    title = _("Plan a month")
    submit_label = _("Open the plan")

    def form_kwargs(self) -> dict[str, Any]:
        return {"today": today()}

    def call(self, form: MonthForm) -> VisitPlan:
        return plan_open(actor=member_of(self.request), month=form.cleaned_data["month"], now=now())

    def cancel_url(self) -> str:
        return reverse("visits:plan_list")

    def tell(self, saved: VisitPlan) -> None:
        """The plan itself is answer enough."""


class PlanPage(FormPage):
    """A form about a plan or one of its lines."""

    model: Any = VisitPlan

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_("Visit plans"), reverse("visits:plan_list")), (str(self.plan()), self.cancel_url())]

    def plan(self) -> VisitPlan:
        """The plan that the form is about."""
        plan: VisitPlan = self.row if isinstance(self.row, VisitPlan) else self.row.plan
        return plan

    def cancel_url(self) -> str:
        return self.plan().get_absolute_url()


@require_safe
def line_start(request: HttpRequest, pk: int) -> HttpResponse:
    """From the plan's search box to the form of a visit to the client found."""
    user = member_of(request)
    plan = row_for(user, VisitPlan, "change", pk=pk)
    form = ClientForm(request.GET, user=user)
    if form.is_valid():
        return redirect("visits:line_add", plan.pk, form.cleaned_data["client"].pk)
    for error in form.errors.get("client", []):
        messages.error(request, str(error))
    return redirect(plan)


class LineAdd(PlanPage):
    """Plan a visit to one client."""

    form_class = PlanLineForm
    submit_label = _("Plan the visit")

    def get_row(self) -> Any:
        plan = row_for(self.request.user, VisitPlan, "change", pk=self.kwargs["pk"])
        self.account = row_for(self.request.user, Account, "change", pk=self.kwargs["account_pk"])
        return plan

    def get_title(self) -> Text:
        return _now("Plan a visit: %(client)s") % {"client": self.account}

    def form_kwargs(self) -> dict[str, Any]:
        start = max(self.row.month, today())
        user = member_of(self.request)
        return {"account": self.account, "user": user, "today": today(), "initial": {"on": start}}

    def call(self, form: PlanLineForm) -> VisitPlanLine:
        return plan_line_add(
            plan_pk=self.row.pk,
            account_pk=self.account.pk,
            actor=member_of(self.request),
            data=form.values(),
            now=now(),
        )

    def judge(self, form: PlanLineForm) -> None:
        clean_line(VisitPlanLine(plan=self.row, account=self.account), form.values(), on=today())


class LinePage(PlanPage):
    """A form about one planned visit."""

    model = VisitPlanLine


class LineEdit(LinePage):
    """Change a planned visit; an approval it had is void then."""

    form_class = PlanLineForm
    template_name = "visits/line_form.html"
    edited: Edited

    def get_title(self) -> Text:
        return _now("Edit %(name)s") % {"name": self.row}

    def form_kwargs(self) -> dict[str, Any]:
        user = member_of(self.request)
        return {"instance": self.row, "account": self.row.account, "user": user, "today": today()}

    def context(self) -> dict[str, Any]:
        note = ""
        if self.row.status in ("submitted", "approved"):
            note = _now("What you change must be submitted and approved again.")
        cancel = reverse("visits:line_cancel", args=[self.row.pk])
        return {"note": note, "cancel_line_url": cancel, "history": row_history(self.row, without=("plan", "account"))}

    def call(self, form: PlanLineForm) -> VisitPlanLine:
        line, self.edited = plan_line_change(
            line_pk=self.row.pk,
            actor=member_of(self.request),
            data=form.values(),
            version=form.cleaned_data["version"],
            now=now(),
        )
        return line

    def judge(self, form: PlanLineForm) -> None:
        clean_line(self.row, form.values(), on=today())

    def tell(self, saved: VisitPlanLine) -> None:
        if self.edited.written:
            super().tell(saved)
        else:
            messages.info(self.request, _now("Nothing was changed."))


class LineCancel(LinePage):
    """Call a planned visit off."""

    form_class = CancelForm
    submit_label = _("Call it off")

    def get_title(self) -> Text:
        return _now("Call off: %(visit)s") % {"visit": self.row}

    def call(self, form: CancelForm) -> VisitPlanLine:
        user = member_of(self.request)
        return plan_line_cancel(line_pk=self.row.pk, actor=user, reason=form.cleaned_data["reason"], now=now())


class PlanSubmit(ActPage):
    """Put what is not approved yet before who decides."""

    model = VisitPlan

    def act(self) -> Text:
        request = plan_submit(plan_pk=self.row.pk, actor=member_of(self.request), now=now())
        return _now("%(number)s is submitted.") % {"number": request.number}

    def success_url(self) -> str:
        return str(self.row.get_absolute_url())


class SuggestionsAdd(ActPage):
    """Take ticked suggestions into the plan."""

    model = VisitPlan

    def act(self) -> Text:
        chosen = self.request.POST.getlist("suggestion")
        if not chosen:
            raise DomainError(_("Tick the visits first."))
        user = member_of(self.request)
        try:
            added = suggested_lines_add(plan_pk=self.row.pk, actor=user, chosen=chosen, now=now())
        except FieldErrors as error:
            raise DomainError(error.message) from error
        return _now("Planned: %(n)s. Say for each what is to be discussed.") % {"n": len(added)}

    def success_url(self) -> str:
        return str(self.row.get_absolute_url())
