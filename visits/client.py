"""What visits hand to a client's page: the last visit against cadence, what was said, tab, events, buttons."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from kam.core.contributions import Action, ClientTab, HeaderFact, TimelineEvent, contribute
from kam.core.words import days_away
from visits.models import VisitLog
from visits.selectors import newest_logs, sees_visits, visit_rules


@contribute("facts")
def last_visit_fact(user: Any, account: Account, on: date) -> Iterator[HeaderFact]:
    """Days since the last visit beside the cadence of the grade."""
    if not sees_visits(user):
        return
    cadence = visit_rules().cadence_of(account.grade)
    measure = _("every %(days)s days") % {"days": cadence} if cadence else ""
    logs = newest_logs(user, account)
    if not logs:
        yield HeaderFact(_("Last visit"), _("never"), measure, "warn" if cadence else "", order=20)
        return
    days = (on - logs[0].on).days
    yield HeaderFact(
        _("Last visit"),
        days_away(-days),
        measure,
        "bad" if cadence and days > cadence else "",
        url=f"{reverse('visits:log_list')}?client={account.pk}",
        order=20,
    )


@contribute("tabs")
def visits_tab(user: Any, account: Account) -> Iterator[ClientTab]:
    """The client's visits."""
    if sees_visits(user):
        yield ClientTab("visits", _("Visits"), f"{reverse('visits:log_list')}?client={account.pk}", order=30)


@contribute("actions")
def visit_actions(user: Any, account: Account, acts: frozenset[str]) -> Iterator[Action]:
    """To be read before the meeting, and to be written after it."""
    if sees_visits(user):
        yield Action(_("Before the meeting"), reverse("visits:brief", args=[account.pk]), icon="eye")
        if "change" in acts:
            yield Action(_("Log a visit"), reverse("visits:log_file", args=[account.pk]), icon="map-pin")


@contribute("said")
def what_was_said(user: Any, account: Account, limit: int) -> Iterator[TimelineEvent]:
    """The last things that the client said."""
    for log in [log for log in newest_logs(user, account) if log.said][:limit]:
        yield TimelineEvent(
            at=_at(log),
            who=str(log.visitor),
            kind=log.people_named or log.others_met,
            text="",
            quote=log.said,
            url=log.get_absolute_url(),
        )


@contribute("timeline")
def visit_events(user: Any, account: Account, limit: int) -> Iterator[TimelineEvent]:
    """Visits made."""
    for log in newest_logs(user, account)[:limit]:
        yield TimelineEvent(
            at=_at(log),
            who=str(log.visitor),
            kind=_("Visit"),
            text=log.matters,
            quote=log.said,
            url=log.get_absolute_url(),
            tone="acc",
            icon="map-pin",
        )


def _at(log: VisitLog) -> datetime:
    return timezone.make_aware(datetime.combine(log.on, log.begins or time.min))
