"""Kinds of message about authorities and long work."""

from django.utils.translation import gettext_lazy as _

from kam.outbox.choices import Channel
from kam.outbox.kinds import declare

DELEGATION_GRANTED = declare("people.delegation_granted", _("You are handed an authority"))
DELEGATION_REVOKED = declare("people.delegation_revoked", _("An authority is taken back"))
WORK_ENDED = declare("core.work_ended", _("An import or a large export has ended"), channels=(Channel.IN_APP,))
