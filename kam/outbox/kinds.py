"""The kinds of message of all areas, contributed from their own `messages.py`."""

from dataclasses import dataclass

from django.utils.functional import Promise

from kam.outbox.choices import Channel, Once

CODE_LENGTH = 40


@dataclass(frozen=True)
class MessageKind:
    """One kind of message, made by `declare`.

    `channels` are the ways it may take. A `required` kind takes all of them; of another one a member chooses.
    `once` says what becomes of a message of which nobody knows whether it left.
    """

    code: str
    title: str | Promise
    channels: tuple[Channel, ...]
    once: Once
    required: bool

    @property
    def outward(self) -> tuple[Channel, ...]:
        """The channels that leave the product."""
        return tuple(channel for channel in self.channels if channel != Channel.IN_APP)


_kinds: dict[str, MessageKind] = {}


def declare(
    code: str,
    title: str | Promise,
    *,
    channels: tuple[Channel, ...] = (Channel.IN_APP, Channel.EMAIL),
    once: Once = Once.AT_LEAST,
    required: bool = False,
) -> MessageKind:
    """Make a kind of message known; `code` is "area.what". Called where a `messages.py` is read.

    ValueError for a code that is taken or too long, and for a kind without a channel.
    """
    if code in _kinds:
        raise ValueError(f"Two kinds of message are called {code}.")
    if not code or len(code) > CODE_LENGTH or not channels:
        raise ValueError(f"A kind of message has a code of at most {CODE_LENGTH} characters and a channel: {code}.")
    kind = MessageKind(code, title, channels, once, required)
    _kinds[code] = kind
    return kind


def kind_of(code: str) -> MessageKind:
    """The kind behind a code; KeyError for one that no area declares."""
    return _kinds[code]


def all_kinds() -> list[MessageKind]:
    """All kinds, in order of code."""
    return [_kinds[code] for code in sorted(_kinds)]


def kind_title(code: str) -> str:
    """What a kind is called; its code when the area that knew it is gone."""
    return str(_kinds[code].title) if code in _kinds else code


def must_be_declared(kind: MessageKind) -> None:
    """ValueError for a kind that did not come from `declare`: it would be sent and never be found again."""
    if _kinds.get(kind.code) is not kind:
        raise ValueError(f"Nobody declares messages of the kind {kind.code}.")
