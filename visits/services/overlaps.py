"""Telling both sides of an overlap (V5). The same overlap is told once."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.outbox.services import message_send
from kam.people.models import Member
from visits.messages import OVERLAP
from visits.rules import Overlap, OverlapKind, Visit
from visits.selectors import overlaps_of, visit_rules

TEXTS: dict[OverlapKind, Promise] = {
    OverlapKind.PERSON: _(
        "%(client)s: you on %(mine)s and %(who)s on %(theirs)s meet the same person. Talk to each other."
    ),
    OverlapKind.CLIENT: _("%(client)s: you and %(who)s are both there on %(mine)s. Talk to each other."),
}


def overlaps_tell(account: Account, mine: Visit, *, at: datetime) -> list[Overlap]:
    """Tell both members of each overlap of a visit; inside the caller's transaction. Returns the overlaps."""
    found = overlaps_of([mine], visit_rules())
    keys = {mine.member, *(overlap.other.member for overlap in found)}
    members = Member.objects.for_system().in_bulk(keys) if found else {}
    for overlap in found:
        sides = (overlap.mine, overlap.other)
        for own, other in (sides, sides[::-1]):
            message_send(
                kind=OVERLAP,
                recipient=members[own.member],
                key=f"visits.overlap:{':'.join(sorted(f'{side.key}@{side.on}' for side in sides))}:{overlap.kind}",
                at=at,
                text=TEXTS[overlap.kind],
                params={
                    "client": str(account),
                    "who": members[other.member].full_name,
                    "mine": f"{own.on:%m-%d}",
                    "theirs": f"{other.on:%m-%d}",
                },
                url=account.get_absolute_url(),
                account_id=account.pk,
            )
    return found
