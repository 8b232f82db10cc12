"""Rules for every module of the product: saving, states, tasks, time, markup, guardian, services."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.house.models import Models

TASK_LINES = 15
SAVE_WORDS = {"update_fields", "force_insert", "commit"}
"""`commit` belongs to a form's save, which sorts out and does not write."""
GUARDIAN_MODULES = {"guardian.shortcuts", "guardian.core", "guardian.decorators", "guardian.mixins"}
GUARDIAN_CALLS = {"prefetch_perms", "get_objects_for_user", "get_perms", "get_objects_for_group"}
CLOCKS = {
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
}
READ_WITHOUT_ARGUMENT = {"localdate", "localtime"}
"""With an argument these convert a time instead of asking for it."""
IMPURE = ("django.db", "django.apps", "django.core.cache", "kam.core.scoping", "kam.core.models", "kam.core.locking")

Hit = tuple[ast.AST, str, str]


def dotted(node: ast.AST) -> str:
    """`a.b().c` as "a.b.c"; calls and subscripts on the way are passed over."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case ast.Call(func=function):
            return dotted(function)
        case ast.Subscript(value=value) | ast.Await(value=value):
            return dotted(value)
        case _:
            return ""


def kind_of(file: PurePosixPath) -> set[str]:
    """The words by which rules know a file: its own name and its folders' (`views/clients.py` is of kind views)."""
    return {file.stem, *file.parent.parts}


def is_service(node: ast.FunctionDef) -> bool:
    """A service is what opens its own transaction; what only checks or reads for one is not."""
    return any(dotted(decorator).endswith("atomic") for decorator in node.decorator_list)


class Everywhere(ast.NodeVisitor):
    """Walks one module and collects what breaks a rule."""

    def __init__(self, file: PurePosixPath, models: Models) -> None:
        self.file, self.models, self.kind = file, models, kind_of(file)
        self.hits: list[Hit] = []
        self.origins: dict[str, str] = {}

    def hit(self, node: ast.AST, rule: str, text: str) -> None:
        """Remember one broken rule."""
        self.hits.append((node, rule, text))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Tasks stay short, public services take keywords and an actor."""
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if "tasks" in self.kind and length > TASK_LINES:
            self.hit(node, "long-task", f"{node.name} has {length} lines: a task claims and calls one service")
        if "services" in self.kind and not node.name.startswith("_") and is_service(node):
            if node.args.args or node.args.posonlyargs:
                self.hit(node, "service-signature", f"{node.name}: a service takes keyword-only arguments")
            if not any(argument.arg == "actor" for argument in node.args.kwonlyargs):
                self.hit(node, "service-signature", f"{node.name}: a service requires actor (SYSTEM for jobs)")
        before = dict(self.origins)
        self.generic_visit(node)
        self.origins = before

    def visit_Assign(self, node: ast.Assign) -> None:
        """Only the engine sets a status; remember where a name's rows come from."""
        for target in node.targets:
            self._assigned(target)
            if isinstance(target, ast.Name):
                self.origins[target.id] = self._origin(node.value)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """As for a plain assignment."""
        self._assigned(node.target)
        self.generic_visit(node)

    def _assigned(self, target: ast.AST) -> None:
        if isinstance(target, ast.Attribute) and target.attr == "status" and not self._is_engine():
            self.hit(target, "status-assigned", "only kam.core.states.move sets a status")

    def _is_engine(self) -> bool:
        return self.file == PurePosixPath("kam/core/states.py")

    def _origin(self, node: ast.AST) -> str:
        root = dotted(node).split(".")[0]
        return self.origins.get(root, root)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Guardian's shortcuts ignore end dates; rules know no database."""
        module = node.module or ""
        if module in GUARDIAN_MODULES and self.file.stem != "scoping":
            self.hit(node, "guardian-shortcut", f"{module} ignores end dates: use visible_to or allowed")
        names = {alias.name for alias in node.names}
        if "rules" in self.kind:
            reads_clock = module == "kam.core.calendar" and names & {"now", "today"}
            if module.startswith(IMPURE) or reads_clock or module.endswith(".models"):
                self.hit(node, "impure-rules", f"rules are pure: {module} brings the database or the clock")
        if "mark_safe" in names:
            self.hit(node, "unsafe-markup", "use format_html or a template")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Saving, enqueuing, guardian and the clock."""
        if isinstance(node.func, ast.Attribute):
            self._method(node, node.func)
        elif isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) > 1:
            if isinstance(node.args[1], ast.Constant) and node.args[1].value == "status" and not self._is_engine():
                self.hit(node, "status-assigned", "only kam.core.states.move sets a status")
        self.generic_visit(node)

    def _method(self, node: ast.Call, function: ast.Attribute) -> None:
        words = {keyword.arg for keyword in node.keywords}
        name, owner = function.attr, dotted(function.value)
        if name == "save" and not node.args and not words & SAVE_WORDS and not owner.startswith("super"):
            self.hit(node, "bare-save", "save(update_fields=…) on a locked row, or record_save")
        if name in {"update", "bulk_update"}:
            self._update(node, function, words)
        if name in {"delay", "apply_async", "send_task"}:
            self.hit(node, "not-on-commit", f"{name} runs before the commit: use delay_on_commit")
        if name in GUARDIAN_CALLS or (name == "has_perm" and len(node.args) + len(node.keywords) > 1):
            if self.file.stem != "scoping":
                self.hit(node, "guardian-shortcut", f"{name} ignores end dates: use visible_to or allowed")
        asks = name not in READ_WITHOUT_ARGUMENT or not node.args
        if asks and (owner.rpartition(".")[2], name) in CLOCKS and self.file != PurePosixPath("kam/core/calendar.py"):
            self.hit(node, "clock", "time comes from kam.core.calendar")

    def _update(self, node: ast.Call, function: ast.Attribute, words: set[str | None]) -> None:
        if not words and function.attr == "update":
            return
        if self._origin(function.value) in self.models.with_history:
            self.hit(node, "update-past-history", "this model keeps history: save rows one by one with record_save")
        if "status" in words and function.attr == "update" and not self._is_engine():
            self.hit(node, "status-assigned", "only kam.core.states.move sets a status")


def check_module(tree: ast.AST, file: PurePosixPath, models: Models) -> Iterator[Hit]:
    """Every broken rule of one module."""
    visitor = Everywhere(file, models)
    visitor.visit(tree)
    yield from visitor.hits
