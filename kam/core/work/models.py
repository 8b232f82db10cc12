"""What every piece of long work keeps."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import Text
from kam.core.fields import ActorField
from kam.core.scoping import ScopedManager


class Work(models.Model):
    """Something that takes a worker minutes: whose it is, how far it is, who has it.

    A subclass has a `state`, of which `AT_WORK` names the values while a worker has it or is waited for, and `PAGE` the
    page that shows it. `done` and `total` count rows; a total of 0 is not known yet. A worker holds it by `claim` until
    `lease_until`; without the claim it writes nothing more, which is how work is cancelled. `actor` is None for work of
    the system, which tells nobody.
    """

    AT_WORK: ClassVar[tuple[str, ...]]
    PAGE: ClassVar[str]

    actor = ActorField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    state: Any

    objects = ScopedManager()
    scope_own = "actor"

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The page that shows progress and result."""
        return reverse(self.PAGE, args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it, or it waits for one."""
        return self.state in self.AT_WORK

    @property
    def percent(self) -> int:
        """How much of it is done; 0 while the total is not known."""
        return round(100 * self.done / self.total) if self.total else 0

    @property
    def error_text(self) -> Text:
        """Why it failed, in the language of whoever reads it."""
        return _(self.error) if self.error else ""

    def ending(self) -> tuple[Promise, dict[str, Any]] | None:
        """What its member is told in the present state, with the values of the text; None for nothing."""
        raise NotImplementedError


def works() -> list[type[Work]]:
    """Every kind of long work."""
    return [model for model in apps.get_models() if issubclass(model, Work)]
