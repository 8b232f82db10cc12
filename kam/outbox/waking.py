"""Waking the workers once messages are committed. The sweep finds what a lost wake-up left."""

from collections.abc import Callable
from functools import cache, partial

from django.db import transaction

Waker = Callable[[str], None]
_wakers: list[Waker] = []


def when_written(waker: Waker) -> Waker:
    """Decorator: have the function called with the channel of messages that were just committed."""
    _wakers.append(waker)
    return waker


def wake(channel: str) -> None:
    """Call the wakers once after this transaction, however many messages it writes for the channel.

    What fails there is logged: the messages are committed and wait for the sweep.
    """
    call = _call(str(channel))
    if not any(known is call for _savepoints, known, *_robust in transaction.get_connection().run_on_commit):
        transaction.on_commit(call, robust=True)


@cache
def _call(channel: str) -> Callable[[], None]:
    return partial(_call_wakers, channel)


def _call_wakers(channel: str) -> None:
    for waker in _wakers:
        waker(channel)
