"""What the member was told."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kam.core.calendar import now
from kam.desk.context import frame
from kam.outbox.models import Notice
from kam.outbox.selectors import notices_for
from kam.outbox.services import notice_mark_read, notices_mark_all_read

PAGE = 25


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Own notices, newest first; `?unread=1` only what is new."""
    unread_only = request.GET.get("unread") == "1"
    page = Paginator(notices_for(request.user, unread_only=unread_only), PAGE).get_page(request.GET.get("page"))
    unread = frame(request)["frame"].unread
    return render(
        request,
        "desk/notices.html",
        {"title": _("Messages"), "page": page, "unread_only": unread_only, "unread": unread},
    )


@login_required
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Note one notice as read and go where it leads."""
    try:
        notice = notice_mark_read(notice_pk=pk, actor=request.user, at=now())
    except Notice.DoesNotExist as missing:
        raise Http404 from missing
    leads_home = url_has_allowed_host_and_scheme(notice.url, {request.get_host()}, require_https=request.is_secure())
    return redirect(notice.url if notice.url and leads_home else "desk:notices")


@login_required
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Note everything as read."""
    notices_mark_all_read(actor=request.user, at=now())
    return redirect("desk:notices")
