"""Real servers on loopback that behave badly on request: an SMTP server and an SMS gateway over HTTP."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail; the name before the @ says how it behaves: full, busy, later, spam, break, lost, slow.

    `pace` is how many seconds it takes for each mail.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MailTalk)
        self.connections = 0
        self.pace = 0.0
        self.mails: list[Any] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _MailTalk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        self.say("220 ready")
        name = ""
        while line := self.rfile.readline():
            word = line.split(b":")[0].split()[0].upper().decode()
            if word == "RCPT":
                name = line.decode().split("<")[1].split("@")[0]
            match word:
                case "RCPT" if name == "full":
                    self.say("550 no such mailbox")
                case "RCPT" if name == "busy":
                    self.say("451 try again later")
                case "DATA":
                    if not self.data(name):
                        return
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def data(self, name: str) -> bool:
        """Read one mail; whether the line stays open."""
        if name == "break":
            return False
        if name == "later":
            self.say("452 no room now")
            return True
        self.say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
            lines.append(line)
        if name == "spam":
            self.say("554 not wanted")
            return True
        self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        if name == "lost":
            return False
        time.sleep(3 if name == "slow" else self.server.pace)
        self.say("250 taken")
        return True

    def say(self, text: str) -> None:
        try:
            self.wfile.write(f"{text}\r\n".encode())
        except OSError:
            return


class Gateway(ThreadingHTTPServer):
    """Takes SMS and reports of them. `behaviour` says how it answers, by phone number; `reports` is what it reports.

    `pace` is how many seconds it takes for each SMS.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _GatewayTalk)
        self.behaviour: dict[str, str] = {}
        self.pace = 0.0
        self.taken: list[dict[str, Any]] = []
        self.requests: list[tuple[str, dict[str, str], str]] = []
        self.reports: Any = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


ANSWERS: dict[str, tuple[int, Any]] = {
    "busy": (503, {}),
    "crash": (500, {"message": "oops"}),
    "page": (200, "<html>maintenance</html>"),
    "moved": (302, {}),
    "error": (200, {"code": 105, "message": "balance too low"}),
    "black": (200, {"code": 110, "message": "number on the black list"}),
}
"""What the gateway answers without taking the SMS; it also knows `slow` and `break`, with which it takes it."""


class _GatewayTalk(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A request whose fields stand in the address."""
        self.server.requests.append((self.path, dict(self.headers), ""))
        self.answer(200, {"code": 0})

    def do_POST(self) -> None:
        """Reports are read at /reports, SMS are sent to /send; anything else is taken down."""
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append((self.path, dict(self.headers), raw))
        if self.path.startswith("/send"):
            self.take(json.loads(raw))
        else:
            self.answer(200, {"code": 0, "data": self.server.reports})

    def take(self, sms: dict[str, Any]) -> None:
        """Behave as told for that number."""
        how = self.server.behaviour.get(sms["mobile"], "")
        if how in ANSWERS:
            self.answer(*ANSWERS[how])
            return
        self.server.taken.append(sms)
        if how == "break":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
            self.close_connection = True
            return
        time.sleep(3 if how == "slow" else self.server.pace)
        self.answer(200, {"code": 0, "data": {"msgId": f"G{sms['requestId']}"}})

    def answer(self, status: int, body: Any) -> None:
        """A complete answer."""
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Nothing on the terminal."""


@contextmanager
def serving(server: Any) -> Iterator[Any]:
    """The server, answering in a thread of its own until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
