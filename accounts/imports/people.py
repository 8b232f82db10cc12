"""Who is meant by the name of a manager in a register."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.calendar import today
from kam.core.exceptions import RuleError
from kam.core.imports.cells import cell_text
from kam.core.imports.plan import ImportContext
from kam.core.plain import squeezed
from kam.people.choices import Role
from kam.people.models import Member

_RIGHT = _("Write the full name of an account manager who works here, or choose who is meant.")


class Managers:
    """Members by full name, and by the names that the person importing has matched to them."""

    def __init__(self, context: ImportContext) -> None:
        self.by_name: dict[str, list[Member]] = {}
        self.by_username: dict[str, Member] = {}
        self.by_pk: dict[int, Member] = {}
        for member in Member.objects.for_system():
            self.by_name.setdefault(squeezed(member.full_name), []).append(member)
            self.by_username[member.username] = member
            self.by_pk[member.pk] = member
        self.mapped = {squeezed(name): username for name, username in context.members.items()}
        self.on = today()

    def read(self, value: Any) -> Member:
        """The account manager of that name. Raises `RuleError` for nobody, somebody who left, and two of one name."""
        text = cell_text(value)
        name = squeezed(text)
        if name in self.mapped:
            return self._fit(self.by_username[self.mapped[name]])
        namesakes = self.by_name.get(name, [])
        present = [member for member in namesakes if member.may_sign_in(self.on)]
        if not namesakes:
            raise RuleError(format_lazy(_("No member is called “{name}”."), name=text), _RIGHT)
        if not present:
            raise RuleError(format_lazy(_("{name} does not work here any more."), name=text), _RIGHT)
        if len(present) > 1:
            raise RuleError(format_lazy(_("Several members are called “{name}”."), name=text), _RIGHT)
        return self._fit(present[0])

    def _fit(self, member: Member) -> Member:
        if not member.may_sign_in(self.on):
            raise RuleError(format_lazy(_("{name} does not work here any more."), name=member.full_name), _RIGHT)
        if member.role != Role.MANAGER:
            raise RuleError(format_lazy(_("{name} is no account manager."), name=member.full_name), _RIGHT)
        return member
