"""What visits put on the workbench: next steps that are due, logs that wait to be handled."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kam.core.contributions import Action, TodayRow, contribute
from kam.core.scoping import Reach, reach
from visits.choices import LogStatus
from visits.models import VisitLog

AHEAD_DAYS = 7
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
    for log in rows.select_related("account").order_by("next_on", "pk")[:MOST]:
        yield TodayRow(
            kind="next_step",
            kind_label=_("Follow-ups"),
            icon="flag",
            title=log.next_step,
            url=log.get_absolute_url(),
            meta=(str(log.account), log.people_named, gettext("visited on %(day)s") % {"day": f"{log.on:%m-%d}"}),
            due_on=log.next_on,
            actions=(
                Action(_("Done"), reverse("visits:next_step_done", args=[log.pk]), method="post", icon="check"),
                Action(_("Before the meeting"), reverse("visits:brief", args=[log.account_id]), icon="eye"),
            ),
            account_id=log.account_id,
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
