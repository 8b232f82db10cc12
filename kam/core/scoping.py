"""Nobody sees too much: which rows of a model a member may see or act on.

The table in `kam.people.permissions` gives for model, action and role a *reach*. By-client reach is one subquery on the
grants of `settings.ACCOUNT_GRANT_MODEL`, with no OR and no UNION, so that it stays fast on large tables.
"""

from enum import StrEnum
from typing import Any, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.module_loading import import_string

from kam.core.calendar import today

M = TypeVar("M", bound=models.Model)


class Reach(StrEnum):
    """How far a role's action reaches within one model."""

    NONE = "none"
    ALL = "all"
    CLIENT = "client"
    """Rows of clients that the member holds a live grant for."""
    OWN = "own"
    """Rows that name the member in the model's `scope_own` field."""
    PUT_BEFORE = "put_before"
    """Rows put before the member for an act; the model's queryset says which (`put_before`)."""


def reach(user: Any, model: type[models.Model], action: str) -> Reach:
    """The reach of `user` for `action` on `model`; NONE for nobody, the inactive, unknown actions or models."""
    if user is None or not user.is_authenticated or not user.is_active:
        return Reach.NONE
    reach_of = import_string(settings.REACH_TABLE)
    return Reach(reach_of(user.role, model._meta.label_lower, action))


def grants(user: Any, action: str) -> RawSQL:
    """Live grants of `user` for `action` on clients, as account ids for an IN subquery.

    Written out, because a page asks ten times and Django builds and compiles the subquery anew each time: that took a
    tenth of the page. It says what `AccountGrantQuerySet.live` says; a test holds the two together.
    """
    table = apps.get_model(settings.ACCOUNT_GRANT_MODEL)._meta.db_table
    live = (
        f"SELECT content_object_id FROM {table} "  # noqa: S608 - the model's own name, values are parameters
        "WHERE user_id = %s AND permission_id = %s AND (ends_on IS NULL OR ends_on >= %s)"
    )
    return RawSQL(live, (user.pk, permission_id(action), today()))  # noqa: S611 - the text above, nothing typed


_permission_ids: dict[str, int] = {}


def permission_id(action: str) -> int:
    """Primary key of the client permission that carries `action`; -1 when no such permission exists."""
    from django.contrib.auth.models import Permission

    codename = grant_codename(action)
    if codename not in _permission_ids:
        row = Permission.objects.filter(codename=codename, content_type__app_label="accounts").values_list(
            "pk", flat=True
        )
        _permission_ids[codename] = row.first() or -1
    return _permission_ids[codename]


def forget_permission_ids(**_kwargs: Any) -> None:
    """Receiver of `post_migrate`, which may write the permission rows anew."""
    _permission_ids.clear()


def grant_codename(action: str) -> str:
    """Reading is granted by `view_account`; every other act on a client's rows by `change_account`."""
    return "view_account" if action in ("view", "export") else "change_account"


class ScopedQuerySet(models.QuerySet[M]):
    """Rows are taken either for a member (`visible_to`) or, in services and jobs, `for_system`."""

    def for_system(self) -> Self:
        """All rows, for services, jobs and migrations, which check permission on the object they act on."""
        return self

    def visible_to(self, user: Any, action: str = "view") -> Self:
        """Rows on which `user` may perform `action`."""
        match reach(user, self.model, action):
            case Reach.ALL:
                return self
            case Reach.CLIENT:
                return self.filter(**{f"{self._client_column()}__in": grants(user, action)})
            case Reach.OWN:
                return self.filter(self._own(user))
            case Reach.PUT_BEFORE:
                return self.put_before(user)
            case _:
                return self.none()

    def put_before(self, user: Any) -> Self:
        """Rows put before `user`; models that use this reach override it."""
        return self.none()

    def _own(self, user: Any) -> Q:
        return Q(**{self.model.scope_own: user})  # type: ignore[attr-defined]

    def _client_column(self) -> str:
        return getattr(self.model, "scope_client", "account_id")


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Manager of every model that people reach."""


def allowed(user: Any, obj: models.Model, action: str) -> bool:
    """Whether `user` may perform `action` on the stored `obj`: one query for by-client reach, none otherwise."""
    match reach(user, type(obj), action):
        case Reach.ALL:
            return True
        case Reach.NONE:
            return False
        case _:
            return type(obj)._default_manager.visible_to(user, action).filter(pk=obj.pk).exists()  # type: ignore[attr-defined]
