"""What an empty workbench says to each role: when something will appear."""

from django.utils.translation import gettext_lazy as _

from kam.core.contributions import Text
from kam.people.choices import Role

NOTHING_WAITS: dict[str, Text] = {
    Role.DIRECTOR: _("Requests for your decision appear here as soon as they are submitted."),
    Role.CLERK: _("Opinions asked of you and returned requests appear here."),
    Role.MANAGER: _("Birthdays, returned requests and shares that end appear here."),
    Role.EXECUTIVE: _("Requests beyond the director's limit appear here."),
    Role.FINANCE: _("Approved credits to open and opinions asked of you appear here."),
    Role.LEGAL: _("Papers put before you for an opinion appear here."),
    Role.PARTNER: _("Requests put before your department appear here."),
}
