"""What visits put on the workbench: next steps that are due, logs that wait to be handled."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kam.core.contributions import Action, TodayRow, contribute
from kam.core.lists.cells import row_url
from kam.core.scoping import Reach, reach
from visits.choices import OPEN_LINES, LogStatus
from visits.models import VisitLog, VisitPlanLine

AHEAD_DAYS = 7
LOOKED_BACK_DAYS = 14
MOST = 60
COUNTED = 1000


@contribute("today")
def next_steps(user: Any, on: date) -> Iterator[TodayRow]:
    """Next steps of the member's own visits within `AHEAD_DAYS`, and those that are overdue."""
    if reach(user, VisitLog, "change") is Reach.NONE:
        return
    rows = VisitLog.objects.visible_to(user).filter(
        visitor=user, next_done_on__isnull=True, next_on__lte=on + timedelta(days=AHEAD_DAYS)
    )
    columns = ("pk", "on", "next_on", "next_step", "people_named", "account", "account__name", "account__short_name")
    for log in rows.order_by("next_on", "pk").values(*columns)[:MOST]:
        client = log["account__short_name"] or log["account__name"]
        done, brief = row_url("visits:next_step_done", log["pk"]), row_url("visits:brief", log["account"])
        yield TodayRow(
            kind="next_step",
            kind_label=_("Follow-ups"),
            icon="flag",
            title=log["next_step"],
            url=row_url("visits:log_detail", log["pk"]),
            meta=(client, log["people_named"], gettext("visited on %(day)s") % {"day": f"{log['on']:%m-%d}"}),
            due_on=log["next_on"],
            actions=(
                Action(_("Done"), done, method="post", icon="check"),
                Action(_("Before the meeting"), brief, icon="eye"),
            ),
            account_id=log["account"],
        )


@contribute("today")
def planned_visits_due(user: Any, on: date) -> Iterator[TodayRow]:
    """Planned visits of today and of the last days that are not logged yet."""
    if reach(user, VisitPlanLine, "change") is Reach.NONE:
        return
    rows = VisitPlanLine.objects.visible_to(user).filter(plan__member=user, status__in=OPEN_LINES)
    around = rows.filter(on__gte=on - timedelta(days=LOOKED_BACK_DAYS), on__lte=on + timedelta(days=1))
    for line in around.select_related("account").order_by("on", "begins", "pk")[:MOST]:
        clock = f"{line.begins:%H:%M} " if line.begins else ""
        log_url = f"{reverse('visits:log_file', args=[line.account_id])}?line={line.pk}"
        yield TodayRow(
            kind="visit",
            kind_label=_("Visits"),
            icon="map-pin",
            title=f"{clock}{line.account}",
            url=log_url if line.on <= on else reverse("visits:brief", args=[line.account_id]),
            meta=(line.people_named, line.matters[:40]),
            due_on=line.on,
            actions=(
                Action(_("Log a visit"), log_url, icon="check"),
                Action(_("Before the meeting"), reverse("visits:brief", args=[line.account_id]), icon="eye"),
            ),
            account_id=line.account_id,
        )


@contribute("today")
def logs_to_handle(user: Any, on: date) -> Iterator[TodayRow]:
    """Logs of months that are over and that nobody has handled: one row for director and clerk."""
    if reach(user, VisitLog, "handle") is Reach.NONE:
        return
    first = on.replace(day=1)
    waiting = VisitLog.objects.visible_to(user, "handle").filter(status=LogStatus.FILED, on__lt=first)
    count = waiting.exclude(visitor=user).order_by()[:COUNTED].count()
    if not count:
        return
    last = first - timedelta(days=1)
    yield TodayRow(
        kind="visit_review",
        kind_label=_("Month-end review"),
        icon="notes",
        title=ngettext("%(n)s visit log waits for its review", "%(n)s visit logs wait for their review", count)
        % {"n": count},
        url=f"{reverse('visits:log_list')}?status=filed&on_before={last:%Y-%m-%d}",
        meta=(gettext("of months that are over"),),
        due_on=on,
    )
