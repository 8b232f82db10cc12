"""What the pages of this area share: fetching in scope, asking the table."""

from typing import TypeVar

from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from kam.core.exceptions import NotAllowed
from kam.core.scoping import Reach, reach
from kam.people.signed_in import member_of

M = TypeVar("M", bound=models.Model)


def must_have(request: HttpRequest, model: type[models.Model], action: str) -> None:
    """403 with the reason when the role has no reach at all."""
    if reach(member_of(request), model, action) is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))


def in_scope(request: HttpRequest, model: type[M], pk: int) -> M:
    """The row if the member may see it; 404 otherwise, as for one that does not exist."""
    return get_object_or_404(model._default_manager.visible_to(member_of(request)), pk=pk)  # type: ignore[attr-defined]
