"""What a rule hands over, and how a line excuses itself in writing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.terminal import ROOT

EXEMPTION = re.compile(r"house:\s*([a-z-]+)\s+-\s+\S+")


@dataclass(frozen=True, order=True)
class Finding:
    """One line that breaks a rule."""

    file: Path
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        file = self.file.relative_to(ROOT) if self.file.is_relative_to(ROOT) else self.file
        return f"{file}:{self.line}: {self.rule}: {self.text}"


def without_exempted(findings: Iterable[Finding], source: str) -> Iterator[Finding]:
    """Drop findings whose line, or the comment line above it, names the rule with a reason."""
    lines = ["", *source.splitlines()]
    for finding in findings:
        near = lines[max(finding.line - 1, 0) : finding.line + 1]
        comments = [text for text in near if text is near[-1] or text.strip().startswith(("#", "{#"))]
        named = {match[1] for text in comments for match in EXEMPTION.finditer(text)}
        if finding.rule not in named:
            yield finding
