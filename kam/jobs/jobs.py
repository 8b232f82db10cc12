"""Jobs of the ground: members who leave, sessions, sign-in records, files, old runs."""

from datetime import time

from axes.handlers.proxy import AxesProxyHandler
from django.utils.translation import gettext_lazy as _

from kam.core.exports.services import KEPT, exports_drop_old
from kam.core.stored_files import lost_files_delete
from kam.jobs.registry import Counts, Occasion, job
from kam.jobs.services import RUNS_KEPT, runs_drop_old
from kam.people.services import members_close_departed, sessions_drop_ended

SIGN_IN_RECORDS_DAYS = 180


@job(
    "people.close_departed",
    title=_("Close the access of members whose last day has come"),
    done=_("%(closed)s closed"),
    period="day",
    at=time(0, 0),
)
def close_departed(occasion: Occasion) -> Counts:
    """Leaving that was announced takes effect."""
    return {"closed": members_close_departed(at=occasion.now, on=occasion.on)}


@job(
    "people.drop_ended_sessions",
    title=_("Delete sign-ins that have ended"),
    done=_("%(sessions)s sign-ins and %(records)s sign-in records deleted"),
    period="day",
    at=time(3, 10),
)
def drop_ended_sessions(occasion: Occasion) -> Counts:
    """Sessions past their end, and sign-in records that are no longer of use."""
    return {
        "sessions": sessions_drop_ended(at=occasion.now),
        "records": AxesProxyHandler.reset_logs(age_days=SIGN_IN_RECORDS_DAYS),
    }


@job(
    "core.delete_lost_files",
    title=_("Delete files that belong to nothing"),
    done=_("%(files)s deleted"),
    period="day",
    at=time(3, 20),
)
def delete_lost_files(occasion: Occasion) -> Counts:
    """An upload whose saving failed leaves its file behind."""
    return {"files": lost_files_delete(now=occasion.now)}


@job(
    "core.drop_exports",
    title=_("Delete files of exports that have been kept long enough"),
    done=_("%(files)s deleted"),
    period="day",
    at=time(3, 25),
)
def drop_exports(occasion: Occasion) -> Counts:
    """A large export is there to be fetched for a week."""
    return {"files": exports_drop_old(before=occasion.now - KEPT)}


@job(
    "jobs.drop_old_runs",
    title=_("Delete old runs of jobs"),
    done=_("%(runs)s deleted"),
    period="month",
    at=time(3, 30),
)
def drop_old_runs(occasion: Occasion) -> Counts:
    """Runs are kept a little over a year."""
    return {"runs": runs_drop_old(before=occasion.now - RUNS_KEPT)}
