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
from kam.core.scoping import allowed
from kam.people import selectors, services
from kam.people.forms import LeaveForm, MemberForm
from kam.people.guards import may_outrank
from kam.people.models import Member
from kam.people.signed_in import member_of
from kam.people.views.pages import FormPage, in_scope, must_have


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
    title = _("New member")
    submit_label = _("Add member")

    def form(self, request: HttpRequest, data: Any = None) -> MemberForm:
        return MemberForm(data, user=member_of(request), on=today(), initial={"joined_on": today()})

    def save(self, request: HttpRequest, form: MemberForm) -> HttpResponse:
        data = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        member, password = services.member_add(actor=member_of(request), **data)
        return first_password_page(request, member, password)

    def cancel_url(self) -> str:
        return reverse("people:member_list")


class MemberPage(FormPage):
    """A form on the page of one member."""

    model = Member
    member: Member

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Fetch the member in scope."""
        self.member = in_scope(request, Member, kwargs["pk"])
        self.subtitle = self.member.full_name
        return super().dispatch(request, *args, **kwargs)

    def cancel_url(self) -> str:
        return self.member.get_absolute_url()


class MemberEdit(MemberPage):
    """Change a member's data."""

    title = _("Edit member")

    def form(self, request: HttpRequest, data: Any = None) -> MemberForm:
        return MemberForm(data, instance=self.member, user=member_of(request), on=today())

    def save(self, request: HttpRequest, form: MemberForm) -> str:
        services.member_change(actor=member_of(request), member_pk=self.member.pk, on=today(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return self.member.get_absolute_url()


class MemberLeave(MemberPage):
    """Say on which day a member leaves."""

    template_name = "people/leave.html"
    title = _("End access")
    submit_label = _("End access")

    def form(self, request: HttpRequest, data: Any = None) -> LeaveForm:
        return LeaveForm(data, initial={"left_on": today()})

    def save(self, request: HttpRequest, form: LeaveForm) -> str:
        member = services.member_leave(
            actor=member_of(request),
            member_pk=self.member.pk,
            left_on=form.cleaned_data["left_on"],
            at=now(),
            on=today(),
        )
        words = _("%(name)s has no access any more.") if not member.is_active else _("%(name)s’s access ends that day.")
        messages.success(request, words % {"name": member.full_name})
        return member.get_absolute_url()


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
