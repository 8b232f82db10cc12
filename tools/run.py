"""`make run`: set up, migrate, load the demo once, then web server, two workers and the scheduler until Ctrl-C."""

import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from types import FrameType

from tools.install import set_up
from tools.terminal import PYTHON, ROOT, explain_start, run_quietly, say, stop

STOP_SECONDS = 10
START_SECONDS = 60
NOT_AS_ROOT = "ignore:You're running the worker with superuser"
WORKER_OPTIONS = ["--pool=solo", "--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]


def address() -> tuple[str, int]:
    """Host and port from the environment; a word that is no port is told at once."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        stop(f"PORT={port} is no port: name a number from 1 to 65535, as in make run PORT=8001.")
    return host, int(port)


def refuse_taken_port(host: str, port: int) -> None:
    """Stop with one line when someone else listens there or we may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            stop(f"Port {port} needs root: choose one above 1023, as in make run PORT=8001.")
        except OSError:
            stop(f"Port {port} is taken: stop what runs there or choose another, as in make run PORT={port + 1}.")


def prepare_data() -> str:
    """Bring the database up to date, with the demo in it on the first start; hands back the demo's sign-ins."""
    done = run_quietly([PYTHON, "-W", "ignore", "-m", "tools.prepare"], "prepare")
    if done.code:
        explain_start(done)
    return done.output


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The four processes of a running product, by the name shown before their lines."""
    python = str(PYTHON)
    celery = [python, "-W", NOT_AS_ROOT, "-m", "celery", "--quiet", "--app=kam"]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return {
        "web": [python, "-m", "gunicorn", "kam.wsgi", f"--bind={bind}", "--threads=8", "--log-level=warning"],
        "fast": [*celery, "worker", "--queues=fast", "--hostname=fast@%h", *WORKER_OPTIONS],
        "long": [*celery, "worker", "--queues=long", "--hostname=long@%h", *WORKER_OPTIONS],
        "beat": [*celery, "beat", "--loglevel=WARNING", "--pidfile="],
    }


class Supervisor:
    """Starts processes in groups of their own, passes on what they print, and ends all when one ends or when told."""

    def __init__(self) -> None:
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.told_to_stop = threading.Event()

    def start(self, name: str, command: list[str]) -> None:
        """Start one process; its lines appear with its name before them."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.processes[name] = process
        threading.Thread(target=self._pass_on, args=(name, process), daemon=True).start()

    def _pass_on(self, name: str, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if line.strip() and not self.told_to_stop.is_set():
                say(f"{name:>4} | {line.rstrip()}")

    def handle_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Ctrl-C, a closed terminal or kill: end in order."""
        self.told_to_stop.set()

    def ended(self) -> str | None:
        """The name of a process that ended by itself."""
        return next((name for name, process in self.processes.items() if process.poll() is not None), None)

    def wait(self) -> str | None:
        """Wait until told to stop (None) or until a process ends by itself (its name)."""
        while not self.told_to_stop.wait(0.3):
            name = self.ended()
            if name is not None:
                return name
        return None

    def stop_all(self) -> None:
        """Ask every process group to end, and end those that do not within ten seconds."""
        self._signal_groups(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(process.poll() is None for process in self.processes.values()):
            time.sleep(0.1)
        self._signal_groups(signal.SIGKILL)
        for process in self.processes.values():
            process.wait()

    def _signal_groups(self, number: signal.Signals) -> None:
        for process in self.processes.values():
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                continue


def answers(url: str) -> bool:
    """Whether the product answers at this address, whatever it says."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own http address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def greet(supervisor: Supervisor, host: str, port: int, sign_ins: str) -> None:
    """When the first page answers: the address, who can sign in, how to stop."""
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 - only compared
    url = f"http://{shown}:{port}/"
    deadline = time.monotonic() + START_SECONDS
    while not answers(f"http://{'127.0.0.1' if shown == 'localhost' else host}:{port}/people/sign-in/"):
        if time.monotonic() > deadline or supervisor.told_to_stop.wait(0.2) or supervisor.ended():
            return
    say(f"\n  {url}\n\n{sign_ins.rstrip()}\n\n  Ctrl-C stops everything.\n")


def start(host: str, port: int) -> str | None:
    """Set up and run until told to stop (None) or until a part ends by itself (its name)."""
    refuse_taken_port(host, port)
    set_up()
    (ROOT / "staticfiles").mkdir(exist_ok=True)
    say("Preparing the database …")
    sign_ins = prepare_data()
    supervisor = Supervisor()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.handle_signal)
    say("Starting …")
    for name, command in commands(host, port).items():
        supervisor.start(name, command)
    greet(supervisor, host, port, sign_ins)
    ended = supervisor.wait()
    say("Stopping …" if ended is None else f"{ended} ended by itself; its last lines stand above. Stopping the rest …")
    supervisor.stop_all()
    return ended


def main() -> None:
    """Run the product in the foreground; exit code 0 after Ctrl-C, 1 when a part ended by itself."""
    try:
        ended = start(*address())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    raise SystemExit(0 if ended is None else 1)


if __name__ == "__main__":
    main()
