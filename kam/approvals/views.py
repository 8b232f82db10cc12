"""Pages of the approvals on the intranet."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kam.approvals import services
from kam.approvals.acting import decide_from, outcome_words
from kam.approvals.kinds import kind_of
from kam.approvals.models import Request
from kam.approvals.page import DecisionPage
from kam.core.calendar import now, today
from kam.core.exceptions import ChangedMeanwhile, DomainError
from kam.people.signed_in import member_of


@login_required
@require_GET
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, and what to do about it."""
    return _page(request, _visible(request, pk))


@login_required
@require_POST
def request_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the step that waits; afterwards the page named by `next`, the next request that waits, or the list."""
    approval, back = _visible(request, pk), _own_page(request.POST.get("next", ""))
    try:
        decided = decide_from(request.POST, approval, member_of(request), now())
    except ChangedMeanwhile as changed:
        messages.error(request, str(changed))
        return redirect("approvals:request_detail", pk=pk)
    except DomainError as error:
        if error.field != "comment":
            raise
        comment = request.POST.get("comment", "")
        return _page(request, approval, error=str(error), comment=comment, back=back, status=400)
    messages.success(request, outcome_words(decided, request.POST.get("decision", "")))
    following = back or DecisionPage(decided, member_of(request), today()).next_url
    return redirect(following or reverse("approvals:request_list"))


@login_required
@require_POST
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The requester takes it back."""
    approval = _visible(request, pk)
    try:
        services.request_withdraw(
            request_pk=approval.pk, actor=member_of(request), seen_revision=_number(request, "revision"), now=now()
        )
    except ChangedMeanwhile as changed:
        messages.error(request, str(changed))
    else:
        messages.success(request, _("%(number)s is withdrawn.") % {"number": approval.number})
    return redirect("approvals:request_detail", pk=pk)


@login_required
@require_POST
def request_carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Finance opens what was approved."""
    approval = _visible(request, pk)
    try:
        done = services.request_carry_out(
            request_pk=approval.pk, actor=member_of(request), seen_revision=_number(request, "revision"), now=now()
        )
    except ChangedMeanwhile as changed:
        messages.error(request, str(changed))
        return redirect("approvals:request_detail", pk=pk)
    messages.success(
        request,
        _("%(client)s: %(what)s is in effect (%(number)s).")
        % {"client": done.account_name, "what": kind_of(done.kind).heading(done), "number": done.number},
    )
    return redirect(DecisionPage(done, member_of(request), today()).next_url or reverse("approvals:request_list"))


@login_required
@require_GET
def document(request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
    """A file that was put up with the request, for whoever sees the request; exactly the bytes that were put up."""
    file = kind_of((approval := _visible(request, pk)).kind).open_document(approval, file_pk)
    if file is None:
        raise Http404
    answer = FileResponse(file.stream, as_attachment=True, filename=file.name, content_type=file.content_type)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _visible(request: HttpRequest, pk: int) -> Request:
    found: Request = get_object_or_404(
        Request.objects.visible_to(member_of(request)).select_related("requester"), pk=pk
    )
    return found


def _page(request: HttpRequest, approval: Request, *, status: int = 200, **given: Any) -> HttpResponse:
    page = DecisionPage(approval, member_of(request), today(), **given)
    context = page.as_dict()
    return render(
        request,
        "approvals/request_detail.html",
        {**context, "title": context["kind_title"], "back_url": reverse("approvals:request_list")},
        status=status,
    )


def _own_page(address: str) -> str:
    """The address if it is a page of the product; empty for anything else."""
    is_own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_own else ""


def _number(request: HttpRequest, name: str) -> int:
    """A whole number of the form; 0, which no row has, for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
