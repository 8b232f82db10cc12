"""Jobs of the dossiers."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from accounts.services import grants_drop_ended, shares_tell_ending
from kam.jobs.registry import Counts, Occasion, job


@job(
    "accounts.drop_ended_grants",
    title=_("Delete shares of clients that have ended"),
    done=_("%(grants)s deleted"),
    period="day",
    at=time(0, 20),
)
def drop_ended_grants(occasion: Occasion) -> Counts:
    """Ended grants give no access; this only sweeps them away."""
    return {"grants": grants_drop_ended(on=occasion.on)}


@job(
    "accounts.tell_ending_shares",
    title=_("Tell of shares of clients that end soon"),
    done=_("%(shares)s told"),
    period="day",
    at=time(8, 20),
)
def tell_ending_shares(occasion: Occasion) -> Counts:
    """Three days before its end colleague and account manager are told, once."""
    return {"shares": shares_tell_ending(on=occasion.on, at=occasion.now)}
