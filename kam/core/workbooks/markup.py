"""XML out of a package, read as a stream: no document types, no endless tags, nothing kept but what a handler keeps."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol
from xml.parsers import expat
from zipfile import BadZipFile

from django.utils.translation import gettext_lazy as _

from kam.core.workbooks.package import UnreadableFile

CHUNK = 1 << 16
LONGEST_TAG = 1 << 22
"""Bytes of one tag, or of text between two."""
LONGEST_TEXT = 40_000
"""Characters kept of one cell; Excel allows 32,767."""
DAMAGE = (
    expat.ExpatError,
    BadZipFile,
    zlib.error,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What reading a damaged or forged package may end in."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_KEPT_CONTROLS = "\t\n"


class Handler(Protocol):
    """Takes what stands in a part; names come without their prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""

    def end(self, name: str) -> None:
        """A tag closes."""

    def text(self, data: str) -> None:
        """Text, whole or in pieces."""


def read_markup(stream: IO[bytes], handler: Handler) -> Iterator[None]:
    """Hand the stream to the handler chunk by chunk, giving way after each. Raises one of `DAMAGE`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: handler.start(name[name.find(":") + 1 :], attributes)
    parser.EndElementHandler = lambda name: handler.end(name[name.find(":") + 1 :])
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    since_tag = 0
    while chunk := stream.read(CHUNK):
        tag_ends = chunk.rfind(b">")
        since_tag = since_tag + len(chunk) if tag_ends < 0 else len(chunk) - tag_ends
        if since_tag > LONGEST_TAG:
            raise ValueError("a tag without an end")
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


@contextmanager
def damage_told() -> Iterator[None]:
    """Turn whatever a damaged package ends in into `UnreadableFile`, a sentence for the clerk."""
    try:
        yield
    except DAMAGE as error:
        raise UnreadableFile(_("The file is damaged and cannot be opened.")) from error


class Caught:
    """Text between tags, gathered up to what a cell may hold."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0

    def add(self, data: str) -> None:
        """One more piece; what goes beyond the longest cell is dropped."""
        if self.length < LONGEST_TEXT:
            self.pieces.append(data)
            self.length += len(data)

    def whole(self) -> str:
        """The text, with Excel's `_x000D_` read and control characters taken out."""
        text = "".join(self.pieces)[:LONGEST_TEXT]
        return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    char = chr(int(match.group(1), 16))
    return char if char.isprintable() or char in _KEPT_CONTROLS else ""


def _refuse_document_type(*_declared: object) -> None:
    """Attacks by XML stand on entities, which only a document type declares."""
    raise ValueError("a document type")
