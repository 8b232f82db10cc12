"""Chromium against the live server: signing in, screenshots, accessibility, and a guard over what pages may do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from tools.services import chromium

SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HOST = "localhost"
OWN_SCHEMES = {"data", "blob", "about"}


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The machine's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


class Guard:
    """Remembers what a page must never do: errors in its console (CSP reports are among them), answers from 500 up,
    and requests that leave the host."""

    def __init__(self, page: Page, host: str) -> None:
        self.host = host
        self.found: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports every 4xx answer as an error of its own; the answers themselves are watched below.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.found.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN_SCHEMES and address.netloc != self.host:
            self.found.append(f"foreign host: {request.url}")

    def _response(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status >= 500 or (
            response.status == 404 and path.startswith(f"/{settings.STATIC_URL.strip('/')}/")
        ):
            self.found.append(f"answer {response.status}: {response.url}")

    def check(self) -> None:
        """Fail with everything that was seen."""
        assert not self.found, "\n".join(self.found)


@contextmanager
def open_page(browser: Browser, base_url: str, *, phone: bool = False, javascript: bool = True) -> Iterator[Page]:
    """A page of its own context, guarded: what the guard saw fails the test when the page is closed."""
    context = browser.new_context(
        base_url=base_url,
        viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=2 if phone else 1,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        java_script_enabled=javascript,
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    guard = Guard(page, urlsplit(base_url).netloc)
    try:
        yield page
        guard.check()
    finally:
        context.close()


def sign_in(page: Page, username: str) -> None:
    """Sign the member in by a session cookie; the sign-in page itself has its own test."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=username), backend="kam.people.backends.MemberBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": HOST, "path": "/"}])


def screenshot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page as tests/screenshots/<name>.png (not in git)."""
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def axe(page: Page, within: str | None = None) -> None:
    """Fail when the page, or the part named by a CSS selector, breaks a rule of WCAG 2.2 level A or AA."""
    page.evaluate(AXE_SCRIPT)
    options = json.dumps({"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]})
    result = page.evaluate(f"axe.run({json.dumps(within) if within else 'document'}, {options})")
    lines = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
        + "\n    ".join(
            f"{' '.join(map(str, node['target']))}: {node['html'][:160]}" for node in violation["nodes"][:5]
        )
        for violation in result["violations"]
    ]
    assert not lines, "\n".join(lines)
