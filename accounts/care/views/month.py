"""The month as a calendar."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.care.models import BirthdayCare
from accounts.care.rules import Month
from accounts.care.showing import calendar_weeks
from kam.core.calendar import is_announced, today
from kam.people.signed_in import member_of
from kam.people.views.pages import must_have


@require_safe
def month_calendar(request: HttpRequest, month: date | None = None) -> HttpResponse:
    """Every day of the month with its lunar date, whether it is worked, and whose birthday it is."""
    must_have(request, BirthdayCare, "view")
    on = today()
    try:
        shown = Month.of(month or on)
    except ValueError as error:
        raise Http404 from error
    weeks = calendar_weeks(member_of(request), shown, on=on)
    context = {
        "title": _("Birthday care"),
        "month": shown,
        "weeks": weeks,
        "agenda": [day for week in weeks for day in week if day.cares and day.in_month],
        "holidays_known": is_announced(shown.first),
    }
    return render(request, "care/calendar.html", context)
