"""Every change of a care is one of these functions."""

from accounts.care.services.greeting import birthdays_greet
from accounts.care.services.opening import (
    cares_follow,
    cares_open,
    cares_refresh,
    client_changed,
    people_changed,
)
from accounts.care.services.steps import (
    care_correct,
    care_greeted,
    care_leave_out,
    care_not_reached,
    care_prepare,
    care_take_up,
    care_verify,
)
from accounts.care.services.telling import month_list_send, overdue_send, week_send

__all__ = [
    "birthdays_greet",
    "care_correct",
    "care_greeted",
    "care_leave_out",
    "care_not_reached",
    "care_prepare",
    "care_take_up",
    "care_verify",
    "cares_follow",
    "cares_open",
    "cares_refresh",
    "client_changed",
    "month_list_send",
    "overdue_send",
    "people_changed",
    "week_send",
]
