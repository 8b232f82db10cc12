"""Rules for modules that face people: views, forms, lists, filters, admin, resources, template tags.

They see rows through `visible_to` alone and never write themselves.
"""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.house.everywhere import Hit, dotted, kind_of
from tools.house.models import Models

PAGES = {"views", "forms", "lists", "filters", "admin", "scoped_admin", "resources", "templatetags"}
MANAGERS = {"objects", "_default_manager", "_base_manager", "history"}
SCOPED = {"visible_to", "none"}
READS = {
    "aggregate",
    "all",
    "annotate",
    "count",
    "earliest",
    "exclude",
    "exists",
    "filter",
    "first",
    "for_system",
    "get",
    "in_bulk",
    "iterator",
    "last",
    "latest",
    "only",
    "order_by",
    "prefetch_related",
    "select_related",
    "values",
    "values_list",
}
PLAIN_VIEWS = {"ListView", "DetailView", "UpdateView", "CreateView", "DeleteView"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}


def faces_people(file: PurePosixPath) -> bool:
    """Whether the rules of this module hold for the file."""
    return bool(kind_of(file) & PAGES)


def _managers(node: ast.Attribute, parents: dict[ast.AST, ast.AST]) -> Iterator[Hit]:
    if node.attr not in MANAGERS or not isinstance(node.ctx, ast.Load):
        return
    parent = parents.get(node)
    asked = parent.attr if isinstance(parent, ast.Attribute) else "on its own"
    if asked not in SCOPED:
        yield node, "unscoped-manager", f".{node.attr} {asked}: only visible_to(user, action), or a selector"


def _of_the_page_itself(owner: ast.Attribute) -> bool:
    """`self.rows` of a form or list is a queryset it was given, whatever related managers are called elsewhere."""
    return isinstance(owner.value, ast.Name) and owner.value.id == "self"


def _calls(node: ast.Call, models: Models) -> Iterator[Hit]:
    if isinstance(node.func, ast.Name) and node.func.id in SHORTCUTS and node.args:
        if not dotted(node.args[0]).rpartition(".")[0]:
            yield node, "unscoped-object", f"{node.func.id} takes rows that visible_to gave"
    if not isinstance(node.func, ast.Attribute):
        return
    name, owner = node.func.attr, node.func.value
    if name == "for_system":
        yield node, "unscoped-manager", "for_system belongs into services and jobs"
    elif isinstance(owner, ast.Attribute) and name in READS and not _of_the_page_itself(owner):
        if owner.attr in models.related or owner.attr.endswith("_set"):
            yield node, "related-manager", f".{owner.attr}.{name}: a related manager is not scoped, use a selector"
    if name == "delete" and not node.args and not node.keywords:
        yield node, "page-writes", "a page never deletes: call a service"
    sorts_only = any(keyword.arg == "commit" for keyword in node.keywords)
    if name == "save" and not node.args and not sorts_only and not dotted(owner).startswith("super"):
        yield node, "page-writes", "a page never saves: call a service"


def check_page(tree: ast.AST, models: Models) -> Iterator[Hit]:
    """Every broken rule of one module that faces people."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute():
                yield from _managers(node, parents)
            case ast.Call():
                yield from _calls(node, models)
            case ast.ImportFrom(module=module, names=names) if (module or "").startswith("django.views.generic"):
                for alias in names:
                    if alias.name in PLAIN_VIEWS:
                        yield node, "plain-model-view", f"{alias.name} knows no scope: use the house's base view"
