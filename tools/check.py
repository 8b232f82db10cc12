"""`make check`: every gate in turn, all of them even when one fails; exit code 1 when any failed."""

import os
import subprocess
import time
from collections.abc import Callable, Iterable

from tools import messages, sizes
from tools.house import lint
from tools.terminal import PYTHON, ROOT, VENV, say

BIN = VENV / "bin"
PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "check-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "intranet.example",
    "EMAIL_URL": "smtp://mail.example:25",
    "SMS_BACKEND": "file",
}


def program(*words: str, env: dict[str, str] | None = None) -> Callable[[], list[str]]:
    """A gate that is a program: its output are the problems when it fails."""

    def run() -> list[str]:
        settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "kam.settings", **(env or {})}
        done = subprocess.run(
            words, cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        return (done.stdout + done.stderr).strip().splitlines() or ["failed without a word"] if done.returncode else []

    return run


def gate(find: Callable[[], Iterable[str]]) -> Callable[[], list[str]]:
    """A gate that is a function of ours: what it yields are the problems."""
    return lambda: list(find())


def gates() -> dict[str, Callable[[], list[str]]]:
    """Name of each gate and how it is run."""
    listed = sizes.own_files()
    files = [file for file in listed if not file.is_symlink()]
    manage = [str(PYTHON), "manage.py"]
    return {
        "ruff": program(str(BIN / "ruff"), "check", "--quiet", "."),
        "format": program(str(BIN / "ruff"), "format", "--check", "--quiet", "."),
        "types": program(str(BIN / "mypy"), "--no-error-summary"),
        "layers": program(str(BIN / "lint-imports"), "--no-cache"),
        "sizes": gate(lambda: sizes.problems(files)),
        "house": gate(lambda: [*lint.problems(files), *lint.links(listed)]),
        "messages": gate(lambda: messages.problems(files)),
        "migrations": program(*manage, "makemigrations", "--check", "--dry-run", "--verbosity=1"),
        "production": program(*manage, "check", "--deploy", "--fail-level=WARNING", env=PRODUCTION),
    }


def main() -> None:
    """Run all gates; ARGS names some of them to run only those."""
    chosen = os.environ.get("ARGS", "").split()
    failed = []
    for name, run in gates().items():
        if chosen and name not in chosen:
            continue
        started = time.monotonic()
        problems = run()
        say(f"{name:<12} {'ok' if not problems else 'FAILED':<6} {time.monotonic() - started:5.1f} s")
        for line in problems:
            say(f"    {line}")
        if problems:
            failed.append(name)
    say("All checks passed." if not failed else f"Failed: {', '.join(failed)}.")
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
