"""Text as people type and paste it, brought to one form before a rule reads it."""

import re
import unicodedata

KEY_DIGITS = 18
"""Digits of a row's key that every database takes."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_STAND_INS = str.maketrans({"。": ".", "〇": "零", "○": "零"})


def clean_text(text: str) -> str:
    """Typed text without control characters and outer blanks, composed, lines ended alike: fit for every database."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", composed).strip()


def plain(text: str) -> str:
    """Half-width, one kind of dash, dot and zero, without invisible characters and outer blanks."""
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES).translate(_STAND_INS)
    return "".join(_ascii_digit(char) for char in normal if unicodedata.category(char) != "Cf").strip()


def squeezed(text: str) -> str:
    """`plain`, and no blanks inside either."""
    return "".join(plain(text).split())


def read_key(text: str) -> int | None:
    """A row's key out of an address or a post; None for what cannot be one, so that no database sees it."""
    return int(text) if text.isdecimal() and len(text) <= KEY_DIGITS else None


def _ascii_digit(char: str) -> str:
    """The digit 0-9 for a decimal digit of any script, every other character as it is."""
    return str(unicodedata.decimal(char, char))
