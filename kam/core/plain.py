"""Text as people type and paste it, brought to one form before a rule reads it."""

import unicodedata

KEY_DIGITS = 18
"""Digits of a row's key that every database takes."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_STAND_INS = str.maketrans({"。": ".", "〇": "零", "○": "零"})


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
