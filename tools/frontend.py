"""Front-end parts: `npm ci` by the lock file, then what the pages use is copied to static/vendor/ (not in git).

Icons become one sprite: static/icons.txt names them, a line each; `<use href="…/icons.svg#name">` draws one.
"""

import os
import re
import shutil
from pathlib import Path

from tools.terminal import PYTHON, ROOT, VENV, explain, fingerprint, run_quietly, say, stop

NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICON_LIST = ROOT / "static" / "icons.txt"
NODE_LOCK = ROOT / "requirements-node.lock"
OLDEST_NODE = 20
NPM_PATIENCE = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=5000"]

PARTS = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.js",
}
BLANK = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
SOURCE_MAP = re.compile(r"^\s*(//|/\*)[#@]\s*sourceMappingURL=.*?(\*/)?\s*$", re.MULTILINE)


def _node_is_new_enough(node: str) -> bool:
    done = run_quietly([node, "--version"], "node-version")
    if done.code == 127:
        return False
    if "error while loading shared libraries" in done.output:
        explain(done, "Node cannot start", "PATH")
    version = re.match(r"v(\d+)", done.output.strip())
    return version is not None and int(version[1]) >= OLDEST_NODE


def node_environment() -> dict[str, str]:
    """The environment in which `npm` runs: the system's Node when new enough, else the one installed into .venv."""
    if shutil.which("npm") and _node_is_new_enough("node"):
        return {}
    inside = VENV / "bin"
    if not (inside / "npm").exists():
        say("No Node 20 or newer here: installing one into .venv …")
        pip = [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--no-deps",
            "--require-hashes",
            "--retries=2",
        ]
        done = run_quietly([*pip, "--requirement", str(NODE_LOCK)], "pip-node")
        if done.code:
            explain(done, "Node could not be installed", "PIP_INDEX_URL")
    environment = {"PATH": f"{inside}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not _node_is_new_enough(str(inside / "node")):
        stop("The Node in .venv does not start: install Node 20 or newer (Debian: nodejs, npm) and start again.")
    return environment


def install_node_modules() -> None:
    """`npm ci` without scripts, when the lock file changed."""
    stamp = NODE_MODULES / ".installed-lock"
    lock = fingerprint([ROOT / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == lock:
        return
    environment = node_environment()
    say("Installing front-end parts …")
    done = run_quietly(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", *NPM_PATIENCE], "npm", environment)
    if done.code:
        explain(done, "Front-end parts could not be installed", "NPM_CONFIG_REGISTRY")
    stamp.write_text(lock)


def icon_names() -> list[str]:
    """Names in static/icons.txt, sorted, each once; a line starting with # is a note."""
    lines = (line.strip() for line in ICON_LIST.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line and not line.startswith("#")})


def sprite(icons: dict[str, str]) -> str:
    """One SVG with a `<symbol>` per icon; colour and stroke come from whoever uses it."""
    symbols = []
    for name, source in icons.items():
        body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
        if body is None:
            stop(f"The icon {name} is not an SVG file.")
        drawing = re.sub(r">\s+<", "><", body[1].strip())
        drawing = BLANK.sub("", drawing)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def copy_parts(target: Path) -> None:
    """Copy the used files without their source-map comments and draw the sprite."""
    for source, name in PARTS.items():
        text = (NODE_MODULES / source).read_text(encoding="utf-8")
        (target / name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
    folder = NODE_MODULES / "@tabler/icons/icons/outline"
    missing = [name for name in icon_names() if not (folder / f"{name}.svg").exists()]
    if missing:
        stop(f"static/icons.txt names icons that do not exist: {', '.join(missing)}.")
    icons = {name: (folder / f"{name}.svg").read_text(encoding="utf-8") for name in icon_names()}
    (target / "icons.svg").write_text(sprite(icons), encoding="utf-8")


def build_frontend() -> None:
    """Fill static/vendor/ when the lock file, the icon list or this file changed; a release archive has it filled."""
    stamp = VENDOR / ".built"
    state = fingerprint([ROOT / "package-lock.json", ICON_LIST, ROOT / "tools" / "frontend.py"])
    if stamp.exists() and stamp.read_text() == state:
        return
    install_node_modules()
    if VENDOR.is_symlink():
        VENDOR.unlink()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    copy_parts(VENDOR)
    stamp.write_text(state)


if __name__ == "__main__":
    build_frontend()
