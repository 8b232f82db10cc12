"""Ending a share."""

from django.http import Http404
from django.utils.translation import gettext as _now

from accounts.models import Account
from accounts.services import account_unshare
from kam.core.exceptions import Text
from kam.core.pages import ActPage
from kam.core.plain import read_key
from kam.people.models import Member
from kam.people.signed_in import member_of


class AccountUnshare(ActPage):
    """Take a client back from the colleague posted as `member`, at once."""

    model = Account
    action = "share"

    def act(self) -> Text:
        chosen = read_key(self.request.POST.get("member", ""))
        member = Member.objects.visible_to(self.request.user).filter(pk=chosen).first()
        if member is None:
            raise Http404
        account_unshare(account_pk=self.row.pk, member=member, actor=member_of(self.request))
        return _now("%(client)s is not shared with %(name)s any more.") % {"client": self.row, "name": member}

    def success_url(self) -> str:
        return str(self.row.get_absolute_url())
