"""Kinds of message about requests."""

from django.utils.translation import gettext_lazy as _

from kam.outbox.kinds import declare

ASKED = declare("approvals.asked", _("A request is put before you"), required=True)
DECIDED = declare("approvals.decided", _("What becomes of a request"))
RETURNED = declare("approvals.returned", _("A request comes back to you"), required=True)
WAITING = declare("approvals.waiting", _("A request waits too long"), required=True)
