"""Rules for templates: nothing inline, nothing foreign, nothing unescaped, no unscoped rows."""

import re
from collections.abc import Iterator

from tools.house.models import Models

RULES = {
    "inline-script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", re.IGNORECASE),
    "inline-style": re.compile(r"<style\b|\sstyle\s*=\s*[\"']", re.IGNORECASE),
    "inline-handler": re.compile(r"<[^>]*\s(on[a-z]+|hx-on(:|-)[\w:-]+)\s*=", re.IGNORECASE),
    "script-address": re.compile(r"=\s*[\"']\s*javascript:|hx-(vals|headers)\s*=\s*[\"']js:", re.IGNORECASE),
    "foreign-host": re.compile(
        r"<(script|link|img|iframe|source|use)\b[^>]*\s(src|href)\s*=\s*[\"'](https?:)?//", re.IGNORECASE
    ),
    "unsafe-markup": re.compile(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off"),
}
TEXTS = {
    "inline-script": "scripts are modules in static/js/",
    "inline-style": "styles are classes in static/css/",
    "inline-handler": "handlers are attached in static/js/",
    "script-address": "no script in an attribute",
    "foreign-host": "nothing comes from another host",
    "unsafe-markup": "escape everything",
}
COMMENTS = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
RELATED = re.compile(r"\{[{%][^}]*?\.(\w+)\.(all|count|exists|first|last|iterator)\b")

MarkupHit = tuple[int, str, str]


def _blank_comments(source: str) -> str:
    return COMMENTS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)


def check_template(name: str, source: str, models: Models) -> Iterator[MarkupHit]:
    """Line, rule and text of everything wrong in one template."""
    text = _blank_comments(source)
    for rule, pattern in RULES.items():
        for found in pattern.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, rule, TEXTS[rule]
    for found in RELATED.finditer(text):
        if found[1] in models.related or found[1].endswith("_set"):
            line = text.count("\n", 0, found.start()) + 1
            yield line, "related-manager", f".{found[1]}.{found[2]}: rows come from the view"
    if "/partials/" in f"/{name}" and not source.lstrip().startswith(("{#", "{% comment", "{% load")):
        yield 1, "partial-context", "a partial begins with a comment that names its context"
