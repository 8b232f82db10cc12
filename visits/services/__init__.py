"""Every change of visits is one of these functions."""

from visits.services.logs import next_step_done, visit_log_change, visit_log_file, visit_log_handle
from visits.services.photos import photo_add, photo_remove
from visits.services.plans import (
    plan_came_back,
    plan_decided,
    plan_line_add,
    plan_line_cancel,
    plan_line_change,
    plan_open,
    plan_submit,
)
from visits.services.settings import visit_rules_change, visit_rules_ensure

__all__ = [
    "next_step_done",
    "photo_add",
    "photo_remove",
    "plan_came_back",
    "plan_decided",
    "plan_line_add",
    "plan_line_cancel",
    "plan_line_change",
    "plan_open",
    "plan_submit",
    "visit_log_change",
    "visit_log_file",
    "visit_log_handle",
    "visit_rules_change",
    "visit_rules_ensure",
]
