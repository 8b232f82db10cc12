"""Kinds of message about authorities."""

from django.utils.translation import gettext_lazy as _

from kam.outbox.kinds import declare

DELEGATION_GRANTED = declare("people.delegation_granted", _("You are handed an authority"))
DELEGATION_REVOKED = declare("people.delegation_revoked", _("An authority is taken back"))
