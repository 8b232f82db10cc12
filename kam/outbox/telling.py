"""What the outbox itself tells: an authority was handed over or taken back, and long work has ended."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kam.core.contributions import contribute
from kam.core.work.models import Work
from kam.outbox.messages import DELEGATION_GRANTED, DELEGATION_REVOKED, WORK_ENDED
from kam.outbox.services import message_send
from kam.people.choices import Authority
from kam.people.models import Delegation, Member
from kam.people.telling import Event

TOLD = {
    Event.GRANTED: (
        DELEGATION_GRANTED,
        _("%(grantor)s handed you an authority: %(authority)s, from %(start)s until %(end)s."),
    ),
    Event.REVOKED: (
        DELEGATION_REVOKED,
        _("%(actor)s took back the delegation of %(grantor)s to %(delegate)s: %(authority)s."),
    ),
}


def tell_of_delegation(delegation: Delegation, event: Event, actor: Member | None) -> None:
    """The delegate is told; of a revocation by somebody else the grantor too."""
    told = {delegation.delegate_id: delegation.delegate}
    if event is Event.REVOKED:
        told[delegation.grantor_id] = delegation.grantor
    kind, text = TOLD[event]
    for member in told.values():
        if actor is None or member.pk != actor.pk:
            message_send(
                kind=kind,
                recipient=member,
                key=f"{kind.code}:{delegation.pk}",
                text=text,
                at=delegation.revoked_at or delegation.created_at,
                params={
                    "actor": actor or _("System"),
                    "grantor": delegation.grantor,
                    "delegate": delegation.delegate,
                    "authority": Authority(delegation.authority).label,
                    "start": delegation.starts_on,
                    "end": delegation.ends_on,
                },
                url=delegation.get_absolute_url(),
            )


@contribute("ended")
def tell_of_work(work: Work, at: datetime) -> Iterator[bool]:
    """Whoever asked for long work is told where its result is, or why there is none."""
    ending = work.ending()
    if work.actor is not None and ending is not None:
        text, params = ending
        key = f"{work._meta.label_lower}:{work.pk}:{work.state}:{at:%Y%m%d%H%M%S}"
        url = work.get_absolute_url()
        yield message_send(kind=WORK_ENDED, recipient=work.actor, key=key, text=text, params=params, at=at, url=url)
