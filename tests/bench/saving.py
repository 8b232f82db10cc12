"""Saving a client through its form, as a browser would send it."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Account


class Fields(HTMLParser):
    """Names and values of the controls of the page's main form."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note inputs, the chosen options and the areas' names."""
        found = {key: value or "" for key, value in attrs}
        name = found.get("name", "")
        kind = found.get("type", "text")
        unchecked = kind in ("checkbox", "radio") and "checked" not in found
        if tag == "input" and name and kind != "submit" and not unchecked:
            self.values[name] = found.get("value", "on" if kind == "checkbox" else "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in found:
            self.values[self._select] = found.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        """Leave a select or an area."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """The text of an area."""
        if self._area:
            self.values[self._area] += data


def save_client(client: Client, account: Account) -> Callable[[], Any]:
    """A call that opens the form, changes the note and saves; each call writes something new."""
    url = reverse("accounts:account_edit", args=[account.pk])
    numbers = iter(range(10**6))

    def save() -> Any:
        page = Fields()
        page.feed(client.get(url).content.decode())
        return client.post(url, {**page.values, "note": f"备注 {next(numbers)}"})

    return save
