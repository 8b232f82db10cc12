"""The pictures of the README, taken from a running demo: `make run`, then `.venv/bin/python -m tools.pictures`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tools.services import chromium
from tools.terminal import ROOT, say

FOLDER = ROOT / "docs" / "img"
PASSWORD = "Kam-demo-2026"  # noqa: S105 - the demo's, printed by make run

CLIENT = "main a[href^='/clients/'][href$='/']:not([href='/clients/']):not([href='/clients/new/'])"


@contextmanager
def signed_in(browser: Browser, base: str, username: str, *, phone: bool = False) -> Iterator[Page]:
    """A page of the demo member, signed in through the form."""
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
    context = browser.new_context(
        base_url=base,
        viewport=size,  # type: ignore[arg-type]
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/people/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    yield page
    context.close()


def take(page: Page, address: str, name: str) -> None:
    """Keep what a person sees first on that page."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    say(f"docs/img/{name}.png  {page.title()}")


def first(page: Page, address: str, links: str) -> str:
    """Address of the first link on a page that matches the CSS selector."""
    page.goto(address)
    found = page.locator(links).first.get_attribute("href")
    if not found:
        raise LookupError(f"{address} has no {links}")
    return found


def main(base: str) -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        with signed_in(browser, base, "shenyanqing") as page:
            take(page, "/", "workbench")
            take(page, "/clients/", "clients")
            take(page, first(page, "/clients/", CLIENT), "client")
            take(page, first(page, "/admin/approvals/request/", "a[href$='/decision/']"), "approval")
        with signed_in(browser, base, "luyining", phone=True) as page:
            take(page, first(page, "/clients/", CLIENT), "phone")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
