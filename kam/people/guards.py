"""What services and pages of this area ask before anything is changed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import DomainError, FieldErrors, NotAllowed
from kam.core.scoping import Reach, reach
from kam.people.choices import GRANTING_ROLES, Role
from kam.people.models import Delegation, Member


def must_reach(actor: Any, model: type[models.Model], action: str) -> None:
    """Refuse an actor whose role has no reach; `None` is the system and may."""
    if actor is not None and reach(actor, model, action) is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))


def must_outrank(actor: Any, member: Member) -> None:
    """Only who decides touches the role, the access or the password of somebody who decides."""
    if actor is not None and not may_outrank(actor, member):
        raise NotAllowed(_("Only the director or the executive may do this for %(name)s.") % {"name": member.full_name})


def may_outrank(actor: Member, member: Member) -> bool:
    """Whether `actor` may touch role, access and password of `member`."""
    return member.role not in GRANTING_ROLES or actor.role in GRANTING_ROLES


def may_give_role(actor: Member, member: Member, role: str) -> bool:
    """Whether `actor` may give `role` to `member`, who may be new; the present role can always stay."""
    if role == member.role:
        return True
    if actor.pk == member.pk:
        return False
    return may_outrank(actor, member) and (role not in GRANTING_ROLES or actor.role in GRANTING_ROLES)


def must_be_clean(row: models.Model, exclude: list[str] | None = None) -> None:
    """Run the model's own validation; several wrong fields are told at once, each beside its field."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            raise FieldErrors({name: " ".join(texts) for name, texts in error.message_dict.items()}) from error
        raise DomainError(" ".join(error.messages)) from error


def must_not_circle(row: Any, up: str, field: str) -> None:
    """Refuse a chain of superiors or units that comes back to where it starts."""
    seen = {row.pk} if row.pk else set()
    above = getattr(row, up)
    while above is not None:
        if above.pk in seen:
            raise DomainError(_("This would make a circle."), field)
        seen.add(above.pk)
        above = getattr(above, up)


def may_revoke(actor: Member, delegation: Delegation) -> bool:
    """Whether the actor is the one who may take it back."""
    return actor.pk == delegation.grantor_id or actor.role == Role.EXECUTIVE
