"""Member page, and what director and clerk do there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kam.core.calendar import now, today
from kam.core.pages import FormPage
from kam.core.scoping import allowed
from kam.people import selectors, services
from kam.people.forms import LeaveForm, MemberForm
from kam.people.guards import may_outrank
from kam.people.models import Member
from kam.people.signed_in import member_of
from kam.people.views.pages import in_scope, must_have


@require_GET
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of the phone book; director and clerk also see access, authorities and history."""
    user, member = member_of(request), in_scope(request, Member, pk)
    keeps = allowed(user, member, "change")
    context: dict[str, Any] = {
        "title": member.full_name,
        "member": member,
        "back_url": reverse("people:member_list"),
        "keeps": keeps,
        "is_present": member.may_sign_in(today()),
        "subordinates": Member.objects.visible_to(user).present(today()).filter(superior=member),
    }
    if keeps:
        context |= {
            "may_end": may_outrank(user, member) and user.pk != member.pk,
            "delegations": selectors.delegations_about(member, on=today()),
            "open_sessions": len(selectors.open_sessions(member, at=now())),
            "locked_until": selectors.locked_until(member.username, at=now()),
            "history": selectors.member_history(member),
        }
    return render(request, "people/member.html", context)


class MemberCreate(FormPage):
    """Add a member; the answer shows the first password once."""

    model = Member
    action = "add"
    creates = True
    form_class = MemberForm
    title = _("New member")
    submit_label = _("Add member")
    password = ""

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": member_of(self.request), "on": today(), "initial": {"joined_on": today()}}

    def call(self, form: MemberForm) -> Member:
        member, self.password = services.member_add(actor=member_of(self.request), **form.values())
        return member

    def tell(self, saved: Member) -> None:
        """The page that follows says it."""
        self.row = saved

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the password instead of going on; it is kept nowhere."""
        answer = super().post(request, *args, **kwargs)
        return first_password_page(request, self.row, self.password) if self.row is not None else answer

    def cancel_url(self) -> str:
        return reverse("people:member_list")


class MemberEdit(FormPage):
    """Change a member's data."""

    model = Member
    form_class = MemberForm
    title = _("Edit member")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row, "user": member_of(self.request), "on": today()}

    def call(self, form: MemberForm) -> Member:
        return services.member_change(
            actor=member_of(self.request),
            member_pk=self.row.pk,
            on=today(),
            version=form.cleaned_data["version"],
            **form.values(),
        )

    def context(self) -> dict[str, Any]:
        return {"subtitle": self.row.full_name}


class MemberLeave(FormPage):
    """Say on which day a member leaves."""

    model = Member
    form_class = LeaveForm
    template_name = "people/leave.html"
    title = _("End access")
    submit_label = _("End access")

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"left_on": today()}}

    def call(self, form: LeaveForm) -> Member:
        left_on = form.cleaned_data["left_on"]
        return services.member_leave(
            actor=member_of(self.request), member_pk=self.row.pk, left_on=left_on, at=now(), on=today()
        )

    def success_message(self, saved: Member) -> str:
        words = _("%(name)s’s access ends that day.") if saved.is_active else _("%(name)s has no access any more.")
        return words % {"name": saved.full_name}

    def context(self) -> dict[str, Any]:
        return {"subtitle": self.row.full_name}


@require_POST
@never_cache
def member_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member back, or call an announced leaving off."""
    must_have(request, Member, "change")
    member, password = services.member_return(actor=member_of(request), member_pk=in_scope(request, Member, pk).pk)
    if password:
        return first_password_page(request, member, password)
    messages.success(request, _("%(name)s stays.") % {"name": member.full_name})
    return redirect(member)


@require_POST
@never_cache
def member_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a new first password."""
    must_have(request, Member, "change")
    member, password = services.password_reset(actor=member_of(request), member_pk=in_scope(request, Member, pk).pk)
    return first_password_page(request, member, password)


@require_POST
def member_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift the lock after wrong passwords."""
    must_have(request, Member, "change")
    member = services.sign_in_unlock(actor=member_of(request), member_pk=in_scope(request, Member, pk).pk)
    messages.success(request, _("%(name)s can sign in again.") % {"name": member.full_name})
    return redirect(member)


def first_password_page(request: HttpRequest, member: Member, password: str) -> HttpResponse:
    """The one page on which a first password is ever shown."""
    context = {"title": _now("First password"), "member": member, "password": password}
    answer = render(request, "people/first_password.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer
