"""Write the lock files anew from pyproject.toml and package.json, with hashes and without any registry's address."""

import json
import sys
from pathlib import Path

from tools.terminal import ROOT, explain, run_quietly, say

OPTIONS = [
    "--quiet",
    "--upgrade",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
]
LOCKS = [
    ["pyproject.toml", "--output-file=requirements.lock"],
    ["pyproject.toml", "--extra=test", "--constraint=requirements.lock", "--output-file=requirements-test.lock"],
    ["requirements-node.in", "--output-file=requirements-node.lock"],
]


def lock_python(folder: Path) -> None:
    """Resolve the Python packages with pip-tools, which lives in a folder of its own."""
    python = folder / "bin" / "python"
    run_quietly([sys.executable, "-m", "venv", folder], "lock-venv")
    done = run_quietly([python, "-m", "pip", "install", "--quiet", "pip-tools~=7.6"], "lock-pip-tools")
    if done.code:
        explain(done, "pip-tools could not be installed", "PIP_INDEX_URL")
    for words in LOCKS:
        say(f"Locking {words[-1].partition('=')[2]} …")
        done = run_quietly([python, "-m", "piptools", "compile", *OPTIONS, *words], "lock")
        if done.code:
            explain(done, "The lock could not be written", "PIP_INDEX_URL")


def lock_node() -> None:
    """Resolve the front-end parts; the addresses they came from do not belong into the lock."""
    say("Locking package-lock.json …")
    done = run_quietly(
        ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], "lock-npm"
    )
    if done.code:
        explain(done, "The lock could not be written", "NPM_CONFIG_REGISTRY")
    file = ROOT / "package-lock.json"
    lock = json.loads(file.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    lock_python(ROOT / "var" / "lock-venv")
    lock_node()
