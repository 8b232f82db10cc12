"""Set-up on a bare Debian: .venv, locked packages, front-end parts, compiled messages. Only what changed is done again.

Runs on the system's Python before anything is installed, so it uses the standard library alone.
"""

import argparse
import importlib.util
import os
import shutil

from tools.frontend import build_frontend
from tools.terminal import PYTHON, ROOT, VENV, explain, fingerprint, run_quietly, say, stop

BASE_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"


def make_venv() -> None:
    """Create .venv with pip; a Debian without python3-venv gets it when we may install it."""
    if (VENV / "bin" / "pip").exists() and run_quietly([PYTHON, "-c", "import pip"], "venv").code == 0:
        return
    if importlib.util.find_spec("ensurepip") is None:
        if not apt_install("python3-venv"):
            stop("This Python has no venv module: have python3-venv installed (apt-get install python3-venv).")
        importlib.invalidate_caches()
    say("Making .venv …")
    done = run_quietly([os.environ.get("PYTHON", "python3"), "-m", "venv", "--clear", VENV], "venv")
    if done.code:
        stop(
            f".venv could not be made: {done.last_line()} (Debian: apt-get install python3-venv; details in {done.log})"
        )


def apt_install(*packages: str) -> bool:
    """Install Debian packages when we are root and apt is here; tells whether that worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {', '.join(packages)} …")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run_quietly(["apt-get", "update", "-q"], "apt-update", quiet)
    done = run_quietly(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], "apt-install", quiet)
    return done.code == 0


def install_packages(*, test: bool) -> None:
    """Install exactly the locked versions; the stamp in .venv remembers which lock files are in."""
    lock = TEST_LOCK if test else BASE_LOCK
    stamp = VENV / "installed-locks.txt"
    installed = stamp.read_text().split() if stamp.exists() else []
    if fingerprint([lock]) in installed:
        return
    say(f"Installing Python packages from {lock.name} (the first time takes a minute or two) …")
    pip = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary=:all:"]
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--retries=2"]
    done = run_quietly([*pip, *options, "--requirement", str(lock)], "pip")
    if done.code:
        explain(done, "Python packages could not be installed", "PIP_INDEX_URL")
    locks = [BASE_LOCK, TEST_LOCK] if test else [BASE_LOCK]
    stamp.write_text("\n".join(fingerprint([file]) for file in locks))


def compile_messages() -> None:
    """Build the message catalogues the pages read, when a .po file changed or a compiled one is gone."""
    catalogues = [ROOT / "locale" / folder / "zh_Hans/LC_MESSAGES/django.mo" for folder in (".", "packages")]
    sources = sorted((ROOT / "locale").rglob("*.po"))
    stamp = VENV / "compiled-messages.txt"
    state = f"{ROOT} {fingerprint(sources)}"
    if catalogues[0].exists() and stamp.exists() and stamp.read_text() == state:
        return
    done = run_quietly([PYTHON, "manage.py", "compile_locale"], "compile-locale")
    if done.code:
        stop(f"The translations could not be compiled: {done.last_line()} (details in {done.log})")
    stamp.write_text(state)


def set_up(*, test: bool = False) -> None:
    """Bring .venv, front end and messages up to date; a second call with nothing changed takes a moment."""
    make_venv()
    install_packages(test=test)
    build_frontend()
    compile_messages()


def main() -> None:
    """`python3 -m tools.install [--test]`."""
    parser = argparse.ArgumentParser(description="Set up this folder.")
    parser.add_argument("--test", action="store_true", help="with everything the tests and checks need")
    set_up(test=parser.parse_args().test)


if __name__ == "__main__":
    main()
