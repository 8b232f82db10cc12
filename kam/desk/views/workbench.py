"""The workbench: today first, then how we stand."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kam.core.calendar import now, today
from kam.core.contributions import TodayRow, collect
from kam.desk import rules, selectors
from kam.desk.rows import todo_groups
from kam.desk.words import NOTHING_WAITS
from kam.jobs.liveness import silence_told_to
from kam.people.choices import Role

SHOWN = 40
"""Rows on the page; the rest is reached by the kinds above the list."""


@login_required
@require_safe
def workbench(request: HttpRequest) -> HttpResponse:
    """The day of one member: what waits, the clients in short, what changed; `?kind=` narrows the list."""
    on = today()
    user: Any = request.user
    rows: list[TodayRow] = collect("today", user, on)
    chosen = request.GET.get("kind", "")
    segments = rules.segments(rows, chosen)
    shown = rows if segments[0].current else [row for row in rows if row.kind == chosen]
    still = [row for row in rows if row.done_at is None]
    return render(
        request,
        "desk/workbench.html",
        {
            "title": _("Workbench"),
            "heading": _heading(user),
            "silence": silence_told_to(user, now=now()),
            "day": _day(on),
            "waiting": sum(row.waits_for_me for row in still),
            "late": sum(rules.is_late(row, on) for row in still),
            "open_count": len(still),
            "done_count": len(rows) - len(still),
            "segments": segments,
            "groups": todo_groups(rules.groups(shown, on, SHOWN), on),
            "more_count": max(0, sum(row.done_at is None for row in shown) - SHOWN),
            "nothing_waits": NOTHING_WAITS[user.role],
            "portfolio": selectors.portfolio(user),
            "changes": selectors.recent_changes(user, by_others=user.role == Role.MANAGER),
            "delegations": selectors.delegations(user, on),
        },
    )


def _heading(user: Any) -> str:
    name = user.full_name
    if user.role == Role.DIRECTOR:
        is_chinese = (get_language() or "").startswith("zh")
        name = _("Director %(name)s") % {"name": user.surname if is_chinese else user.full_name}
    hello = rules.greeting(timezone.localtime(now()).hour)
    return _("%(greeting)s, %(name)s") % {"greeting": hello, "name": name}


def _day(on: date) -> list[str]:
    return [f"{date_format(on, 'Y-m-d')} {date_format(on, 'l')}", rules.lunar_date(on, get_language() or "")]
