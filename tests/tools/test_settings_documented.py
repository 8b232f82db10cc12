"""Every variable that the settings read is explained, and every explained one is read."""

import re

from tools.terminal import ROOT

READ = re.compile(r"env\.(?:\w+)\(\s*\"([A-Z_]+)\"")
EXPLAINED = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def test_settings_and_their_document_agree() -> None:
    read = set(READ.findall((ROOT / "kam/settings.py").read_text(encoding="utf-8")))
    explained = set(EXPLAINED.findall((ROOT / "docs/settings.md").read_text(encoding="utf-8")))
    assert read == explained


def test_the_example_names_only_known_variables() -> None:
    explained = set(EXPLAINED.findall((ROOT / "docs/settings.md").read_text(encoding="utf-8")))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) - {"POSTGRES_PASSWORD"} <= explained
