"""Asks one address as one viewer and puts the answer in the words of the matrix."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.matrix.world import World

DENIED = frozenset({"in", "no", "403", "404", "405"})
PLACE = re.compile(r"<[^>]+>|\(\?P<\w+>[^)]*\)\$?")
CHANGING = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|nonce="[^"]+"|X-CSRFToken&quot;: &quot;\w+&quot;'
)


def address_of(name: str, keys: Sequence[Any]) -> str:
    """The address with these keys; an address without a name is a route, taken as it stands."""
    if ":" in name and "/" not in name:
        return reverse(name, args=list(keys))
    filled = iter(keys)
    return "/" + PLACE.sub(lambda _place: str(next(filled)), name)


def viewers(world: World, columns: Sequence[str]) -> dict[str, Client]:
    """A signed-in client for each column; the manager's columns share one."""
    clients: dict[Any, Client] = {}
    for column in columns:
        viewer = world.viewer(column)
        if (viewer and viewer.pk) not in clients:
            browser = Client(raise_request_exception=False)
            if viewer is not None:
                browser.force_login(viewer, backend="kam.people.backends.MemberBackend")
            clients[viewer and viewer.pk] = browser
    return {column: clients[(viewer := world.viewer(column)) and viewer.pk] for column in columns}


def in_words(response: HttpResponseBase) -> str:
    """`in`, `no` or the status code."""
    if response.status_code == 302:
        target = response.headers["Location"]
        if target.startswith("/people/sign-in/?"):
            return "in"
        if target.startswith("/admin/login/"):
            return "no"
    return str(response.status_code)


def body_without_chance(response: Any, address: str) -> str:
    """The body without tokens and without the address itself."""
    return CHANGING.sub("", response.content.decode()).replace(address, "")
