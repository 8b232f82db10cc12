"""Scheduled jobs of care: the 1st, Mondays, the morning and the afternoon of the day."""

from datetime import date, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.care.rules import AHEAD, LATE, week_of
from accounts.care.selectors import care_began
from accounts.care.services import (
    birthdays_greet,
    cares_refresh,
    month_list_send,
    overdue_send,
    week_send,
)
from accounts.rules.birthdays import month_bounds
from kam.jobs.registry import Counts, Occasion, job


@job(
    "care.month_list",
    title=_("List the birthdays of the month"),
    done=_("%(opened)s birthdays opened, %(told)s members told"),
    period="month",
    at=time(8),
    catch_up="latest",
    queue="long",
)
def month_list(occasion: Occasion) -> Counts:
    """The month's cares, and the list of them to director, clerks and owners (C1)."""
    first, last = month_bounds(occasion.on.year, occasion.on.month)
    opened = _refresh(occasion, first, last)
    told = month_list_send(first=first, last=last, at=occasion.now, actor=None, renew=occasion.renew)
    return {"opened": opened, "told": told}


@job(
    "care.upkeep",
    title=_("Keep birthday care in step with people and clients"),
    done=_("%(opened)s birthdays opened"),
    period="day",
    at=time(6),
    catch_up="latest",
    queue="long",
)
def upkeep(occasion: Occasion) -> Counts:
    """Birthdays of the coming days, whatever the month, and those of people who came past the services."""
    return {"opened": _refresh(occasion, occasion.on - LATE, occasion.on + AHEAD)}


@job(
    "care.recheck",
    title=_("Have the birthdays of the week verified again"),
    done=_("%(told)s members told"),
    period="week",
    weekday=1,
    at=time(8),
    catch_up="latest",
)
def recheck(occasion: Occasion) -> Counts:
    """This week's people to their owners (C2)."""
    first, last = week_of(occasion.on)
    _refresh(occasion, first, last)
    return {"told": week_send(first=first, last=last, at=occasion.now, actor=None)}


@job(
    "care.greet",
    title=_("Greet the birthdays of the day"),
    done=_("%(sms)s SMS written, %(asked)s birthdays put before their owners"),
    period="day",
    at=time(9),
    catch_up="all",
)
def greet(occasion: Occasion) -> Counts:
    """One personal greeting for each (C3); days that were missed are made up for by a call."""
    _refresh(occasion, occasion.on, occasion.on)
    sms, asked = birthdays_greet(on=occasion.on, at=occasion.now, actor=None, renew=occasion.renew)
    return {"sms": sms, "asked": asked}


@job(
    "care.overdue",
    title=_("Name the birthdays not greeted by the afternoon"),
    done=_("%(late)s not greeted"),
    period="day",
    at=time(15),
    catch_up="latest",
    max_age=timedelta(hours=9),
)
def overdue(occasion: Occasion) -> Counts:
    """What is not done goes to the owner, then to clerks and director (C3)."""
    _refresh(occasion, occasion.on, occasion.on)
    return {"late": overdue_send(on=occasion.on, at=occasion.now, actor=None)}


def _refresh(occasion: Occasion, first: date, last: date) -> int:
    """Cares from `first` to `last`, none from before care began here: a first installation brings no flood."""
    on = timezone.localdate(occasion.now)
    return cares_refresh(first=max(first, care_began(on)), last=last, on=on, actor=None, renew=occasion.renew)
