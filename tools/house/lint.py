"""Runs the rules of the house over the repository."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from tools.house.everywhere import check_module
from tools.house.findings import Finding, without_exempted
from tools.house.markup import check_template
from tools.house.models import Models, read_models
from tools.house.pages import check_page, faces_people
from tools.house.words import check_words
from tools.terminal import ROOT

AREAS = {"kam", "accounts", "visits", "quotations", "contracts", "appraisal"}
TEXT = {
    ".py",
    ".html",
    ".txt",
    ".js",
    ".css",
    ".md",
    ".po",
    ".toml",
    ".json",
    ".lock",
    ".yaml",
    ".yml",
    ".conf",
    ".service",
    "",
}


def is_product(file: PurePosixPath) -> bool:
    """Python of the product itself: not tests, tools or migrations."""
    return file.suffix == ".py" and file.parts[0] in AREAS and "migrations" not in file.parts


def check_source(file: PurePosixPath, source: str, models: Models) -> Iterator[Finding]:
    """Findings of one Python module, exempted lines left out."""
    tree = ast.parse(source)
    hits = [*check_module(tree, file, models), *(check_page(tree, models) if faces_people(file) else ())]
    found = {Finding(ROOT / file, getattr(node, "lineno", 1), rule, text) for node, rule, text in hits}
    yield from without_exempted(sorted(found), source)


def problems(files: Iterable[Path]) -> Iterator[str]:
    """One line for each broken rule in the given files of the repository."""
    texts = {
        PurePosixPath(file.relative_to(ROOT)): file.read_text(encoding="utf-8", errors="replace")
        for file in files
        if file.suffix in TEXT
    }
    models = read_models(
        source for file, source in texts.items() if is_product(file) and "models" in {file.stem, *file.parts}
    )
    for file, source in texts.items():
        if is_product(file):
            yield from map(str, check_source(file, source, models))
        found = [Finding(ROOT / file, *hit) for hit in check_words(file, source)]
        if file.suffix == ".html" and file.parts[0] != "tests":
            found += [Finding(ROOT / file, *hit) for hit in check_template(str(file), source, models)]
        yield from map(str, without_exempted(found, source))


def links(files: Iterable[Path]) -> Iterator[str]:
    """One line for each symbolic link: it leads somewhere on one machine only."""
    for file in files:
        if file.is_symlink():
            yield f"{file.relative_to(ROOT)}: symlink: a link leads to one machine only"
