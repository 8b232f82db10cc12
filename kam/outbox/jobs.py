"""Jobs of the messages."""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from kam.jobs.registry import Counts, Occasion, job
from kam.outbox.services import messages_drop_old

FILES_KEPT = timedelta(days=90)
MESSAGES_KEPT = timedelta(days=1100)


@job(
    "outbox.drop_old",
    title=_("Delete old messages and the files of mail that was sent"),
    done=_("%(messages)s messages and %(files)s files deleted"),
    period="month",
    at=time(3, 40),
)
def drop_old(occasion: Occasion) -> Counts:
    """Files are kept three months, messages a little over three years."""
    files, messages = messages_drop_old(
        files_before=occasion.now - FILES_KEPT, messages_before=occasion.now - MESSAGES_KEPT
    )
    return {"files": files, "messages": messages}
