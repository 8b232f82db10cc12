"""Kinds of message about visits."""

from django.utils.translation import gettext_lazy as _

from kam.outbox.kinds import declare

OVERLAP = declare("visits.overlap", _("Two visits come near each other"), required=True)
HANDLED = declare("visits.handled", _("Your visit log was looked at"))
