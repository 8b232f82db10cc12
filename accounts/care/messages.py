"""Kinds of message about birthdays."""

from django.utils.translation import gettext_lazy as _

from kam.outbox.choices import Channel, Once
from kam.outbox.kinds import declare

MONTH = declare("care.month", _("Birthdays of the month"), required=True)
WEEK = declare("care.week", _("Birthdays of the week, to be verified"))
TODAY = declare("care.today", _("Birthdays of today"), required=True)
OVERDUE = declare("care.overdue", _("Birthdays not greeted by the afternoon"), required=True)
GREETING = declare("care.greeting", _("Birthday greeting"), channels=(Channel.SMS,), once=Once.AT_MOST, required=True)
