"""Every address, asked with nonsense as each role, answers: never with a fault of the product."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.matrix.answers import address_of
from tests.matrix.rows import Line, lines
from tests.matrix.world import World, build
from tests.nasty.values import KEYS, QUERIES, ROUNDS, filled, names_in

pytestmark = [pytest.mark.matrix, pytest.mark.django_db]
HUGE = "9" * 20
FORM = "application/x-www-form-urlencoded"
LINES = list({line.name: line for line in lines()}.values())
COLUMNS = ("director", "own")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One department for all addresses: what a request does is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def asked(browser: Client, method: str, address: str, **more: Any) -> tuple[str, Any]:
    """What went wrong, empty for any answer that is one; and the answer."""
    mark = transaction.savepoint()
    try:
        response = getattr(browser, method)(address, **more)
    except Exception as error:  # noqa: BLE001 (every fault is collected and told together)
        return f"{method} {address[:120]} {str(more)[:120]}: {error!r}"[:400], None
    finally:
        transaction.savepoint_rollback(mark)
    wrong = f"{method} {address[:120]} {str(more)[:120]}: {response.status_code}" if response.status_code > 499 else ""
    return wrong, response


def signed_in(world: World, column: str) -> Client:
    """The viewer's browser, which hands faults of the product on."""
    browser = Client()
    browser.force_login(world.viewer(column), backend="kam.people.backends.MemberBackend")  # type: ignore[arg-type]
    return browser


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
@pytest.mark.parametrize("column", COLUMNS)
def test_nonsense_is_answered(line: Line, column: str, world: World) -> None:
    browser = signed_in(world, column)
    address = address_of(line.name, [world.thing(column, key) for key in line.keys])
    wrong = []
    said, page = asked(browser, "get", address)
    wrong.append(said)
    own = names_in(page.content.decode()) if page is not None and not page.streaming and page.status_code == 200 else []
    names = list(dict.fromkeys([*own, *KEYS]))
    for number in range(ROUNDS):
        everything = filled(names, number)
        wrong.append(asked(browser, "get", address, data={**everything, "export": ""})[0])
        wrong.append(asked(browser, "post", address, data=everything)[0])
    wrong += [asked(browser, "get", f"{address}?{query}")[0] for query in QUERIES]
    assert [text for text in wrong if text] == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_strange_methods_bodies_and_keys_are_answered(line: Line, world: World) -> None:
    browser = signed_in(world, "director")
    address = address_of(line.name, [world.thing("director", key) for key in line.keys])
    wrong = [asked(browser, method, address)[0] for method in ("head", "options", "put", "patch", "delete", "trace")]
    bodies: tuple[tuple[bytes | str, str], ...] = (
        (b"\xff\xfe\x00", FORM),
        (b'{"name": "\\ud800"}', "application/json"),
        (b"--x\r\nno end", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"name=%ED%A0%80&pk=%00", f"{FORM}; charset=utf-16"),
        (b"<a/>", "text/xml"),
    )
    for body, content_type in bodies:
        wrong.append(asked(browser, "post", address, data=body, content_type=content_type)[0])
    if line.keys:
        for key in (HUGE, "0"):
            huge = address_of(line.name, [key if isinstance(world.thing("director", k), int) else k for k in line.keys])
            wrong += [asked(browser, method, huge)[0] for method in ("get", "post")]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    said, refused = asked(strict, "post", address, data={"a": "b"})
    wrong.append(said)
    assert refused is None or refused.status_code in (403, 405, 404, 302, 400)
    assert [text for text in wrong if text] == []


@pytest.mark.parametrize(
    "path", ["/%ff%fe", "/clients/%00/", f"/clients/{HUGE}/", "/clients/1/%2e%2e/", "/" + "x" * 5000, "/%e5%ae%a2/"]
)
def test_addresses_that_are_none_are_answered(path: str, world: World) -> None:
    for column in COLUMNS:
        said, response = asked(signed_in(world, column), "get", path)
        assert (said, response.status_code) == ("", 404)
