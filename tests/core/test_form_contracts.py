"""No form page without its contract: a new address whose view is a `FormPage` fails here until it has one."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from kam.core.pages import FormPage

TESTS = Path(__file__).resolve().parent.parent
PROVEN_OTHERWISE = {
    "accounts:accounts_assign": "accounts/test_bulk_assign.py",
    "accounts:header_words": "accounts/test_header_words.py",
    "visits:plan_open": "visits/test_pages_plans.py",
    **dict.fromkeys(("catalogue:product_create", "catalogue:product_edit"), "catalogue/test_pages.py"),
    **dict.fromkeys(
        (
            "people:member_create",
            "people:member_edit",
            "people:member_leave",
            "people:unit_create",
            "people:unit_edit",
            "people:delegation_create",
        ),
        "people/test_pages.py",
    ),
}
"""Pages about many clients at once, or about none: the contract is one about a client and who sees it."""


def form_pages(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Full names of all addresses that show a form page."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from form_pages(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern) and issubclass(getattr(entry.callback, "view_class", object), FormPage):
            yield ":".join((*spaces, str(entry.name)))


def test_every_form_page_has_a_contract() -> None:
    held = {
        name
        for file in TESTS.rglob("test_*.py")
        for name in re.findall(r'^    page = "([\w:]+)"$', file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    pages = set(form_pages(get_resolver()))
    assert len(pages) > 10
    assert pages - held - PROVEN_OTHERWISE.keys() == set()
    assert all((TESTS / file).exists() for file in PROVEN_OTHERWISE.values())
