"""The director's desk in the admin panel: the inbox of requests, the decision page, the policies."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When
from django.forms import BaseInlineFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kam.approvals import services
from kam.approvals.acting import decide_from, outcome_words
from kam.approvals.bulk import approve_many, bulk_rows
from kam.approvals.filters import ANY, ASKED, DECIDE
from kam.approvals.kinds import all_kinds, kind_of
from kam.approvals.models import Policy, PolicyStep, Request
from kam.approvals.page import TONES, DecisionPage
from kam.approvals.selectors import policy_history, waiting_for
from kam.core.calendar import now, today
from kam.core.exceptions import ChangedMeanwhile, DomainError
from kam.core.markup import status as status_word
from kam.core.row_history import Entry
from kam.core.scoped_admin import ScopedModelAdmin
from kam.core.scoping import Reach, reach
from kam.core.templatetags.kam import money, stamp
from kam.people.signed_in import member_of

COUNTED = 100


class WhoseFilter(admin.SimpleListFilter):
    """What waits for me comes up first; all others are one click away."""

    title = pgettext_lazy("of a request", "Whose")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(DECIDE, _("Waiting for me")), (ASKED, _("Submitted by me")), (ANY, _("All"))]

    def value(self) -> str:
        return str(super().value() or DECIDE)

    def choices(self, changelist: Any) -> Any:
        for code, title in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: code})
            yield {"selected": self.value() == code, "query_string": query, "display": title}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Request]) -> QuerySet[Request]:
        user = member_of(request)
        if self.value() == DECIDE:
            return queryset.filter(pk__in=waiting_for(user, on=today()).order_by().values("pk"))
        return queryset.filter(requester=user) if self.value() == ASKED else queryset


class KindFilter(admin.SimpleListFilter):
    """The kinds by their titles."""

    title = gettext_lazy("Kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.code, kind.title) for kind in all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Request]) -> QuerySet[Request]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Request)
class RequestAdmin(ScopedModelAdmin):
    """The inbox: what waits for me first; each opens the decision page."""

    list_display = ("what", "state", "sum", "requester", "submitted")
    list_display_links = None
    list_filter: ClassVar[list[Any]] = [WhoseFilter, "status", KindFilter]
    list_select_related: ClassVar[list[str]] = ["requester"]
    search_fields = ("number", "account_name", "title")
    search_help_text = gettext_lazy("Client or number")
    actions = ("approve_selected",)

    def menu_count(self, request: HttpRequest) -> int:
        """How many wait for the member, beside the menu entry."""
        return waiting_for(member_of(request), on=today()).order_by()[:COUNTED].count()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        """Requests in sight, those that wait for the member first, the longest waiting of them on top."""
        mine = list(waiting_for(member_of(request), on=today()).values_list("pk", flat=True)[:COUNTED])
        places = Case(
            *(When(pk=pk, then=Value(place)) for place, pk in enumerate(mine)),
            default=Value(COUNTED),
            output_field=IntegerField(),
        )
        rows: QuerySet[Request] = Request.objects.visible_to(request.user)
        return rows.annotate(place=places)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By place in the member's own queue, then the latest first."""
        return ("place", "-submitted_at", "-pk")

    @admin.display(description=gettext_lazy("What is asked"))
    def what(self, row: Request) -> SafeString:
        """Client and what is asked, leading to the decision page."""
        kind = kind_of(row.kind)
        return format_html(
            '<a href="{}">{} · {}</a><br><span class="dim small">{} · {}</span>',
            reverse("admin:approvals_request_detail", args=[row.pk]),
            row.account_name,
            kind.heading(row),
            kind.title_of(row),
            row.number,
        )

    @admin.display(description=gettext_lazy("State"))
    def state(self, row: Request) -> SafeString:
        """Colour, icon and word."""
        return status_word(TONES[row.status], row.get_status_display())  # type: ignore[index]

    @admin.display(description=gettext_lazy("Amount"))
    def sum(self, row: Request) -> str:
        """Amount in CNY."""
        return money(row.amount)

    @admin.display(description=gettext_lazy("Submitted"), ordering="submitted_at")
    def submitted(self, row: Request) -> str:
        """When it was submitted."""
        return stamp(row.submitted_at)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Bulk approval only where a policy allows it for some kind, and never for who decides nothing."""
        found: dict[str, Any] = super().get_actions(request)
        found.pop("delete_selected", None)
        if not Policy.objects.visible_to(request.user).filter(allows_bulk=True).exists():
            found.pop("approve_selected", None)
        return found

    @admin.action(description=gettext_lazy("Approve the selected requests"), permissions=["view"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Request]) -> HttpResponse:
        """Show what would be approved, each with the step that is seen; the next page approves."""
        rows = bulk_rows(member_of(request), list(queryset[:COUNTED]), today())
        return self._page(request, "admin/approvals/bulk.html", {"rows": rows, "title": _("Approve several requests")})

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("approve/", view(self.bulk_view), name="approvals_request_bulk"),
            path("<int:pk>/decision/", view(self.decision_view), name="approvals_request_detail"),
            path("<int:pk>/decision/take/", view(self.decide_view), name="approvals_request_decide"),
            path("<int:pk>/decision/carry-out/", view(self.carry_out_view), name="approvals_request_carry_out"),
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Requests are read on the decision page alone."""
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        return redirect("admin:approvals_request_detail", self._visible(request, int(object_id)).pk)

    def decision_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The decision page, from the same partials as on the intranet."""
        return self._decision_page(request, self._visible(request, pk))

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the step that waits; then the next one."""
        approval = self._posted(request, pk)
        member = member_of(request)
        try:
            decided = decide_from(request.POST, approval, member, now())
        except ChangedMeanwhile as changed:
            messages.error(request, str(changed))
            return redirect("admin:approvals_request_detail", pk)
        except DomainError as error:
            if error.field != "comment":
                raise
            typed = request.POST.get("comment", "")
            return self._decision_page(request, approval, status=400, error=str(error), comment=typed)
        messages.success(request, outcome_words(decided, request.POST.get("decision", "")))
        return self._onward(request, decided)

    def carry_out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Finance opens what was approved."""
        approval = self._posted(request, pk)
        revision = request.POST.get("revision", "")
        seen = int(revision) if revision.isdecimal() and len(revision) < 6 else 0
        try:
            done = services.request_carry_out(
                request_pk=approval.pk, actor=member_of(request), seen_revision=seen, now=now()
            )
        except ChangedMeanwhile as changed:
            messages.error(request, str(changed))
            return redirect("admin:approvals_request_detail", pk)
        messages.success(request, _("In effect: %(number)s.") % {"number": done.number})
        return self._onward(request, done)

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Approve what was confirmed, each request by the same service; each result is told."""
        if request.method != "POST":
            return redirect("admin:approvals_request_changelist")
        visible = Request.objects.visible_to(request.user)
        for result in approve_many(member_of(request), visible, request.POST.getlist("chosen"), now()):
            messages.add_message(request, messages.SUCCESS if result.done else messages.ERROR, result.words)
        return redirect("admin:approvals_request_changelist")

    def _visible(self, request: HttpRequest, pk: int) -> Request:
        found = Request.objects.visible_to(request.user).select_related("requester").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def _posted(self, request: HttpRequest, pk: int) -> Request:
        if request.method != "POST":
            raise PermissionDenied
        return self._visible(request, pk)

    def _decision_page(
        self, request: HttpRequest, approval: Request, *, status: int = 200, **given: Any
    ) -> HttpResponse:
        page = DecisionPage(approval, member_of(request), today(), in_panel=True, **given)
        context = page.as_dict()
        return self._page(
            request, "admin/approvals/decision.html", {**context, "title": context["heading"]}, status=status
        )

    def _onward(self, request: HttpRequest, done: Request) -> HttpResponse:
        page = DecisionPage(done, member_of(request), today(), in_panel=True)
        return redirect(page.next_url or reverse("admin:approvals_request_changelist"))

    def _page(self, request: HttpRequest, template: str, given: dict[str, Any], *, status: int = 200) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.model._meta, **given}
        return render(request, template, context, status=status)


class PolicyStepForm(ModelForm):
    """One step; order and role must be chosen, the amount may stay empty."""

    class Meta:
        model = PolicyStep
        fields = ("position", "step_kind", "role", "above_amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # in a table the heading is far from the control: name it there as well
            field.widget.attrs.setdefault("aria-label", str(field.label))

    def validate_unique(self) -> None:
        """Nothing: two steps may swap places; the service judges the list as a whole."""

    def validate_constraints(self) -> None:
        """Nothing, for the same reason."""


class PolicyStepFormSet(BaseInlineFormSet):
    """Leaves uniqueness of positions to the service, which knows the whole list."""

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if removal := form.fields.get("DELETE"):
            removal.widget.attrs["aria-label"] = str(removal.label)

    def validate_unique(self) -> None:
        """Nothing: two steps that swap places are no clash."""


class PolicyStepInline(admin.TabularInline):
    """The ordered steps."""

    model = PolicyStep
    form = PolicyStepForm
    formset = PolicyStepFormSet
    extra = 1
    max_num = 8
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyStep]:
        """Steps are read with their policy, which is in everybody's sight."""
        return PolicyStep.objects.visible_to(request.user)

    def _may_change(self, request: HttpRequest) -> bool:
        return reach(request.user, Policy, "change") is not Reach.NONE

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A step is struck off the list; the service keeps its history."""
        return self._may_change(request)


class PolicyForm(ModelForm):
    """The policy with the version that was seen."""

    seen_version = forms.IntegerField(label="", widget=forms.HiddenInput, required=False)

    class Meta:
        model = Policy
        fields = ("allows_bulk", "remind_after_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version


@admin.register(Policy)
class PolicyAdmin(ScopedModelAdmin):
    """Who decides what; the director edits it, the others read it."""

    form = PolicyForm
    list_display = ("__str__", "path_words", "allows_bulk", "remind_after_days")
    fields = ("allows_bulk", "remind_after_days", "seen_version")
    inlines: ClassVar[list[Any]] = [PolicyStepInline]
    list_display_links = ("__str__",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        """Policies with their steps, two queries however many there are."""
        steps = Prefetch("steps", PolicyStep.objects.visible_to(request.user).order_by("position"), to_attr="in_order")
        rows: QuerySet[Policy] = super().get_queryset(request).prefetch_related(steps)
        return rows

    def history_entries(self, row: Policy) -> list[Entry]:
        """With the steps."""
        return policy_history(row)

    @admin.display(description=gettext_lazy("Steps"))
    def path_words(self, row: Any) -> str:
        """The steps in one line."""
        return " → ".join(
            f"{step.get_role_display()}（> {money(step.above_amount)}）"
            if step.above_amount is not None
            else str(step.get_role_display())
            for step in row.in_order
        )

    def save_through_service(self, request: HttpRequest, form: Any, formsets: list[Any], *, change: bool) -> Policy:
        data = form.cleaned_data
        return services.policy_change(
            policy_pk=form.instance.pk,
            actor=member_of(request),
            seen_version=data.get("seen_version") or 0,
            allows_bulk=data["allows_bulk"],
            remind_after_days=data["remind_after_days"],
            steps=[
                services.PolicyStepData(
                    position=row["position"],
                    step_kind=row["step_kind"],
                    role=row["role"],
                    above_amount=row["above_amount"],
                )
                for row in (one.cleaned_data for formset in formsets for one in formset.forms)
                if row and not row.get("DELETE")
            ],
        )
