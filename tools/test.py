"""`make test`: the whole suite on PostgreSQL with Valkey, then what SQLite owes, and one closing summary."""

import os
import shlex
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from tools.services import postgres, provide_browser, redis
from tools.terminal import LOGS, ON_CI, PYTHON, ROOT, say

NO_TESTS = 5
NOT_ON_SQLITE = "not (browser or matrix or race or postgresql or slow or rules)"


@dataclass
class Part:
    """The result of one run of the suite."""

    name: str
    passed: int = 0
    failed: int = 0
    seconds: float = 0
    failures: list[str] = field(default_factory=list)
    skips: dict[str, int] = field(default_factory=dict)
    broken: str = ""

    @property
    def skipped(self) -> int:
        """Tests that did not run for want of something."""
        return sum(self.skips.values())

    def read(self, report: Path) -> None:
        """Count the test cases of pytest's XML report; our own file, so the plain parser is safe."""
        for case in ET.parse(report).iter("testcase"):  # noqa: S314
            name = f"{case.get('classname', '')}::{case.get('name', '')}"
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
                self.failures.append(name)
            elif skipped is not None:
                reason = skipped.get("message", "") or "no reason given"
                self.skips[reason] = self.skips.get(reason, 0) + 1
            else:
                self.passed += 1


def run_part(name: str, words: list[str], env: dict[str, str]) -> Part:
    """Run pytest once with two workers and count what happened."""
    say(f"\n── {name} " + "─" * max(4, 70 - len(name)))
    part, report = Part(name), LOGS / f"tests-{name.split(maxsplit=1)[0].lower()}.xml"
    report.unlink(missing_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    pytest = [
        str(PYTHON),
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist=loadgroup",
        "--durations=10",
        "--durations-min=5",
        f"--junitxml={report}",
    ]
    code = subprocess.run([*pytest, *words], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    part.seconds = time.monotonic() - started
    if report.exists():
        part.read(report)
    if code not in {0, 1, NO_TESTS}:
        part.broken = f"pytest ended with code {code}"
    elif code == 1 and not part.failed:
        part.broken = "pytest says a test failed, its report does not"
    return part


def missing(name: str, what: str) -> Part:
    """A part that could not run at all: one skip, named."""
    return Part(name, skips={what: 1})


def run_parts(words: list[str]) -> list[Part]:
    """Both runs of the suite, each with its own servers."""
    base = {**os.environ, "PRODUCTION": "", "DEBUG": "", "SECRET_KEY": "", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    provide_browser()
    parts: list[Part] = []
    with postgres() as database_url, redis() as redis_url:
        if database_url and redis_url:
            env = {**base, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
            parts.append(run_part("PostgreSQL + Valkey", words, env))
        else:
            absent = "PostgreSQL" if not database_url else "Valkey"
            parts.append(missing("PostgreSQL + Valkey", f"{absent} could not be started: the whole part was left out"))
    only_sqlite = {**base, "DATABASE_URL": "sqlite:///:memory:", "REDIS_URL": ""}
    chosen = NOT_ON_SQLITE if parts[0].passed or parts[0].failed else NOT_ON_SQLITE.replace(" or rules", "")
    parts.append(run_part("SQLite", ["-m", chosen, *words], only_sqlite))
    return parts


def summarise(parts: list[Part]) -> int:
    """Print what was left out, what failed and the closing line; hand back the exit code."""
    say("\n── Summary " + "─" * 63)
    for part in parts:
        minutes, seconds = divmod(round(part.seconds), 60)
        counts = f"{part.passed} passed, {part.failed} failed, {part.skipped} skipped"
        say(f"{part.name:<20} {counts}   {minutes}:{seconds:02d}   {part.broken}".rstrip())
        for name in part.failures:
            say(f"    failed: {name}")
        for reason, count in part.skips.items():
            say(f"    skipped ({count}): {reason}")
    passed, failed, skipped = (sum(getattr(part, name) for part in parts) for name in ("passed", "failed", "skipped"))
    wrong = failed > 0 or passed == 0 or any(part.broken for part in parts)
    if ON_CI and skipped:
        say("With CI=true nothing may be skipped.")
        wrong = True
    say(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(wrong)


def main() -> None:
    """Run everything; ARGS from the environment goes to pytest as it is."""
    try:
        parts = run_parts(shlex.split(os.environ.get("ARGS", "")))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    raise SystemExit(summarise(parts))


if __name__ == "__main__":
    main()
