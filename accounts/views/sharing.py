"""Ending a share."""

from django.http import Http404
from django.utils.translation import gettext as _now

from accounts.models import Account
from accounts.services import account_unshare
from kam.core.exceptions import Text
from kam.core.pages import ActPage
from kam.people.models import Member
from kam.people.signed_in import member_of

LONGEST_KEY = 19
"""Digits of a key that every database takes."""


class AccountUnshare(ActPage):
    """Take a client back from the colleague posted as `member`, at once."""

    model = Account
    action = "share"

    def act(self) -> Text:
        chosen = self.request.POST.get("member", "")
        rows = Member.objects.visible_to(self.request.user)
        member = rows.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < LONGEST_KEY else None
        if member is None:
            raise Http404
        account_unshare(account_pk=self.row.pk, member=member, actor=member_of(self.request))
        return _now("%(client)s is not shared with %(name)s any more.") % {"client": self.row, "name": member}

    def success_url(self) -> str:
        return str(self.row.get_absolute_url())
