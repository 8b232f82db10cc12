"""Jobs of the approvals."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from kam.approvals.services import requests_remind
from kam.jobs.registry import Counts, Occasion, job


@job(
    "approvals.remind",
    title=_("Remind of requests that wait too long"),
    done=_("%(requests)s reminded"),
    period="day",
    at=time(8, 30),
)
def remind(occasion: Occasion) -> Counts:
    """Every working morning's reminder; a request is reminded of once per period of its policy."""
    return {"requests": requests_remind(now=occasion.now)}
