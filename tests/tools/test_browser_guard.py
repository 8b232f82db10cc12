"""The guard over browser tests sees what a page must never do; axe sees what people cannot use."""

import pytest
from playwright.sync_api import Browser, Route

from tests.support.browser import axe, open_page

pytestmark = pytest.mark.browser
HOST = "http://localhost:9"
POLICY = "default-src 'self'; script-src 'self'"


def _answer(status: int = 200, body: str = ""):
    def fulfil(route: Route) -> None:
        headers = {"content-security-policy": POLICY}
        route.fulfill(status=status, headers=headers, content_type="text/html", body=f"<!doctype html>{body}")

    return fulfil


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ("<script>document.title = 1</script>", 200, "console"),
        ('<img alt="" src="http://elsewhere.example/a.png">', 200, "foreign host"),
        ("broken", 500, "answer 500"),
    ],
)
def test_the_guard_fails_the_test(chromium: Browser, body: str, status: int, word: str) -> None:
    with pytest.raises(AssertionError, match=word), open_page(chromium, HOST) as page:
        page.route("**/*", _answer(status, body))
        page.goto("/")


def test_the_guard_lets_a_clean_page_and_a_refusal_pass(chromium: Browser) -> None:
    with open_page(chromium, HOST, phone=True) as page:
        page.route("**/*", _answer(409, "<p>changed meanwhile</p>"))
        page.goto("/")
        assert page.viewport_size == {"width": 390, "height": 844}


def test_axe_names_what_is_wrong(chromium: Browser) -> None:
    with open_page(chromium, HOST) as page:
        page.route("**/*", _answer(body='<html lang="en"><title>x</title><main><img src="/a.png"></main>'))
        page.goto("/")
        with pytest.raises(AssertionError, match="image-alt"):
            axe(page)
