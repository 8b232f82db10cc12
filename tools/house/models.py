"""What the rules must know of the models: which keep history, which words are related managers."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Models:
    """Names of models with field history, and of attributes that are related managers."""

    with_history: frozenset[str]
    related: frozenset[str]


def _calls(node: ast.AST, name: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (isinstance(function, ast.Name) and function.id == name) or (
        isinstance(function, ast.Attribute) and function.attr == name
    )


def _related_names(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "related_name" and isinstance(node.value, ast.Constant):
            if str(node.value.value).isidentifier():
                yield str(node.value.value)
        if isinstance(node, ast.Assign) and _calls(node.value, "ManyToManyField"):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def read_models(sources: Iterable[str]) -> Models:
    """Collect both sets from the texts of the models' files."""
    with_history: set[str] = set()
    related: set[str] = set()
    for source in sources:
        tree = ast.parse(source)
        related.update(_related_names(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(line, ast.Assign) and _calls(line.value, "HistoricalRecords") for line in node.body
            ):
                with_history.add(node.name)
    return Models(frozenset(with_history), frozenset(related))
