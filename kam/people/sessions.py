"""Where sessions are kept: in the database, each row with the member it belongs to."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from kam.people.models import OpenSession

STARTED = "started_at"
SEEN = "seen_at"
SEEN_STEP = timedelta(minutes=5)
"""How exactly the last use is known; a finer step would write to the database on every page."""


class SessionStore(DatabaseStore):
    """Django's database sessions on `OpenSession` rows."""

    @classmethod
    def get_model_class(cls) -> type[OpenSession]:
        return OpenSession

    def create_model_instance(self, data: dict[str, Any]) -> OpenSession:
        """The row to store; the session of somebody not signed in has no member."""
        row = cast("OpenSession", super().create_model_instance(data))
        row.member_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.started_at = _moment(data.get(STARTED))
        row.seen_at = _moment(data.get(SEEN))
        return row


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def still_open(session: SessionBase, at: datetime) -> bool:
    """Whether a signed-in session is within its hours and its idle time; notes the use.

    A session lasts `SESSION_COOKIE_AGE` seconds from sign-in however busy it is, and ends sooner when nothing was
    opened for `SESSION_IDLE_SECONDS`.
    """
    moment = int(at.timestamp())
    started, seen = session.get(STARTED), session.get(SEEN)
    if started is None or seen is None:
        session[STARTED] = session[SEEN] = moment
        return True
    if moment - started >= settings.SESSION_COOKIE_AGE or moment - seen >= settings.SESSION_IDLE_SECONDS:
        return False
    if moment - seen >= SEEN_STEP.total_seconds():
        session[SEEN] = moment
    return True
