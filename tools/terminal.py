"""What the commands say and how they run programs: one line for a person, everything else into a log file."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / os.environ.get("VENV", ".venv")
PYTHON = VENV / "bin" / "python"
LOGS = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "log"
ON_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def say(text: str) -> None:
    """Print one line at once, also when the output goes into a file."""
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    """End the command with one line that says what is wrong and what to do."""
    print(text, file=sys.stderr, flush=True)
    raise SystemExit(1)


def fingerprint(files: Iterable[Path]) -> str:
    """A hash over names and bytes of files; a folder counts with everything in it."""
    digest = hashlib.sha256()
    for entry in files:
        for file in sorted(entry.rglob("*")) if entry.is_dir() else [entry]:
            if file.is_file():
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


class Program:
    """A finished program: its exit code and what it printed."""

    def __init__(self, command: Sequence[str], code: int, output: str, log: Path) -> None:
        self.command = command
        self.code = code
        self.output = output
        self.log = log

    def last_line(self) -> str:
        """The last line that says something."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        return lines[-1] if lines else f"exit code {self.code}"


def run_quietly(command: Iterable[str | Path], log_name: str, env: Mapping[str, str] | None = None) -> Program:
    """Run a program, its output into var/log/<log_name>.log; a missing program counts as exit code 127."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{log_name}.log"
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        return Program(words, 127, f"{words[0]} is not installed", log)
    log.write_text(f"$ {' '.join(words)}\n{done.stdout}", encoding="utf-8")
    return Program(words, done.returncode, done.stdout, log)


NO_REGISTRY = (
    "ConnectTimeoutError",
    "ENOTFOUND",
    "ECONNREFUSED",
    "EAI_AGAIN",
    "ECONNRESET",
    "ETIMEDOUT",
    "Failed to establish a new connection",
    "Max retries exceeded",
    "NameResolutionError",
    "Name or service not known",
    "No matching distribution found",
    "ProxyError",
    "ReadTimeoutError",
    "Temporary failure",
    "network request to",
)


def explain(program: Program, what: str, setting: str) -> NoReturn:
    """Say in one line why a package client failed; `setting` is where its registry is named."""
    out = program.output
    if "No space left" in out or "ENOSPC" in out:
        stop(f"{what}: the disk is full. Free some space and start again.")
    if "error while loading shared libraries" in out:
        library = out.split("error while loading shared libraries:")[1].split(":")[0].strip()
        stop(
            f"{what}: the system library {library} is missing. Install it (apt-file search {library}) and start again."
        )
    if "DO NOT MATCH THE HASHES" in out or "EINTEGRITY" in out:
        stop(f"{what}: a downloaded file is not the locked one. Check the mirror; details in {program.log}.")
    if any(sign in out for sign in NO_REGISTRY):
        stop(f"{what}: the package registry gives no answer. Check the network or {setting}; details in {program.log}.")
    stop(f"{what}: {program.last_line()[:160]} (details in {program.log})")


def explain_start(program: Program) -> NoReturn:
    """Say in one line why the database could not be made ready."""
    out = program.output
    if "cannot open shared object file" in out:
        library = out.split(": cannot open shared object file")[0].split()[-1]
        stop(f"The system library {library} is missing: install the Debian package that has it and start again.")
    unreachable = [line for line in out.splitlines() if "connection to server" in line or "Connection refused" in line]
    if unreachable:
        stop(f"DATABASE_URL or REDIS_URL names a server that does not answer: {unreachable[-1].strip()[:200]}")
    stop(f"The database could not be made ready: {program.last_line()[:200]} (details in {program.log})")
