"""Messages: everything the source says has its Chinese, nothing is fuzzy, places match, punctuation is full-width.

Works without gettext's programs: Python is read by its own parser, templates by Django's.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import django.contrib.admin
import polib
from django.utils.translation.template import templatize

from tools.house.lint import is_product
from tools.terminal import ROOT

# Positions of context, message and plural among the arguments of each function.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
LITERAL = r"""(?:[uU]?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))"""
TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")
PLACE = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)\}")
CJK = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{CJK}[,;:!?(]|[,;!?)]{CJK}")


@dataclass(frozen=True, order=True)
class Message:
    """One message of the source: what gettext looks it up by, and where it stands."""

    context: str
    text: str
    file: str
    line: int


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _names(tree: ast.AST) -> dict[str, str]:
    """Local name → gettext function, from the module's imports."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }


def python_messages(source: str, file: str) -> Iterator[Message]:
    """Messages of one Python module; a call without a literal cannot be translated and is left to ruff."""
    tree = ast.parse(source)
    names = _names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        function = names.get(called) or (called if isinstance(node.func, ast.Attribute) else None)
        if function not in FUNCTIONS:
            continue
        context_at, text_at, _plural = FUNCTIONS[function]
        values = [_text(argument) for argument in node.args]
        text = values[text_at] if text_at < len(values) else None
        if text:
            context = values[context_at] if context_at is not None else None
            yield Message(context or "", text, file, node.lineno)


def template_messages(source: str, file: str) -> Iterator[Message]:
    """Messages of one template, by way of the pseudo-code that Django makes for gettext."""
    code = templatize(source, origin=file)
    for found in TEMPLATE_CALL.finditer(code):
        function = "gettext" if found[1] == "_" else found[1]
        context_at, text_at, _plural = FUNCTIONS[function]
        values = [str(ast.literal_eval(literal)) for literal in re.findall(LITERAL, found[2])]
        context = values[context_at] if context_at is not None else ""
        line = code.count("\n", 0, found.start()) + 1
        yield Message(context, values[text_at], file, line)


@lru_cache(maxsize=1)
def django_words() -> frozenset[str]:
    """What Django's admin panel says itself, in Chinese too."""
    catalog = Path(django.contrib.admin.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"
    return frozenset(entry.msgid for entry in polib.pofile(str(catalog)))


def source_messages(files: Iterable[Path]) -> Iterator[Message]:
    """Every message of the product; a template that replaces one of Django's admin may speak with Django's words."""
    for file in files:
        name = PurePosixPath(file.relative_to(ROOT))
        if is_product(name):
            yield from python_messages(file.read_text(encoding="utf-8"), str(name))
        elif name.suffix in {".html", ".txt"} and "templates" in name.parts:
            taken = django_words() if "admin" in name.parts else frozenset()
            found = template_messages(file.read_text(encoding="utf-8"), str(name))
            yield from (message for message in found if message.text not in taken)


def _entry_problems(entry: polib.POEntry, where: str) -> Iterator[str]:
    words = " ".join([entry.msgstr, *entry.msgstr_plural.values()])
    if entry.fuzzy:
        yield f"{where}: fuzzy: {entry.msgid!r}"
    elif not entry.translated():
        yield f"{where}: without Chinese: {entry.msgid!r}"
    else:
        wanted = {found[0] for found in PLACE.finditer(entry.msgid + (entry.msgid_plural or ""))}
        given = {found[0] for found in PLACE.finditer(words)}
        if wanted != given:
            yield f"{where}: the places differ: {entry.msgid!r}"
        if HALF_WIDTH.search(words):
            yield f"{where}: half-width punctuation between Chinese: {words!r}"


def problems(files: Iterable[Path]) -> Iterator[str]:
    """One line for each message that is missing, fuzzy, contradictory or no longer used."""
    files = list(files)
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for file in files:
        name = PurePosixPath(file.relative_to(ROOT))
        if name.suffix != ".po" or "packages" in name.parts:
            continue
        for entry in polib.pofile(str(file), encoding="utf-8"):
            yield from _entry_problems(entry, f"{name}:{entry.linenum}")
            key, words = (entry.msgctxt or "", entry.msgid), f"{entry.msgstr}{entry.msgstr_plural or ''}"
            if key in known and known[key][1] != words:
                yield f"{name}:{entry.linenum}: {known[key][0]} says otherwise: {entry.msgid!r}"
            known.setdefault(key, (f"{name}:{entry.linenum}", words))
    used = set()
    for message in sorted(source_messages(files)):
        key = (message.context, message.text)
        if key not in known and key not in used:
            yield f"{message.file}:{message.line}: without Chinese: {message.text!r}"
        used.add(key)
    for key in sorted(set(known) - used):
        yield f"{known[key][0]}: no longer used: {key[1]!r}"
