"""Sizes: no file over 500 lines, no function over 60. Migrations are written by a program and do not count."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.terminal import ROOT

FILE_LINES = 500
FUNCTION_LINES = 60
KINDS = {".py", ".html", ".css", ".js"}


def own_files() -> list[Path]:
    """Every file of the repository, tracked or about to be, without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return sorted(file for file in files if file.is_file() or file.is_symlink())


def long_functions(source: str) -> Iterator[tuple[int, str, int]]:
    """Line, name and length of each function over the limit."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield node.lineno, node.name, length


def problems(files: list[Path]) -> Iterator[str]:
    """One line for each file or function that is too long."""
    for file in files:
        if file.suffix not in KINDS or file.parent.name == "migrations":
            continue
        text = file.read_text(encoding="utf-8")
        name, lines = file.relative_to(ROOT), len(text.splitlines())
        if lines > FILE_LINES:
            yield f"{name}: {lines} lines, {FILE_LINES} allowed"
        if file.suffix == ".py":
            for line, function, length in long_functions(text):
                yield f"{name}:{line}: {function} has {length} lines, {FUNCTION_LINES} allowed"
