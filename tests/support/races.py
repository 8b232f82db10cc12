"""Two people at the same moment, each on a database connection of his own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

PATIENCE = 20
"""Seconds after which a race has hung."""


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same moment in threads; what each returned or raised, in their order."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(PATIENCE)
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - what was raised is what the test looks at
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the race hangs"
    return results


def while_held(hold: Callable[[Callable[[], None]], Any], act: Callable[[], Any]) -> list[Any]:
    """Run `act` while `hold` stands in the middle of its transaction.

    `hold` gets a function to call there; it returns once `act` waits for a lock, or after a while if it need not.
    """
    inside, goes_on = threading.Event(), threading.Event()

    def first() -> Any:
        def pause() -> None:
            inside.set()
            goes_on.wait(1)

        return hold(pause)

    def second() -> Any:
        inside.wait(PATIENCE)
        try:
            return act()
        finally:
            goes_on.set()

    return at_once(first, second)
