"""What the one search finds among visits: words of matters and of what was said, newest first."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kam.core.contributions import SearchHit, contribute
from kam.core.lists.cells import row_url
from visits.models import VisitLog
from visits.selectors import sees_visits

SHORTEST, LOOKED_THROUGH = 2, 2000
"""Characters that must be typed; newest visits that are looked through, so that a search never reads them all."""


@contribute("search")
def visits(user: Any, words: str, limit: int) -> Iterator[SearchHit]:
    """Visits in which the words occur."""
    text = words.strip()
    if len(text) < SHORTEST or not sees_visits(user):
        return
    newest = VisitLog.objects.visible_to(user).order_by("-on", "-pk").values("pk")[:LOOKED_THROUGH]
    found = Q(matters__icontains=text) | Q(said__icontains=text) | Q(people_named__icontains=text)
    rows = VisitLog.objects.visible_to(user).filter(found, pk__in=newest)
    columns = ("pk", "on", "people_named", "visitor__full_name", "account", "account__name", "account__short_name")
    for log in rows.values(*columns)[:limit]:
        client = log["account__short_name"] or log["account__name"]
        yield SearchHit(
            kind=_("Visits"),
            title=f"{client} {log['on']:%Y-%m-%d}",
            url=row_url("visits:log_detail", log["pk"]),
            sub=" · ".join(filter(None, (log["visitor__full_name"], log["people_named"]))),
            icon="map-pin",
            account_id=log["account"],
        )
