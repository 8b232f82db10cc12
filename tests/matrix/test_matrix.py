"""Every address answers each role as the matrix says; no address is without a line."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.matrix.answers import DENIED, address_of, body_without_chance, in_words, viewers
from tests.matrix.posts import data_for
from tests.matrix.rows import Line, lines, whole
from tests.matrix.walk import addresses
from tests.matrix.world import CLIENTS, MISSING, VIEWERS, World, build, fingerprint

pytestmark = [pytest.mark.matrix, pytest.mark.django_db]
LINES = whole()
Columns = dict[str, Client]
ENDS_SESSION = {"people:sign_out", "admin:logout"}
"""After these every viewer has to sign in anew."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One department for all lines: what a line does is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def browsers(world: World) -> Columns:
    """Whoever looks, by column."""
    return viewers(world, VIEWERS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.label)
def test_every_viewer_gets_the_answer_of_the_matrix(line: Line, world: World, browsers: Columns) -> None:
    assert len(line.answers) == len(VIEWERS), f"{line.label}: {len(line.answers)} answers for {len(VIEWERS)} columns"
    before = fingerprint()
    wrong = []
    for column, expected in zip(VIEWERS, line.answers, strict=True):
        keys = [world.thing(column, key) for key in line.keys]
        if line.name in ENDS_SESSION:
            browsers = viewers(world, VIEWERS)
            before = fingerprint()
        data = data_for(line.name, world.things[column if column in CLIENTS else "none"])
        given = _asked(browsers[column], line, address_of(line.name, keys), data, before)
        if given != expected:
            wrong.append(f"{column}: {given} instead of {expected}")
    assert not wrong, f"{line.label}: " + "; ".join(wrong)


def _asked(browser: Client, line: Line, address: str, data: dict[str, Any], before: str) -> str:
    """The answer in words; what was done is rolled back."""
    mark = transaction.savepoint()
    response = browser.get(address) if line.method == "GET" else browser.post(address, data)
    given = in_words(response)
    if given in DENIED or line.method == "GET":
        assert fingerprint() == before, f"{line.label}: answered {given} and yet changed something"
    transaction.savepoint_rollback(mark)
    return given


@pytest.mark.parametrize(
    "line", [line for line in LINES if line.keys and "404" in line.answers], ids=lambda line: line.label
)
def test_out_of_sight_reads_like_what_does_not_exist(line: Line, world: World, browsers: Columns) -> None:
    for column, expected in zip(VIEWERS, line.answers, strict=True):
        if expected == "404":
            _reads_alike(world, browsers[column], line, column)


def _reads_alike(world: World, browser: Client, line: Line, column: str) -> None:
    bodies = []
    for keys in ([world.thing(column, key) for key in line.keys], [MISSING for _key in line.keys]):
        address = address_of(line.name, keys)
        response = browser.get(address) if line.method == "GET" else browser.post(address)
        assert response.status_code == 404
        bodies.append(body_without_chance(response, address))
    assert bodies[0] == bodies[1], f"{line.label} as {column}: the 404 tells that it exists"


def test_no_address_is_without_a_line() -> None:
    known = {line.name for line in lines()}
    there = set(addresses())
    assert there - known == set(), (
        f"Add a line to tests/matrix/rows/*.txt (who gets which answer; see rows.py): {sorted(there - known)}"
    )
    assert known - there == set(), f"These addresses are gone; take their lines out: {sorted(known - there)}"


def test_no_line_is_there_twice() -> None:
    labels = [line.label for line in LINES]
    assert sorted(labels) == sorted(set(labels))
