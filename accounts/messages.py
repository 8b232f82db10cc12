"""Kinds of message about clients."""

from django.utils.translation import gettext_lazy as _

from kam.outbox.kinds import declare

ASSIGNED = declare("accounts.assigned", _("A client is yours to look after"))
SHARED = declare("accounts.shared", _("A client is shared with you"))
SHARE_ENDING = declare("accounts.share_ending", _("A share of a client ends"))
