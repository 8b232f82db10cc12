"""Rules for every text file: names of files, notes to self, addresses of registries and of one machine."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}
NOTES = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
REGISTRIES = re.compile(
    r"\b(registry\.npmjs|registry\.yarnpkg|registry\.npmmirror|files\.pythonhosted|(test\.)?pypi|deb\.debian|mirrors\.[a-z]+)"
    r"\.(org|com|net|cn|edu)\b"
)
LOCKS = {"requirements.lock", "requirements-test.lock", "requirements-node.lock", "package-lock.json"}
ADDRESS = re.compile(r"\b(https?|file)://")


def check_words(file: PurePosixPath, source: str) -> Iterator[tuple[int, str, str]]:
    """Line, rule and text of everything wrong in one text file."""
    if file.stem in VAGUE and file.suffix in {".py", ".js", ".css", ".html"}:
        yield 1, "vague-name", f"{file.name} says nothing: name the file by what it does"
    for number, line in enumerate(source.splitlines(), 1):
        if NOTES.search(line):
            yield number, "note-to-self", "finish it or file it, do not note it here"
        if REGISTRIES.search(line) or (file.name in LOCKS and ADDRESS.search(line)):
            yield number, "registry-address", "registries are the machine's setting, not the repository's"
