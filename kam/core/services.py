"""What people keep of list pages: saved views, and the record of exports."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kam.core.exceptions import DomainError, NotAllowed
from kam.core.lists.state import canonical
from kam.core.models import NAME_LENGTH, QUERY_LENGTH, ExportLog, SavedView
from kam.core.plain import clean_text

VIEWS_PER_LIST = 20


@transaction.atomic
def view_save(*, page: str, name: str, query: str, actor: Any) -> SavedView:
    """Keep a list's query under a name for `actor`; a view of that name is replaced."""
    name = _checked_name(name)
    query = canonical(query)
    if len(query) > QUERY_LENGTH:
        raise DomainError(_("These conditions are too many to be saved."), field="name")
    mine = SavedView.objects.for_system().select_for_update().filter(member=actor, page=page)
    same = next((view for view in mine if view.name == name), None)
    if same is None:
        if len(mine) >= VIEWS_PER_LIST:
            raise DomainError(
                _("You keep %(n)s views of this list; delete one first.") % {"n": len(mine)}, field="name"
            )
        return SavedView.objects.create(member=actor, page=page, name=name, query=query)
    same.query = query
    same.save(update_fields=["query"])
    return same


@transaction.atomic
def view_rename(*, view_pk: int, name: str, actor: Any) -> SavedView:
    """Give one's own view another name."""
    name = _checked_name(name)
    view = _own_view(view_pk, actor)
    taken = SavedView.objects.for_system().filter(member=actor, page=view.page, name=name).exclude(pk=view.pk)
    if taken.exists():
        raise DomainError(_("You already have a view of this name."), field="name")
    view.name = name
    view.save(update_fields=["name"])
    return view


@transaction.atomic
def view_delete(*, view_pk: int, actor: Any) -> None:
    """Drop one's own view."""
    _own_view(view_pk, actor).delete()


def export_record(
    *, page: str, title: str, query: str, columns: list[str], file_format: str, rows: int, actor: Any
) -> ExportLog:
    """Write down who exported what, before the file leaves the house."""
    return ExportLog.objects.create(
        actor=actor,
        page=page,
        title=title[:60],
        query=query,
        columns=", ".join(columns),
        file_format=file_format,
        rows=rows,
    )


def _own_view(view_pk: int, actor: Any) -> SavedView:
    view = SavedView.objects.visible_to(actor, "change").select_for_update().filter(pk=view_pk).first()
    if view is None:
        raise NotAllowed(_("This view is gone, or it is not yours."))
    return view


def _checked_name(name: str) -> str:
    name = " ".join(clean_text(name).split())
    if not name:
        raise DomainError(_("Give the view a name."), field="name")
    if len(name) > NAME_LENGTH:
        raise DomainError(_("At most %(n)s characters.") % {"n": NAME_LENGTH}, field="name")
    return name
