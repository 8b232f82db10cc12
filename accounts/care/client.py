"""What care hands to the client page: its tab, and greetings in the timeline."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.care.choices import CareStatus
from accounts.care.models import BirthdayCare
from accounts.models import Account
from kam.core.contributions import ClientTab, TimelineEvent, contribute
from kam.core.scoping import Reach, reach


@contribute("tabs")
def care_tab(user: Any, account: Account) -> Iterator[ClientTab]:
    """Birthdays of the client's people, for those who see people."""
    if reach(user, BirthdayCare, "view") is not Reach.NONE:
        yield ClientTab("care", _("Care"), reverse("client_care:tab", args=[account.pk]), order=30)


@contribute("timeline")
def greetings(user: Any, account: Account, limit: int) -> Iterator[TimelineEvent]:
    """Who was greeted, and what was said; who was not reached."""
    rows = BirthdayCare.objects.visible_to(user).filter(account=account, greeted_at__isnull=False)
    for care in rows.select_related("contact", "greeted_by").order_by("-greeted_at")[:limit]:
        done = care.status == CareStatus.DONE
        text = _("%(name)s greeted: %(reaction)s") if done and care.reaction else _("%(name)s greeted")
        if not done:
            text = _("%(name)s was not reached")
        yield TimelineEvent(
            at=care.greeted_at,  # type: ignore[arg-type]
            who=str(care.greeted_by or _("System")),
            kind=_("Birthday"),
            text=text % {"name": care.contact.name, "reaction": care.get_reaction_display()},
            quote=care.said,
            url=care.get_absolute_url(),
            tone="ok" if done else "",
        )
